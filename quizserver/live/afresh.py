"""A show that begins anew: the same run-down, and what was prepared for the night.

After a rehearsal the sources in OBS are the same, the stream is as late as it was
measured, and the questions come in the order that was agreed on. So whatever hosts
have set of these is set again, by the same commands that set it first.
"""

from collections.abc import Iterator

from quizserver.domain.ids import QuestionId
from quizserver.domain.rundown import Pack, Rundown
from quizserver.domain.show import Show
from quizserver.domain.stream import AS_IT_COMES
from quizserver.live.outputs import part_of
from quizserver.wire.host import CommandMessage


def same_again(show: Show) -> Rundown:
    """Return the run-down this show was made from."""
    pack = Pack(
        id="",
        title=show.title,
        lang=show.lang,
        questions=tuple(show.questions.values()),
    )
    return Rundown(title=show.title, lang=show.lang, pack=pack, rules=show.rules)


def set_again(was: Show, epoch: str) -> Iterator[CommandMessage]:
    """Yield the commands that prepare the new run `epoch` as `was` was prepared."""
    ref = f"again {epoch}"
    for place, settings in was.outputs.items():
        yield CommandMessage(
            command="set_output",
            ref=f"{ref} output {place}",
            output=place,
            settings=part_of(settings),
        )
    for question, position in was.positions.items():
        yield CommandMessage(
            command="place",
            ref=f"{ref} question {question}",
            question=question,
            position=position.value,
        )
    if was.stream != AS_IT_COMES:
        aligned, delays = was.stream.aligned, dict(was.stream.delays)
        yield CommandMessage(
            command="stream", ref=f"{ref} stream", aligned=aligned, delays=delays
        )
    made = tuple(q.id for q in was.questions.values() if not q.reserve)
    order = _order(was, made)
    if order != made:
        yield CommandMessage(command="reorder", ref=f"{ref} order", order=order)


def _order(was: Show, made: tuple[QuestionId, ...]) -> tuple[QuestionId, ...]:
    """Return the order it was played in, reserves being reserves again."""
    replaced = iter([q for q in made if q not in was.order])
    return tuple(next(replaced) if was.questions[q].reserve else q for q in was.order)
