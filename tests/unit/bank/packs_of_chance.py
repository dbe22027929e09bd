"""Sound packs of any content, for property tests."""

from hypothesis import strategies as st

from quizserver.bank.fields import tidy
from quizserver.bank.graphemes import grapheme_count
from quizserver.bank.names import folded
from quizserver.domain.ids import OPTION_IDS, QuestionId
from quizserver.domain.rundown import Option, Pack, Question

# What spreadsheets, CSV, TOML and our own readers give a meaning to.
_LOADED = st.sampled_from([*"=+-@'\"\\,;\t|#[]{}\n", "sep=;", "TRUE", "1/2", "ế"])
_PLAIN = st.characters(
    exclude_categories=("Cc", "Cs", "Cn"),
    exclude_characters="\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069",
)
_TEXT = (
    st.lists(st.one_of(_LOADED, st.text(_PLAIN, max_size=6)), max_size=8)
    .map(lambda parts: tidy("".join(parts)))
    .filter(lambda text: grapheme_count(text) <= 80)
)
_FULL_TEXT = _TEXT.filter(bool)
_ID = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", fullmatch=True)


@st.composite
def _questions(draw: st.DrawFn, question_id: str, *, reserve: bool) -> Question:
    texts = draw(st.lists(_FULL_TEXT, min_size=2, max_size=6, unique_by=folded))
    author, reviewer = draw(
        st.lists(_FULL_TEXT, min_size=2, max_size=2, unique_by=folded)
    )
    options = tuple(
        Option(id=letter, text=text)
        for letter, text in zip(OPTION_IDS, texts, strict=False)
    )
    return Question(
        id=QuestionId(question_id),
        text=draw(_FULL_TEXT),
        options=options,
        key=draw(st.sampled_from(options)).id,
        source=draw(_FULL_TEXT),
        explanation=draw(_TEXT),
        as_of=draw(st.dates().map(str) | st.just("")),
        author=author,
        reviewer=reviewer,
        duration_ms=draw(st.none() | st.integers(5_000, 120_000)),
        reserve=reserve,
    )


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """Any pack that `validate` would let pass, without pictures."""
    ids = draw(st.lists(_ID, min_size=1, max_size=4, unique_by=folded))
    return Pack(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,63}", fullmatch=True)),
        title=draw(_FULL_TEXT),
        lang=draw(st.sampled_from(["vi", "en"])),
        questions=tuple(
            draw(_questions(one, reserve=at > 0 and draw(st.booleans())))
            for at, one in enumerate(ids)
        ),
    )
