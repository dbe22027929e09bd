"""Where people and programs are told to find a server that listens on a socket."""

import pytest

from quizserver.addresses import address_of, from_here, listen


@pytest.mark.parametrize(("speaks_tls", "scheme"), [(False, "http"), (True, "https")])
def test_addresses_say_whether_the_server_speaks_tls(
    scheme: str, *, speaks_tls: bool
) -> None:
    """What is on the QR code must open in a browser."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        for told in (address_of, from_here):
            assert (
                told(listener, speaks_tls=speaks_tls) == f"{scheme}://127.0.0.1:{port}"
            )


def test_programs_of_this_machine_find_a_server_that_listens_everywhere() -> None:
    with listen("0.0.0.0", 0) as listener:  # noqa: S104 - what is tested
        port = listener.getsockname()[1]
        assert from_here(listener, speaks_tls=False) == f"http://127.0.0.1:{port}"
        assert "0.0.0.0" not in address_of(listener, speaks_tls=False)  # noqa: S104
