"""What a host says of winners: whether it may be said, and what it changes.

Two halves of one thing: `decide` leads to the first, `evolve` to the second. Who
wins by the rules, as far as the host has decided, is in `prizes`.
"""

from dataclasses import replace

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase
from quizserver.domain.prizes import (
    CONFIRMABLE,
    SKIPPABLE,
    Award,
    AwardStatus,
    awards,
)
from quizserver.domain.rejections import Reason, Rejected, bad_reason
from quizserver.domain.show import Decision, Show

Outcome = e.Event | Rejected

# --- what may be said -----------------------------------------------------------


def confirm(show: Show, command: c.ConfirmWinner) -> Outcome:
    """Confirm a winner, also one who was skipped before: the last word counts.

    But not over somebody who was confirmed instead: that one is skipped first.
    Source: R5.4, R5.5.
    """
    claim = _claim(show, command.prize, command.participant)
    if claim is None or claim.status not in CONFIRMABLE:
        return Rejected(Reason.NOT_A_WINNER)
    if any(
        award.prize == claim.prize
        and award.status is AwardStatus.CONFIRMED
        and award.rank != claim.rank
        for award in awards(show)
    ):
        return Rejected(Reason.NOT_A_WINNER)
    return e.WinnerConfirmed(prize=command.prize, participant=command.participant)


def skip(show: Show, command: c.SkipWinner) -> Outcome:
    """Pass a winner over, with a reason for the log; the next moves up (R5.4)."""
    reason = bad_reason(command.reason)
    if reason is not None:
        return Rejected(reason)
    claim = _claim(show, command.prize, command.participant)
    if claim is None or claim.status not in SKIPPABLE:
        return Rejected(Reason.NOT_A_WINNER)
    return e.WinnerSkipped(
        prize=command.prize, participant=command.participant, reason=command.reason
    )


def _claim(show: Show, prize: str, participant: ParticipantId) -> Award | None:
    """Return the participant's claim to a prize as it stands now."""
    return next(
        (
            award
            for award in awards(show)
            if award.prize == prize and award.participant == participant
        ),
        None,
    )


def sign(show: Show, command: c.ConfirmResults) -> Outcome:
    """Sign the result: every winner is confirmed, every tie decided (R5.4, R5.5)."""
    statuses = {award.status for award in awards(show)}
    if AwardStatus.UNDECIDED in statuses:
        return Rejected(Reason.TIE_UNDECIDED)
    if AwardStatus.PROVISIONAL in statuses:
        return Rejected(Reason.WINNERS_UNCONFIRMED)
    return e.ResultsConfirmed()


def set_eligible(show: Show, command: c.SetEligible) -> Outcome:
    """Note who may win nothing, or may again, and why (R2.5)."""
    reason = bad_reason(command.reason)
    if reason is not None:
        return Rejected(reason)
    return e.EligibilitySet(
        participant=command.participant,
        eligible=command.eligible,
        reason=command.reason,
    )


# --- what it changes --------------------------------------------------------------


def confirmed(show: Show, event: e.WinnerConfirmed) -> Show:
    """Follow `confirm`."""
    word = Decision(prize=event.prize, participant=event.participant, confirmed=True)
    return replace(show, decisions=(*show.decisions, word))


def skipped(show: Show, event: e.WinnerSkipped) -> Show:
    """Follow `skip`; who gives a prize back may win another."""
    word = Decision(
        prize=event.prize,
        participant=event.participant,
        confirmed=False,
        reason=event.reason,
    )
    freed = replace(show, decisions=(*show.decisions, word))
    if not show.rules.max_prizes_per_person or word.prize not in _held(show, word):
        return freed
    # Holding one prize less, they are back in the lines for the others.
    others = {w for w in _overtaken(show, event.participant) if w.prize != word.prize}
    return _without(freed, others)


def _held(show: Show, word: Decision) -> set[str]:
    """Return the prizes that the participant of `word` was confirmed for."""
    last = {w.prize: w for w in show.decisions if w.participant == word.participant}
    return {prize for prize, was in last.items() if was.confirmed}


def eligibility_set(show: Show, event: e.EligibilitySet) -> Show:
    """Follow `set_eligible`; after the end its prizes are to be confirmed anew."""
    who = event.participant
    others = {one: why for one, why in show.not_eligible.items() if one != who}
    if not event.eligible:
        others[who] = event.reason
    marked = replace(show, not_eligible=others)
    if not show.over:
        return marked
    fallen = {w for w in show.decisions if w.confirmed and w.participant == who}
    if event.eligible:
        fallen |= _overtaken(show, who)
    return replace(_without(marked, fallen), phase=Phase.ENDED)


def _overtaken(show: Show, who: ParticipantId) -> set[Decision]:
    """Return the confirmations of others where `who` stands as high or higher.

    Whoever comes back into a line for a prize may be its winner: nobody who was
    confirmed meanwhile stays so unseen.
    """
    ranks = {
        (line.prize, row.participant): row.rank
        for line in show.lines
        for row in line.candidates
    }
    own = {prize: rank for (prize, one), rank in ranks.items() if one == who}
    return {
        word
        for word in show.decisions
        if word.confirmed
        and word.participant != who
        and word.prize in own
        and own[word.prize]
        <= ranks.get((word.prize, word.participant), own[word.prize])
    }


def _without(show: Show, fallen: set[Decision]) -> Show:
    kept = tuple(word for word in show.decisions if word not in fallen)
    return replace(show, decisions=kept)
