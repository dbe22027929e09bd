"""The SQL of accounts, sessions, tokens and the first setup (`accounts`).

As in `queries`, every statement runs unchanged on SQLite and on PostgreSQL. Secrets
come here as hashes only.
"""

from typing import Final

ACCOUNTS: Final = "select name, role, created_ms from account order by name"

PASSWORD: Final = "select password from account where name = :name"  # noqa: S105 - SQL

COUNT_ACCOUNTS: Final = "select count(*) as number from account"

ADD_ACCOUNT: Final = """
insert into account (name, role, password, created_ms)
values (:name, :role, :password, :created_ms)
"""

SET_PASSWORD: Final = """
update account set password = :password where name = :account
"""  # noqa: S105 - SQL

REMOVE_ACCOUNT: Final = "delete from account where name = :account"

LAST_OWNER: Final = """
select name from account where name = :account and role = 'owner'
and not exists (select 1 from account where role = 'owner' and name <> :account)
"""

ADD_SESSION: Final = """
insert into session (hash, account, created_ms, seen_ms)
values (:hash, :account, :now, :now)
"""

SESSION: Final = """
select account.name, account.role, session.created_ms, session.seen_ms
from session join account on account.name = session.account
where session.hash = :hash
"""

SEE_SESSION: Final = "update session set seen_ms = :now where hash = :hash"

END_SESSION: Final = "delete from session where hash = :hash"

END_SESSIONS: Final = "delete from session where account = :account returning hash"

END_OLD_SESSIONS: Final = """
delete from session where seen_ms < :idle or created_ms < :oldest
"""

ADD_TOKEN: Final = """
insert into token (hash, role, show, label, created_ms, expires_ms)
values (:hash, :role, :show, :label, :now, :expires)
"""  # noqa: S105 - SQL

TOKEN: Final = """
select role, show, label, expires_ms from token where hash = :hash
"""  # noqa: S105 - SQL

TOKENS: Final = """
select substr(hash, 1, 12) as id, role, show, label, created_ms, expires_ms
from token order by created_ms, hash
"""

END_TOKEN: Final = """
delete from token where substr(hash, 1, 12) = :id returning hash
"""  # noqa: S105 - SQL

END_TOKENS_OF: Final = """
delete from token where role = :role and show = :show returning hash
"""

SETUP: Final = "select created_ms as number from setup where hash = :hash"

FORGET_SETUP: Final = "delete from setup"

ADD_SETUP: Final = "insert into setup (hash, created_ms) values (:hash, :now)"

USE_SETUP: Final = "delete from setup where hash = :hash"
