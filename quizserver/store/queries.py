"""The SQL of the ledger: what ranks a question and a show, and what is read.

That of accounts is in `account_queries`, that of processes which share a ledger in
`process_queries`.

Every statement runs unchanged on SQLite from 3.35 and on PostgreSQL: named
parameters `:show`, no driver's functions, upserts, window functions, integer
division; `placing` in quotes, as it is a word of PostgreSQL's own. What only one of
them can do stands in that backend's own module.
Column names are those of `tables`, or of the value that a row is read into.

The order of a question is by hundredths of a second, `time_ms / 10` in whole
numbers (Source: R4.8, R5.1); the order of a show by right answers, then by
the sum of their milliseconds (R5.2). `rank()` gives equals one rank and skips
the next; who is equal is told by `count(*)` over the same key. Rows of one rank
stand by participant id, which decides nothing.
"""

from typing import Final

# --- shows and events -----------------------------------------------------------

SHOWS: Final = """
select code, title, lang, epoch, phase, created_ms
from show order by created_ms, code
"""

EVENTS: Final = """
select show, epoch, step, at_ms, name, actor, ref, data, batch, line
from event
where show = :show and epoch = coalesce(:epoch,
    (select epoch from show where code = :show),
    (select epoch from event where show = :show
    group by epoch order by min(seq) desc limit 1))
    and step > :after
order by step
"""
"""Of the run that the list of shows has. Two that are begun at once by two processes
may stand there in another order than here."""

ADD_EVENT: Final = """
insert into event (show, epoch, step, at_ms, name, actor, ref, data, batch, line)
values (:show, :epoch, :step, :at_ms, :name, :actor, :ref, :data, :batch, :line)
"""

PUT_HEAD: Final = """
insert into show (code, title, lang, epoch, phase, created_ms)
values (:code, :title, :lang, :epoch, :phase, :created_ms)
on conflict (code) do update set
    title = excluded.title, lang = excluded.lang, phase = excluded.phase,
    epoch = excluded.epoch,
    created_ms = case when show.epoch = excluded.epoch
        then show.created_ms else excluded.created_ms end
where show.epoch = excluded.epoch or :step = 1
"""
"""A process that has not heard of the newest run must not put its own in front."""

PUT_PHASE: Final = """
update show set phase = :phase where code = :code and epoch = :epoch
"""

# --- the chain ------------------------------------------------------------------

CHAIN_HEAD: Final = """
select no, sha256 from batch
where show = :show and epoch = :epoch order by no desc limit 1
"""

ADD_LINK: Final = """
insert into batch (show, epoch, no, rows, sha256, prev)
values (:show, :epoch, :no, :rows, :sha256, :prev)
"""

BATCHES: Final = """
select no, rows, sha256, prev from batch
where show = :show and epoch = :epoch order by no
"""

# --- answers --------------------------------------------------------------------

SOME_ANSWERS_TO: Final = """
select show, epoch, question, participant, option, status, time_ms, received_ns,
    at_ms, receipt, evidence, flags, batch, line
from answer
where show = :show and epoch = :epoch and question = :question
"""

ANSWERS_TO: Final = f"{SOME_ANSWERS_TO} order by participant"

# The questions with answers, each found by one look into the key: a scan would
# read every answer of the show for the few of one participant.
_ANSWERED: Final = """
with recursive answered (question) as (
    select min(question) from answer where show = :show and epoch = :epoch
    union all
    select (select min(question) from answer
        where show = :show and epoch = :epoch and question > answered.question)
    from answered where question is not null)
"""

ANSWERS_OF: Final = f"""{_ANSWERED}
select show, epoch, answer.question, participant, option, status, time_ms,
    received_ns, at_ms, receipt, evidence, flags, batch, line
from answered cross join answer
where answer.question = answered.question and show = :show and epoch = :epoch
"""  # noqa: S608 - our own text
"""`cross` keeps SQLite to this order; it would rather begin with all answers."""

TIMES_CHANGED: Final = """
select data from event
where show = :show and epoch = :epoch and step > :step
    and name in ('QuestionExtended', 'QuestionLocked')
order by step
"""

ADD_FLAG: Final = """
insert into flag (show, epoch, question, participant, flag, at_ms, batch, line)
values (:show, :epoch, :question, :participant, :flag, :at_ms, :batch, :line)
on conflict do nothing
"""

