"""Why somebody does not win a prize, in a sentence for hosts and organisers.

Panels and reports say the same. It never goes to phones or overlays: that
somebody may win nothing is between them and the organisers (Source: R2.5).
"""

from quizserver.domain.prizes import IMPOSSIBLE_MS, Award, AwardStatus
from quizserver.domain.show import Show
from quizserver.texts import formats
from quizserver.texts.catalogue import text


def award_reason(show: Show, award: Award) -> str:
    """Return why this claim was passed over or skipped; "" when it was not."""
    if award.status is AwardStatus.SKIPPED:
        return award.reason or text(show.lang, "live.passed.tie_decided")
    if award.status is not AwardStatus.PASSED:
        return ""
    values: dict[str, dict[str, str | int]] = {
        "impossible": {
            "time": formats.seconds(show.lang, award.time_ms),
            "least": formats.decimal(show.lang, IMPOSSIBLE_MS / 1000, 1),
        },
        "min_right": {
            "right": award.right or 0,
            "questions": len(show.order),
            "least": show.rules.prize_min_right,
        },
        "max_prizes": {"most": show.rules.max_prizes_per_person},
        "withdrawn": {},
        "not_eligible": {"reason": show.not_eligible.get(award.participant, "")},
    }
    return text(show.lang, f"live.passed.{award.reason}", **values[award.reason])
