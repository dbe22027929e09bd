"""The SQL of processes that share a ledger: who lives, who has written what it got.

PostgreSQL's alone: several processes share no file. What one process needs as well
is in `queries`.
"""

from typing import Final

# --- signs of life ------------------------------------------------------------------

BEAT: Final = """
insert into process (id, seen_ms, says)
values (:process, cast(extract(epoch from clock_timestamp()) * 1000 as bigint), :says)
on conflict (id) do update set seen_ms = excluded.seen_ms, says = excluded.says
"""

# Not in the future either: when the database's clock is set back, the dead must not
# live until it comes there again.
_LIVES: Final = """
abs(seen_ms - extract(epoch from clock_timestamp()) * 1000) < :lives_ms
"""

LIVING: Final = f"""
select says from process where id <> :process and {_LIVES} order by id
"""  # noqa: S608 - our own text

STRANGERS: Final = f"""
select count(*) as number from process
where left(id, length(cast(:mark as text))) <> :mark and {_LIVES}
"""  # noqa: S608 - our own text

ONE_COMES_IN: Final = """
select pg_advisory_xact_lock(hashtextextended('a process comes in', 0))
"""

# Each holds a lock by its name (`postgres.succeed`), which ends with its connection.
LAST_LIFE: Final = """
select
  cast(extract(epoch from clock_timestamp()) * 1000 as bigint) - max(seen_ms),
  count(*) filter (where exists (
    select 1 from pg_locks
    where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and cast(classid as bigint) << 32 | cast(objid as bigint)
        = hashtextextended(process.id, 0)
  ))
from process
"""
"""How long ago the last sign of any process is, and how many are connected now."""

FORGET_PROCESSES: Final = """
delete from process
where seen_ms < extract(epoch from clock_timestamp()) * 1000 - :kept_ms
"""

ADD_CLOSED: Final = """
insert into closed (show, epoch, question, process)
values (:show, :epoch, :question, :process)
on conflict do nothing
"""

UNCLOSED: Final = f"""
select count(*) as number from process
where {_LIVES}
and not exists (
    select 1 from closed
    where show = :show and epoch = :epoch and question = :question
        and closed.process = process.id)
and not exists (
    select 1 from sealed
    where show = :show and epoch = :epoch and question = :question)
"""  # noqa: S608 - our own text

# --- proof of a commit ------------------------------------------------------------

PUT_WITNESS: Final = """
insert into witness (process, number) values (:process, :number)
on conflict (process) do update set number = excluded.number
"""

WITNESS: Final = "select number from witness where process = :process"

FORGET_WITNESSES: Final = "delete from witness"

FORGET_WITNESSES_OF_THE_GONE: Final = """
delete from witness where process not in (select id from process)
"""
