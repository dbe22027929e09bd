"""Accounts, sessions, tokens and the first owner; only hashes are kept."""

from collections.abc import Iterator

import pytest

from quizserver.domain.ids import ShowCode
from quizserver.live.access import Account, Actor, Role
from quizserver.store import account_queries
from quizserver.store.accounts import IDLE_MS, LONGEST_MS, StoredAccounts
from quizserver.store.passwords import AccountRefused
from quizserver.store.sql_ledger import SqlLedger
from tests.manual_clock import ManualClock
from tests.unit.store.conftest import Open
from tests.unit.store.recount import everything

PASSWORD = "đúng mật khẩu dài"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def accounts(ledger: SqlLedger, clock: ManualClock) -> Iterator[StoredAccounts]:
    accounts = StoredAccounts(ledger, clock.utc_ms)
    yield accounts
    accounts.close()


@pytest.fixture
async def hoa(accounts: StoredAccounts) -> str:
    """An account and its session."""
    await accounts.add_account("Hoa", PASSWORD, Role.HOST)
    session = await accounts.sign_in("Hoa", PASSWORD)
    assert session is not None
    return session


class TestAccount:
    async def test_accounts_are_listed_by_name(
        self, accounts: StoredAccounts, clock: ManualClock
    ) -> None:
        await accounts.add_account("Tú", PASSWORD, Role.AUDITOR)
        await accounts.add_account("An", PASSWORD, Role.HOST)
        assert await accounts.accounts() == [
            Account(name="An", role=Role.HOST, created_ms=clock.utc),
            Account(name="Tú", role=Role.AUDITOR, created_ms=clock.utc),
        ]

    @pytest.mark.parametrize(
        ("name", "password", "code"),
        [
            ("Hoa", PASSWORD, "name_taken"),
            ("  ", PASSWORD, "name_empty"),
            ("Tú", "ngắn", "password_short"),
            ("Tú", "x" * 201, "password_long"),
        ],
    )
    async def test_refusal_has_a_code_and_a_sentence(
        self, accounts: StoredAccounts, hoa: str, name: str, password: str, code: str
    ) -> None:
        with pytest.raises(AccountRefused) as refused:
            await accounts.add_account(name, password, Role.HOST)
        assert refused.value.code == code
        assert str(refused.value)
        assert len(await accounts.accounts()) == 1

    async def test_password_is_kept_as_argon2id_of_owasp_strength(
        self, accounts: StoredAccounts, hoa: str, database: str
    ) -> None:
        written = everything(database)
        assert b"$argon2id$v=19$m=19456,t=2,p=1$" in written
        assert PASSWORD.encode() not in written

    async def test_another_password_ends_the_sessions_of_the_old_one(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        """Who stole the password or a session is out (P16)."""
        ended: list[str] = []
        accounts.on_end(hoa, lambda: ended.append("hoa"))
        await accounts.set_password(" Hoa", "một mật khẩu khác")
        assert await accounts.session(hoa) is None
        assert ended == ["hoa"]
        assert await accounts.sign_in("Hoa", PASSWORD) is None
        assert await accounts.sign_in("Hoa", "một mật khẩu khác") is not None

    async def test_removed_account_is_out_at_once(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        await accounts.add_account("Tú", PASSWORD, Role.OWNER)
        ended: list[str] = []
        accounts.on_end(hoa, lambda: ended.append("hoa"))
        await accounts.remove_account("Hoa")
        assert await accounts.session(hoa) is None
        assert await accounts.sign_in("Hoa", PASSWORD) is None
        assert ended == ["hoa"]
        assert [account.name for account in await accounts.accounts()] == ["Tú"]

    async def test_last_owner_cannot_be_removed(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        """Nobody could make accounts any more, and a setup code could."""
        await accounts.add_account("Tú", PASSWORD, Role.OWNER)
        session = await accounts.sign_in("Tú", PASSWORD)
        assert session is not None
        with pytest.raises(AccountRefused, match="Tú is the last owner"):
            await accounts.remove_account("Tú")
        assert await accounts.session(session) is not None
        await accounts.add_account("An", PASSWORD, Role.OWNER)
        await accounts.remove_account("Tú")
        assert await accounts.session(session) is None

    async def test_account_that_is_not_there_is_said_in_a_sentence(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        with pytest.raises(AccountRefused, match="there is no account Tú"):
            await accounts.remove_account("Tú")
        with pytest.raises(AccountRefused, match="there is no account Tú"):
            await accounts.set_password("Tú", PASSWORD)
        with pytest.raises(AccountRefused, match="use 10 or more"):
            await accounts.set_password("Hoa", "ngắn")
        assert await accounts.session(hoa) is not None


class TestSignIn:
    async def test_right_password_begins_a_session(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        assert await accounts.session(hoa) == Actor(name="Hoa", role=Role.HOST)

    async def test_wrong_password_and_unknown_name_are_answered_alike(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        assert await accounts.sign_in("Hoa", "sai mật khẩu rồi") is None
        assert await accounts.sign_in("Nobody", PASSWORD) is None

    async def test_unknown_name_costs_a_password_check_too(
        self, accounts: StoredAccounts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nobody learns from the time of the reply which names exist."""
        checked: list[str] = []

        def verified(stored: str, _password: str) -> bool:
            checked.append(stored)
            return True

        monkeypatch.setattr("quizserver.store.passwords._verified", verified)
        assert await accounts.sign_in("Nobody", PASSWORD) is None
        assert len(checked) == 1
        assert checked[0].startswith("$argon2id$")

    async def test_name_typed_with_loose_marks_is_the_same_name(
        self, accounts: StoredAccounts
    ) -> None:
        """Phones compose "ú" in two ways; people see one."""
        await accounts.add_account("T\u00fa", PASSWORD, Role.HOST)
        assert await accounts.sign_in(" Tu\u0301 ", PASSWORD) is not None

    async def test_each_sign_in_has_a_token_of_its_own(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        other = await accounts.sign_in("Hoa", PASSWORD)
        assert other != hoa
        assert len(hoa) == 43


class TestSession:
    async def test_sign_out_ends_this_session_only(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        other = await accounts.sign_in("Hoa", PASSWORD)
        await accounts.sign_out(hoa)
        await accounts.sign_out(hoa)
        assert await accounts.session(hoa) is None
        assert other is not None
        assert await accounts.session(other) is not None

    async def test_sign_out_is_told_to_who_waits_for_it(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        """A socket must not outlive the session that opened it (P16)."""
        told: list[str] = []
        stop = accounts.on_end(hoa, lambda: told.append("stopped"))
        accounts.on_end(hoa, lambda: told.append("first"))
        accounts.on_end(hoa, lambda: told.append("second"))
        stop()
        stop()
        await accounts.sign_out("another")
        assert told == []
        await accounts.sign_out(hoa)
        await accounts.sign_out(hoa)
        assert told == ["first", "second"]

    async def test_session_ends_when_idle(
        self, accounts: StoredAccounts, hoa: str, clock: ManualClock
    ) -> None:
        clock.forward(IDLE_MS - 1)
        assert await accounts.session(hoa) is not None
        clock.forward(IDLE_MS)
        assert await accounts.session(hoa) is None

    async def test_session_that_is_used_ends_after_its_longest(
        self, accounts: StoredAccounts, hoa: str, clock: ManualClock
    ) -> None:
        lasted = 0
        while await accounts.session(hoa) is not None:
            clock.forward(IDLE_MS // 2)
            lasted += IDLE_MS // 2
        assert lasted == LONGEST_MS

    async def test_old_sessions_are_deleted_at_the_next_sign_in(
        self, accounts: StoredAccounts, hoa: str, clock: ManualClock, opened: Open
    ) -> None:
        clock.forward(LONGEST_MS)
        await accounts.sign_in("Hoa", PASSWORD)
        clock.utc -= LONGEST_MS
        assert await accounts.session(hoa) is None

    @pytest.mark.parametrize("token", ["", "x", "\ud800", "' or 1=1 --"])
    async def test_invented_token_is_nobody(
        self, accounts: StoredAccounts, hoa: str, token: str
    ) -> None:
        assert await accounts.session(token) is None
        assert await accounts.bearer(token) is None


class TestBearer:
    async def test_token_has_the_role_and_show_it_was_made_for(
        self, accounts: StoredAccounts
    ) -> None:
        show = ShowCode("CCHC1")
        token = await accounts.add_token(Role.OVERLAY, show, "OBS trường quay")
        assert token.startswith("qs_overlay_")
        assert await accounts.bearer(token) == Actor(
            name="OBS trường quay", role=Role.OVERLAY, show=show, is_script=True
        )

    async def test_token_for_every_show(self, accounts: StoredAccounts) -> None:
        token = await accounts.add_token(Role.HOST, None, "script")
        script = Actor(name="script", role=Role.HOST, is_script=True)
        assert await accounts.bearer(token) == script

    async def test_token_ends_when_its_time_is_over(
        self, accounts: StoredAccounts, clock: ManualClock
    ) -> None:
        token = await accounts.add_token(Role.HOST, None, "tối nay", lasts_ms=60_000)
        clock.forward(59_999)
        assert await accounts.bearer(token) is not None
        clock.forward(1)
        assert await accounts.bearer(token) is None

    async def test_revoked_token_is_nobody_and_the_others_stay(
        self, accounts: StoredAccounts, clock: ManualClock
    ) -> None:
        show = ShowCode("CCHC1")
        lost = await accounts.add_token(Role.OVERLAY, show, "OBS", lasts_ms=1_000)
        clock.forward(1)
        kept = await accounts.add_token(Role.HOST, None, "script")
        told: list[str] = []
        accounts.on_end(lost, lambda: told.append("lost"))
        accounts.on_end(kept, lambda: told.append("kept"))
        first, second = await accounts.tokens()
        assert (first.role, first.show, first.label) == (Role.OVERLAY, "CCHC1", "OBS")
        assert (first.expires_ms - first.created_ms, second.expires_ms) == (1_000, 0)
        assert first.id not in lost
        assert await accounts.revoke(first.id)
        assert not await accounts.revoke(first.id)
        assert await accounts.bearer(lost) is None
        assert await accounts.bearer(kept) is not None
        assert told == ["lost"]

    async def test_all_tokens_of_a_role_and_show_end_as_the_new_one_comes(
        self, accounts: StoredAccounts
    ) -> None:
        show, other = ShowCode("CCHC1"), ShowCode("CCHC2")
        old = [await accounts.add_token(Role.OVERLAY, show, "OBS") for _ in range(2)]
        kept = [
            await accounts.add_token(Role.OVERLAY, other, "OBS"),
            await accounts.add_token(Role.HOST, show, "script"),
        ]
        told: list[str] = []
        accounts.on_end(old[1], lambda: told.append("old"))
        accounts.on_end(kept[0], lambda: told.append("kept"))
        new = await accounts.renew_token(Role.OVERLAY, show, "panel")
        assert [await accounts.bearer(one) for one in old] == [None, None]
        assert None not in [await accounts.bearer(one) for one in (new, *kept)]
        assert told == ["old"]

    async def test_a_token_that_cannot_be_written_leaves_the_old_ones_as_they_were(
        self, accounts: StoredAccounts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        show = ShowCode("CCHC1")
        old = await accounts.add_token(Role.OVERLAY, show, "OBS")
        told: list[str] = []
        accounts.on_end(old, lambda: told.append("old"))
        monkeypatch.setattr(
            account_queries, "ADD_TOKEN", "insert into nowhere values (1)"
        )
        with pytest.raises(Exception, match="nowhere"):
            await accounts.renew_token(Role.OVERLAY, show, "panel")
        assert await accounts.bearer(old) is not None
        assert told == []

    async def test_tokens_are_nowhere_in_the_files(
        self, accounts: StoredAccounts, hoa: str, database: str
    ) -> None:
        token = await accounts.add_token(Role.HOST, None, "script")
        code = await accounts.setup_code()
        assert code is None
        written = everything(database)
        assert token.encode() not in written
        assert hoa.encode() not in written


class TestFirstOwner:
    async def test_code_makes_the_first_owner_once(
        self, accounts: StoredAccounts
    ) -> None:
        code = await accounts.setup_code()
        assert code is not None
        session = await accounts.use_setup_code(code, "Hoa", PASSWORD)
        assert session is not None
        assert await accounts.session(session) == Actor(name="Hoa", role=Role.OWNER)
        assert await accounts.use_setup_code(code, "Tú", PASSWORD) is None
        assert [a.name for a in await accounts.accounts()] == ["Hoa"]

    async def test_no_code_once_there_is_an_account(
        self, accounts: StoredAccounts, hoa: str
    ) -> None:
        assert await accounts.setup_code() is None

    async def test_newer_code_replaces_the_older(
        self, accounts: StoredAccounts
    ) -> None:
        old, new = await accounts.setup_code(), await accounts.setup_code()
        assert old is not None
        assert new is not None
        assert await accounts.use_setup_code(old, "Hoa", PASSWORD) is None
        assert await accounts.use_setup_code(new, "Hoa", PASSWORD) is not None

    async def test_code_outlives_a_refused_password(
        self, accounts: StoredAccounts
    ) -> None:
        code = await accounts.setup_code()
        assert code is not None
        with pytest.raises(AccountRefused):
            await accounts.use_setup_code(code, "Hoa", "ngắn")
        assert await accounts.use_setup_code(code, "Hoa", PASSWORD) is not None

    async def test_wrong_code_costs_no_password_check(
        self, accounts: StoredAccounts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def never(_password: str) -> str:
            raise AssertionError

        monkeypatch.setattr("quizserver.store.passwords._hashed", never)
        assert await accounts.use_setup_code("guess", "Hoa", PASSWORD) is None

    async def test_code_made_before_an_account_by_hand_is_dead(
        self, accounts: StoredAccounts
    ) -> None:
        """Somebody made an account on the command line meanwhile."""
        code = await accounts.setup_code()
        await accounts.add_account("Hoa", PASSWORD, Role.OWNER)
        assert code is not None
        assert await accounts.use_setup_code(code, "Thief", PASSWORD) is None
