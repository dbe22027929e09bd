"""What is refused early carries the same headers as every page."""

from quizserver.live.response_headers import COMMON, REFUSAL, refusal_lines


def lines(*, secure: bool) -> list[str]:
    return refusal_lines(secure=secure).decode().split("\r\n")


def test_lines_are_complete_and_end_with_a_line_end() -> None:
    said = lines(secure=False)
    assert said[-1] == ""
    assert "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'" in said
    assert "Cache-Control: no-store" in said
    assert {line.partition(": ")[0] for line in said[:-1]} == set(REFUSAL)
    assert COMMON.items() <= REFUSAL.items()


def test_strict_transport_is_asked_for_over_tls_only() -> None:
    assert "Strict-Transport-Security: max-age=31536000" in lines(secure=True)
    assert not any("Strict-Transport" in line for line in lines(secure=False))