FLAGS_OF: Final = """
select show, epoch, question, participant, flag, at_ms, batch, line
from flag where show = :show and epoch = :epoch order by batch, line
"""

TALLY: Final = """
select status, option, count(*) as number
from answer
where show = :show and epoch = :epoch and question = :question
group by status, option order by option
"""

# --- ranks of a question --------------------------------------------------------

_RIGHT: Final = """
select participant, time_ms,
    rank() over (order by time_ms / 10) as rank,
    count(*) over (partition by time_ms / 10) > 1 as tied
from answer
where show = :show and epoch = :epoch and question = :question
    and status = 'accepted' and option = :key
"""

PROVISIONAL: Final = f"""
select participant, rank, tied, time_ms from ({_RIGHT}) as ranked
order by rank, participant limit :top
"""  # noqa: S608 - our own text

RANK_QUESTION: Final = f"""
insert into "placing" (show, epoch, question, participant, rank, tied, time_ms)
select :show, :epoch, :question, participant, rank, tied, time_ms
from ({_RIGHT}) as ranked
"""  # noqa: S608 - our own text

FASTEST: Final = """
select participant, rank, tied, time_ms from "placing"
where show = :show and epoch = :epoch and question = :question
order by rank, participant limit :top
"""

# --- ranks of a show ------------------------------------------------------------

ADD_SCORES: Final = """
insert into score
    (show, epoch, participant, right_count, total_ms, rank, tied, streak)
select show, epoch, participant,
    case when option = :key then 1 else 0 end,
    case when option = :key then time_ms else 0 end,
    0, false, case when option = :key then 1 else 0 end
from answer
where show = :show and epoch = :epoch and question = :question
    and status = 'accepted'
on conflict (show, epoch, participant) do update set
    right_count = score.right_count + excluded.right_count,
    total_ms = score.total_ms + excluded.total_ms,
    streak = score.streak + excluded.streak
"""

END_STREAKS: Final = """
update score set streak = 0
where show = :show and epoch = :epoch and streak > 0 and not exists (
    select 1 from "placing"
    where "placing".show = :show and "placing".epoch = :epoch
        and "placing".question = :question
        and "placing".participant = score.participant)
"""
"""Of whoever is not among the right ones of a question: before it adds its own."""

RANK_SHOW: Final = """
update score set rank = ranked.rank, tied = ranked.tied
from (
    select participant,
        rank() over (order by right_count desc, total_ms) as rank,
        count(*) over (partition by right_count, total_ms) > 1 as tied
    from score where show = :show and epoch = :epoch
) as ranked
where score.show = :show and score.epoch = :epoch
    and score.participant = ranked.participant
"""

STANDINGS: Final = """
select participant, rank, tied, right_count as "right", total_ms
from score where show = :show and epoch = :epoch
order by rank, participant limit :top
"""

PARTICIPANTS_SCORED: Final = """
select count(*) as number from score where show = :show and epoch = :epoch
"""

# Below 300 ms nobody wins by speed (R4.11); `upto` counts those who may win.
PRIZE_CANDIDATES: Final = """
select prize, participant, rank, tied, time_ms, "right" from (
    select candidate.*, row_number() over line as place,
        sum(may) over line as upto
    from (
        select "placing".question as prize, "placing".participant, "placing".rank,
            "placing".tied, "placing".time_ms, right_count as "right",
            case when "placing".time_ms >= 300 and right_count >= :least_right
                then 1 else 0 end as may
        from "placing" join score on score.show = "placing".show
            and score.epoch = "placing".epoch
            and score.participant = "placing".participant
        where "placing".show = :show and "placing".epoch = :epoch
    ) as candidate
    window line as (partition by prize order by rank, participant
        rows unbounded preceding)
) as placed
where place <= 10 or (may = 1 and upto <= :depth)
order by prize, rank, participant
"""

SHOW_CANDIDATES: Final = """
select 'show' as prize, participant, rank, tied, total_ms as time_ms,
    right_count as "right"
from score where show = :show and epoch = :epoch and right_count > 0
order by rank, participant limit :depth
"""

FORGET_PLACINGS: Final = """
delete from "placing" where show = :show and epoch = :epoch
"""

FORGET_SCORES: Final = """
delete from score where show = :show and epoch = :epoch
"""

# --- a participant's own results ------------------------------------------------

OWN_STANDINGS: Final = """
select participant, rank, tied, right_count as "right", total_ms, streak
from score where show = :show and epoch = :epoch
"""

