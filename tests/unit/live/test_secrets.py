"""What is derived from the secret: nobody else can make it, a restart can."""

import pytest

from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.live import secrets
from quizserver.live.secrets import Seat, Signer

SECRET = b"a secret of thirty-two bytes ..."
SEAT = Seat(show=ShowCode("CCHC1"), epoch="e1", participant=ParticipantId("an"))
OTHERS = [
    Seat(show=ShowCode("CCHC2"), epoch="e1", participant=ParticipantId("an")),
    Seat(show=ShowCode("CCHC1"), epoch="e2", participant=ParticipantId("an")),
    Seat(show=ShowCode("CCHC1"), epoch="e1", participant=ParticipantId("binh")),
]
Q1, Q2 = QuestionId("q1"), QuestionId("q2")


@pytest.fixture
def signer() -> Signer:
    """A server's signer; another one of the same secret is as good."""
    return Signer(SECRET)


def test_every_version_of_the_server_signs_alike() -> None:
    """An upgrade between two evenings makes nobody sign in again."""
    signer, seat = Signer(b"k" * 32), SEAT._replace(show=ShowCode("CC"))
    assert signer.seat("p.CC.e1.an.aabbccdd.7b19bb3c84c2948de891a4a3dd2db9e9") == seat
    assert signer.nonce(seat, Q1) == "3dad1cbf8f2e88f1"
    assert signer.receipt(seat, Q1, OptionId("B")) == "FLDJLNQR"
    assert signer.origin(seat.show, "e1", b"abc") == "5f1eb1855492"
    assert (
        signer.order_seed(seat.show, "e1", Q1).hex()
        == "ddfb4ac7c48b337f3a1dc209e208a3d7"
    )
    assert (
        signer.recovery_hash(seat.show, "e1", "ABCD-EFGH")
        == "779a9bdcfaa53139a554b9a75cf5acbb"
    )


# --- tokens ---------------------------------------------------------------------


def test_a_token_says_whose_it_is_also_after_a_restart(signer: Signer) -> None:
    """R2.2."""
    assert Signer(SECRET).seat(signer.token(SEAT)) == SEAT


def test_a_new_token_leaves_the_earlier_ones_good(signer: Signer) -> None:
    """Another browser with the code must not sign the first one out."""
    first, second = signer.token(SEAT), signer.token(SEAT)
    assert first != second
    assert signer.seat(first) == signer.seat(second) == SEAT


@pytest.mark.parametrize("part", range(6))
def test_a_token_with_one_part_changed_is_nobodys(signer: Signer, part: int) -> None:
    parts = signer.token(SEAT).split(".")
    parts[part] = "z" * len(parts[part])
    assert signer.seat(".".join(parts)) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "p",
        "p.CCHC1.e1.an.00",
        "p.CCHC1.e1.an.00.00.00",
        "p.CCHC1.e1.an.00." + "x" * 200,
        "p.CCHC1.e1.an.00.ư",
    ],
)
def test_what_is_no_token_is_nobodys(signer: Signer, token: str) -> None:
    assert signer.seat(token) is None


def test_a_token_of_another_secret_is_nobodys(signer: Signer) -> None:
    assert signer.seat(Signer(b"another secret").token(SEAT)) is None


# --- nonces and receipts --------------------------------------------------------


def test_a_nonce_is_this_participants_for_this_question_of_this_run(
    signer: Signer,
) -> None:
    """R3.2."""
    nonce = signer.nonce(SEAT, Q1)
    assert len(nonce) == 16
    assert int(nonce, 16) >= 0
    assert Signer(SECRET).nonce(SEAT, Q1) == nonce
    others = {signer.nonce(seat, Q1) for seat in OTHERS} | {signer.nonce(SEAT, Q2)}
    assert len(others | {nonce}) == 5


def test_a_receipt_code_is_short_and_depends_on_who_answered_what(
    signer: Signer,
) -> None:
    """R3.4."""
    code = signer.receipt(SEAT, Q1, OptionId("A"))
    assert len(code) == 8
    assert code == Signer(SECRET).receipt(SEAT, Q1, OptionId("A"))
    others = {signer.receipt(seat, Q1, OptionId("A")) for seat in OTHERS}
    others |= {
        signer.receipt(SEAT, Q2, OptionId("A")),
        signer.receipt(SEAT, Q1, OptionId("B")),
    }
    assert len(others | {code}) == 6


