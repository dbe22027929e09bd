"""The editor's changes: versions, four eyes, drafts, and nothing half-applied."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from quizserver.bank import editing, shelf
from quizserver.bank.editing import Changed, OwnWork
from quizserver.bank.fields import read_text
from quizserver.bank.flaws import PackRefused
from quizserver.bank.load import load
from quizserver.bank.validate import UNFINISHED, Demands
from quizserver.domain.ids import QuestionId
from quizserver.domain.rundown import Pack, Question

HOUSE = Path(__file__).resolve().parents[3] / "questions"
HOME = HOUSE / "cchc-2023-so-1"
PACK = load(HOME)
FIRST = PACK.questions[0]
VERSION = editing.question_version(FIRST)


def wish(question: Question = FIRST, **fields: object) -> Question:
    asked: Mapping[str, object] = editing.fields_of(question) | fields
    return editing.written(asked, 1, HOME)


def put(pack: Pack, wished: Question, editor: str = "thao") -> Pack:
    return editing.put(pack, FIRST.id, VERSION, wished, editor)


def codes(refused: PackRefused) -> list[str]:
    return [flaw.code for flaw in refused.flaws]


class TestWriting:
    def test_question_comes_back_as_its_fields(self) -> None:
        assert replace(wish(), id=FIRST.id) == replace(FIRST, author="", reviewer="")

    def test_draft_may_lack_everything(self) -> None:
        bare = editing.written({"text": "Mới viết"}, 1, HOME)

        assert (bare.text, bare.options, bare.key, bare.source) == (
            "Mới viết",
            (),
            "",
            "",
        )

    def test_what_is_there_must_be_right_and_all_flaws_come_at_once(self) -> None:
        asked = {"text": "x" * 201, "options": ["a", "A"], "key": "C", "as_of": "mai"}

        with pytest.raises(PackRefused) as caught:
            editing.written(asked, 7, HOME)

        assert codes(caught.value) == [
            "equal_options",
            "too_long",
            "bad_key",
            "bad_date",
        ]
        assert {flaw.number for flaw in caught.value.flaws} == {7}

    def test_empty_options_at_the_end_are_dropped_and_letters_stay(self) -> None:
        kept = editing.written({"options": ["", "b", " ", ""]}, 1, HOME)

        assert [option.text for option in kept.options] == ["", "b"]

    def test_options_that_are_no_texts_are_refused(self) -> None:
        with pytest.raises(PackRefused) as caught:
            editing.written({"options": ["a", 2]}, 1, HOME)

        assert codes(caught.value) == ["option_not_text"]

    def test_id_author_and_reviewer_are_not_the_writers_to_choose(self) -> None:
        said = wish(id="x9", author="ai đó", reviewer="ai đó")

        assert (said.id, said.author, said.reviewer) == ("new", "", "")


class TestPutting:
    def test_change_makes_an_author_and_takes_the_review_away(self) -> None:
        changed = put(PACK, wish(text="Câu đã sửa là gì?"))

        one = changed.questions[0]
        assert one.text == "Câu đã sửa là gì?"
        assert (one.id, one.author, one.reviewer) == (
            FIRST.id,
            "Tổ biên soạn; thao",
            "",
        )
        assert changed.questions[1:] == PACK.questions[1:]

    def test_time_and_reserve_leave_author_and_review_alone(self) -> None:
        one = put(PACK, wish(duration_ms=20_000)).questions[0]

        assert (one.author, one.reviewer) == (FIRST.author, FIRST.reviewer)

    def test_author_is_named_once(self) -> None:
        once = put(PACK, wish(text="Một?")).questions[0]
        again = editing.put(
            put(PACK, wish(text="Một?")),
            FIRST.id,
            editing.question_version(once),
            wish(text="Hai?"),
            "THAO",
        )

        assert again.questions[0].author == "Tổ biên soạn; thao"

    def test_second_editor_is_told_and_given_what_stands_there(self) -> None:
        first = put(PACK, wish(text="Của người trước?"))

        with pytest.raises(Changed) as caught:
            put(first, wish(text="Của người sau?"), "binh")

        assert caught.value.question == first.questions[0]

    def test_two_editors_of_two_questions_do_not_meet(self) -> None:
        other = PACK.questions[1]
        first = put(PACK, wish(text="Câu một?"))

        both = editing.put(
            first,
            other.id,
            editing.question_version(other),
            wish(other, text="Câu hai?"),
            "binh",
        )

        assert [q.text for q in both.questions[:2]] == ["Câu một?", "Câu hai?"]

    def test_save_that_was_sent_twice_is_no_conflict(self) -> None:
        once = put(PACK, wish(text="Câu đã sửa là gì?"))

        assert put(once, wish(text="Câu đã sửa là gì?")) == once

    def test_question_that_is_gone_is_told(self) -> None:
        left = editing.remove(PACK, FIRST.id, VERSION)

        with pytest.raises(Changed) as caught:
            put(left, wish(text="Mới?"))
        assert caught.value.question is None

    def test_new_question_stands_before_the_reserves_with_a_free_id(self) -> None:
        more = editing.put(PACK, "", "", wish(text="Mới?"), "thao")

        place = next(n for n, q in enumerate(more.questions) if q.text == "Mới?")
        new = more.questions[place]
        assert (new.id, new.author, new.reviewer) == ("c13", "thao", "")
        assert not any(q.reserve for q in more.questions[: place + 1])
        assert all(q.reserve for q in more.questions[place + 1 :])

    def test_new_id_is_nobodys(self) -> None:
        taken = tuple(
            replace(q, id=QuestionId(f"C{n + 13}"))
            for n, q in enumerate(PACK.questions)
        )

        more = editing.put(
            replace(PACK, questions=taken), "", "", wish(reserve=True), "thao"
        )

        assert more.questions[-1].id == "c25"

    def test_first_question_of_an_empty_pack(self) -> None:
        empty = replace(PACK, questions=())

        assert editing.put(empty, "", "", wish(), "thao").questions[0].id == "c01"


class TestRemoving:
    def test_question_goes(self) -> None:
        assert editing.remove(PACK, FIRST.id, VERSION).questions == PACK.questions[1:]

    def test_changed_one_stays(self) -> None:
        changed = put(PACK, wish(text="Đã sửa?"))

        with pytest.raises(Changed):
            editing.remove(changed, FIRST.id, VERSION)

    def test_one_that_is_gone_is_gone(self) -> None:
        assert editing.remove(PACK, "none", VERSION) == PACK


class TestArranging:
    def test_order_and_title_change_together(self) -> None:
        order = [q.id for q in reversed(PACK.questions)]

        moved = editing.arrange(PACK, editing.frame_version(PACK), "Mới", order)

        assert [q.id for q in moved.questions] == order
        assert moved.title == "Mới"

    @pytest.mark.parametrize("order", [[], ["a04"], [q.id for q in PACK.questions] * 2])
    def test_no_question_is_lost_or_doubled(self, order: list[str]) -> None:
        with pytest.raises(Changed):
            editing.arrange(PACK, editing.frame_version(PACK), "Mới", order)

    def test_order_somebody_else_changed_is_told(self) -> None:
        order = [q.id for q in PACK.questions]
        moved = replace(PACK, questions=PACK.questions[::-1])

        with pytest.raises(Changed):
            editing.arrange(moved, editing.frame_version(PACK), PACK.title, order)

    def test_title_must_be_one(self) -> None:
        with pytest.raises(PackRefused) as caught:
            editing.title_of("  ", read_text)
        assert codes(caught.value) == ["missing_pack_title"]
        assert editing.title_of(" Số  1 ", read_text) == "Số 1"


class TestReviewing:
    """Four eyes (Source: contest.md A17)."""

    def reviewed(self, pack: Pack, reviewer: str) -> Pack:
        version = editing.question_version(pack.questions[0])
        return editing.review(pack, FIRST.id, version, reviewer, HOME)

    @pytest.mark.parametrize("person", ["thao", "THAO", "Tổ  biên soạn"])
    def test_nobody_reviews_what_they_wrote(self, person: str) -> None:
        with pytest.raises(OwnWork):
            self.reviewed(put(PACK, wish(text="Mới?")), person)

    def test_somebody_else_does(self) -> None:
        pack = self.reviewed(put(PACK, wish(text="Mới?")), "binh")

        assert pack.questions[0].reviewer == "binh"
        assert editing.flaws_of(pack, HOME, Demands()) == ()

    def test_question_without_author_is_not_reviewed(self) -> None:
        nameless = replace(FIRST, author="", reviewer="")
        pack = replace(PACK, questions=(nameless,))

        with pytest.raises(OwnWork):
            self.reviewed(pack, "binh")

    def test_what_was_not_read_is_not_reviewed(self) -> None:
        with pytest.raises(Changed):
            editing.review(
                put(PACK, wish(text="Mới?")), FIRST.id, VERSION, "binh", HOME
            )

    def test_unfinished_question_is_not_reviewed(self) -> None:
        pack = put(PACK, wish(text="Mới?", source="", key=""))

        with pytest.raises(PackRefused) as caught:
            self.reviewed(pack, "binh")
        assert codes(caught.value) == ["missing_key", "missing_source"]

    def test_reserve_can_be_reviewed(self) -> None:
        spare = replace(PACK.questions[-1], reviewer="")
        pack = replace(PACK, questions=(*PACK.questions[:-1], spare))

        done = editing.review(
            pack, spare.id, editing.question_version(spare), "binh", HOME
        )

        assert done.questions[-1].reviewer == "binh"

    def test_review_can_be_taken_back(self) -> None:
        assert self.reviewed(PACK, "").questions[0].reviewer == ""

    def test_one_of_several_authors_in_a_file_is_no_reviewer(self) -> None:
        both = replace(FIRST, author="An; Bình", reviewer="bình")

        flaws = editing.flaws_of(replace(PACK, questions=(both,)), HOME, Demands())

        assert [flaw.code for flaw in flaws] == ["own_reviewer"]


class TestOnTheShelf:
    def test_shipped_file_stays_and_the_copy_hides_it(self, tmp_path: Path) -> None:
        folders = [tmp_path / "packs", HOUSE]
        before = (HOME / "pack.toml").read_bytes()

        home, pack = shelf.change(
            PACK.id, folders, lambda one, _: put(one, wish(text="Đã sửa?"))
        )

        assert (HOME / "pack.toml").read_bytes() == before
        assert home == folders[0] / PACK.id
        assert pack.questions[0].text == "Đã sửa?"
        assert shelf.find_pack(PACK.id, folders, UNFINISHED) == (home, pack)
        with pytest.raises(PackRefused):
            shelf.load_pack(PACK.id, folders)

    def test_unfinished_question_is_kept_and_read_back(self, tmp_path: Path) -> None:
        folders = [tmp_path / "packs", HOUSE]
        bare = editing.written({"options": ["", "b"]}, 1, HOME)

        _, pack = shelf.change(
            PACK.id, folders, lambda one, _: editing.put(one, "", "", bare, "thao")
        )

        new = next(q for q in pack.questions if q.author == "thao")
        assert [option.text for option in new.options] == ["", "b"]
        assert {flaw.code for flaw in editing.flaws_of(pack, HOME, Demands())} == {
            "missing_text",
            "option_empty_option",
            "missing_key",
            "missing_source",
            "missing_reviewer",
        }

    def test_refused_change_writes_nothing(self, tmp_path: Path) -> None:
        folders = [tmp_path / "packs", HOUSE]

        def refuse(one: Pack, _: Path) -> Pack:
            raise Changed(one.questions[0])

        with pytest.raises(Changed):
            shelf.change(PACK.id, folders, refuse)
        assert not (folders[0] / PACK.id).exists()

    def test_change_of_nothing_writes_nothing(self, tmp_path: Path) -> None:
        folders = [tmp_path / "packs", HOUSE]

        assert shelf.change(PACK.id, folders, lambda one, _: one) == (HOME, PACK)
        assert not (folders[0] / PACK.id).exists()

    def test_full_disk_keeps_the_pack(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folders = [tmp_path / "packs", HOUSE]
        shelf.place(PACK, folders[0], HOME)

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("quizserver.bank.shelf.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            shelf.change(PACK.id, folders, lambda one, _: replace(one, title="Mới"))
        assert shelf.load_pack(PACK.id, folders) == PACK

    def test_exchange_lets_the_check_refuse(self, tmp_path: Path) -> None:
        folders = [tmp_path / "packs", HOUSE]
        seen: list[Pack | None] = []

        def refuse(now: Pack | None) -> None:
            seen.append(now)
            raise Changed

        with pytest.raises(Changed):
            shelf.exchange(replace(PACK, title="Mới"), HOME, folders, refuse)
        assert seen == [PACK]
        assert shelf.load_pack(PACK.id, folders) == PACK

    def test_exchange_does_not_hide_a_broken_pack(self, tmp_path: Path) -> None:
        (tmp_path / PACK.id).mkdir()
        (tmp_path / PACK.id / "pack.toml").write_text("[pack]\nid = ")

        with pytest.raises(shelf.PackExists):
            shelf.exchange(PACK, HOME, [tmp_path, HOUSE], lambda _: None)

    def test_new_pack_is_placed(self, tmp_path: Path) -> None:
        seen: list[Pack | None] = []
        shelf.exchange(replace(PACK, id="moi"), HOME, [tmp_path, HOUSE], seen.append)

        assert seen == [None]
        assert shelf.load_pack("moi", [tmp_path]).title == PACK.title

    def test_writers_take_turns(self, tmp_path: Path) -> None:
        """No change is lost between reading and writing."""
        folders = [tmp_path / "packs", HOUSE]

        def slow(one: Pack, folder: Path) -> Pack:
            with (folders[0] / ".lock").open("ab") as lock:
                import fcntl  # noqa: PLC0415 - the test's own look

                with pytest.raises(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return one

        shelf.change(PACK.id, folders, slow)


def test_versions_follow_every_field() -> None:
    marks = {
        editing.question_version(replace(FIRST, **change))
        for change in (
            {},
            {"text": "x"},
            {"key": "B"},
            {"source": "x"},
            {"author": "x"},
            {"reviewer": "x"},
            {"image": "x.png"},
            {"duration_ms": 9_000},
            {"reserve": True},
            {"as_of": ""},
            {"explanation": ""},
            {"options": FIRST.options[:2]},
        )
    }

    assert len(marks) == 12
    assert editing.pack_version(PACK) != editing.pack_version(
        put(PACK, wish(text="Đã sửa?"))
    )


def test_difference_counts_questions() -> None:
    changed = put(editing.remove(PACK, "a34", _version("a34")), wish(text="Đã sửa?"))
    new = editing.put(changed, "", "", wish(text="Mới?"), "thao")

    assert editing.difference(PACK, new) == {
        "added": 1,
        "changed": 1,
        "same": 10,
        "removed": 1,
    }
    assert editing.difference(None, PACK)["added"] == 12


def _version(at: str) -> str:
    (found,) = [q for q in PACK.questions if q.id == at]
    return editing.question_version(found)