OWN_PLACINGS: Final = """
select participant, rank, tied, time_ms
from "placing" where show = :show and epoch = :epoch and question = :question
"""

OWN_ANSWERS: Final = """
select participant, status, time_ms
from answer where show = :show and epoch = :epoch and question = :question
"""

# --- people ---------------------------------------------------------------------

PUT_PARTICIPANT: Final = """
insert into participant
    (show, epoch, participant, recovery, via, hidden, alias, not_eligible)
values
    (:show, :epoch, :participant, :recovery, :via, :hidden, :alias, :not_eligible)
on conflict (show, epoch, participant) do update set
    recovery = excluded.recovery, via = excluded.via, hidden = excluded.hidden,
    alias = excluded.alias, not_eligible = excluded.not_eligible
"""

PUT_PERSON: Final = """
insert into person
    (show, epoch, participant, name, unit, phone, consent_version, consent_play,
    consent_show_name, consent_contact, consent_ms)
values
    (:show, :epoch, :participant, :name, :unit, :phone, :consent_version,
    :consent_play, :consent_show_name, :consent_contact, :consent_ms)
on conflict (show, epoch, participant) do update set
    name = excluded.name, unit = excluded.unit, phone = excluded.phone,
    consent_version = excluded.consent_version,
    consent_play = excluded.consent_play,
    consent_show_name = excluded.consent_show_name,
    consent_contact = excluded.consent_contact,
    consent_ms = excluded.consent_ms
"""

_REGISTRATION: Final = """
select participant.participant, recovery, via, hidden, alias, not_eligible,
    name, unit, phone, consent_version, consent_play, consent_show_name,
    consent_contact, consent_ms
from participant join person on person.show = participant.show
    and person.epoch = participant.epoch
    and person.participant = participant.participant
where participant.show = :show and participant.epoch = :epoch
"""

REGISTRATIONS: Final = f"{_REGISTRATION} order by participant.participant"

ROSTER: Final = """
select * from (
    select participant.participant, name, unit, consent_show_name as show_name, via
    from participant join person on person.show = participant.show
        and person.epoch = participant.epoch
        and person.participant = participant.participant
    where participant.show = :show and participant.epoch = :epoch
) as known where true
"""

JOINED: Final = """
select via, count(*) as number from participant
where show = :show and epoch = :epoch group by via
"""

BY_PARTICIPANT: Final = f"{_REGISTRATION} and participant.participant = :participant"

BY_RECOVERY: Final = f"{_REGISTRATION} and participant.recovery = :recovery"

CORRECT_PERSON: Final = """
update person set name = coalesce(:name, name), unit = coalesce(:unit, unit),
    phone = coalesce(:phone, phone),
    consent_show_name = coalesce(:show_name, consent_show_name),
    consent_contact = coalesce(:contact, consent_contact)
where show = :show and epoch = :epoch and participant = :participant
"""

ERASE_PERSON: Final = """
delete from person
where show = :show and epoch = :epoch and participant = :participant
"""

ERASE_EVERYBODY: Final = """
delete from person where show = :show and epoch = :epoch
"""

PAST_RUNS: Final = """
select distinct person.show, person.epoch
from person join show on show.code = person.show and show.epoch <> person.epoch
order by person.show, person.epoch
"""
"""Runs that were begun anew and keep somebody."""

ALIASES: Final = """
select seq, data from event
where show = :show and epoch = :epoch and name = 'NameHidden'
"""

PUT_ALIAS: Final = """
update event set data = :data where seq = :seq
"""
"""The chain holds no alias (`live.journaled.public_text`): no link breaks."""

EXPIRED: Final = """
select run.show, run.epoch, count(*) as people
from (
    select show, epoch, coalesce(max(case when name = 'ShowEnded' then at_ms end),
        max(at_ms)) as ended_ms
    from event group by show, epoch
) as run join person on person.show = run.show and person.epoch = run.epoch
where run.ended_ms < :before_ms
group by run.show, run.epoch order by run.show, run.epoch
"""

# --- seals ------------------------------------------------------------------------

ADD_SEALED: Final = """
insert into sealed (show, epoch, question) values (:show, :epoch, :question)
"""

FORGET_CLOSED: Final = """
delete from closed where show = :show and epoch = :epoch and question = :question
"""

SEALED: Final = """
select question from sealed
where show = :show and epoch = :epoch and question = :question
"""