def test_what_one_purpose_signs_is_no_good_for_another(signer: Signer) -> None:
    body = "CCHC1.e1.q1.an"
    assert signer.nonce(SEAT, Q1) != signer.recovery_hash(SEAT.show, "e1", body)[:16]


# --- recovery codes -------------------------------------------------------------


def test_a_recovery_code_is_found_however_it_is_typed(signer: Signer) -> None:
    expected = signer.recovery_hash(SEAT.show, "e1", "ABCD-2345")
    for typed in ("abcd-2345", " ABCD 2345 ", "ABCD2345", "A.B.C.D.2.3.4.5"):
        assert signer.recovery_hash(SEAT.show, "e1", typed) == expected


def test_what_has_other_letters_or_more_is_no_recovery_code() -> None:
    assert secrets.is_recovery_code(secrets.new_recovery_code())
    assert secrets.is_recovery_code(" abcde 23456 ")
    assert secrets.is_recovery_code("ABCD-2345"), "as they were before"
    for text in ("", "ABCD-234", "ABCDE-2345", "0000-1111", "💥"):
        assert not secrets.is_recovery_code(text)


def test_a_recovery_code_belongs_to_one_run_of_one_show(signer: Signer) -> None:
    hashes = {
        signer.recovery_hash(seat.show, seat.epoch, "ABCD-2345")
        for seat in (SEAT, *OTHERS)
    }
    assert len(hashes) == 3


def test_recovery_codes_have_no_letters_that_look_alike() -> None:
    codes = {secrets.new_recovery_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 11 and code[5] == "-" for code in codes)
    assert not set("".join(codes)) & set("IO01")


# --- fresh names ----------------------------------------------------------------


def test_participants_get_pseudonyms_that_say_nothing() -> None:
    ids = {secrets.new_participant_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(one) == 16 and one.isalnum() and one.islower() for one in ids)


def test_salts_are_long_and_differ() -> None:
    """R6.2: 256 bits that nobody can try."""
    salts = {secrets.new_salt() for _ in range(200)}
    assert len(salts) == 200
    assert {len(bytes.fromhex(salt)) for salt in salts} == {32}


def test_epochs_differ() -> None:
    epochs = {secrets.new_epoch() for _ in range(200)}
    assert len(epochs) == 200
    assert all("." not in epoch for epoch in epochs), "the token is split at dots"


def test_the_order_of_sending_is_another_secret_for_each_question(
    signer: Signer,
) -> None:
    """R4.10: nobody can work out where in the order a network will stand."""
    seeds = {
        signer.order_seed(ShowCode("CCHC1"), "e1", Q1),
        signer.order_seed(ShowCode("CCHC1"), "e1", Q2),
        signer.order_seed(ShowCode("CCHC1"), "e2", Q1),
        signer.order_seed(ShowCode("CCHC2"), "e1", Q1),
    }
    assert len(seeds) == 4
    assert {len(seed) for seed in seeds} == {16}
    assert Signer(SECRET).order_seed(ShowCode("CCHC1"), "e1", Q1) in seeds


def test_an_origin_tells_who_shares_a_network_and_not_which(signer: Signer) -> None:
    """R2.4: keyed and of one run, so that it means nothing outside it."""
    code, network = ShowCode("CCHC1"), bytes((203, 0, 113))
    here = signer.origin(code, "e1", network)
    assert here == Signer(SECRET).origin(code, "e1", network)
    others = {
        signer.origin(code, "e1", bytes((203, 0, 114))),
        signer.origin(code, "e2", network),
        signer.origin(ShowCode("CCHC2"), "e1", network),
        Signer(b"another secret of 32 bytes .....").origin(code, "e1", network),
    }
    assert len(others | {here}) == 5
    assert {len(one or "") for one in others} == {12}
    assert signer.origin(code, "e1", b"") is None
