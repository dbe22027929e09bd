"""Personal data at rest: unreadable without the secret."""

from hypothesis import given
from hypothesis import strategies as st

from quizserver.store.vault import Vault
from tests.unit.store.conftest import SECRET, Open
from tests.unit.store.recount import everything
from tests.unit.store.rows import EPOCH, SHOW, registration


@given(st.text(max_size=40, alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_opens(plain: str) -> None:
    vault = Vault(SECRET)
    assert vault.open(vault.seal(plain)) == plain


def test_same_number_is_sealed_differently_each_time() -> None:
    vault = Vault(SECRET)
    assert vault.seal("0905123456") != vault.seal("0905123456")


def test_another_secret_opens_nothing() -> None:
    sealed = Vault(SECRET).seal("0905123456")
    assert Vault(b"another secret of thirty-two ...").open(sealed) == ""


async def test_phone_number_is_nowhere_in_the_files(
    opened: Open, database: str
) -> None:
    ledger = opened()
    await ledger.register(registration("p1", phone="0905123456"))
    (one,) = await ledger.registrations(SHOW, EPOCH)
    assert one.phone == "0905123456"
    during = everything(database)
    ledger.close()
    after = everything(database)
    assert "Phương Thảo".encode() in after
    assert b"0905123456" not in during + after
