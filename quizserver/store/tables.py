"""The tables of the ledger, as SQLModel classes; the schema's one definition.

Migrations are made from these and a test holds the two together. The running
server writes and ranks with the SQL of `queries`, never with one object per
answer (24,000 a second against several times that). Nothing here may import
a driver: the same tables stand on SQLite and on PostgreSQL.

Three kinds of rows. The truth: `event`, `answer` and `flag`, written once, never
changed, each naming its place in its run's hash chain (`batch`, `line`). What is
computed from the truth and can be computed again: `placing` and `score`. And
people: `participant` holds pseudonyms, `person` what must be erasable; no
other table names anybody, so erasing a person breaks no hash.
"""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}
"""Constraint names made by rule, so that a migration can name them."""

METADATA = MetaData(naming_convention=_NAMES)
"""The schema; `migrations/env.py` compares a database with it."""

_BIG = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere; only INTEGER may be a row's own number in SQLite."""


class Table(SQLModel):
    """Base of all tables; a table is called after its class."""

    metadata: ClassVar[MetaData] = METADATA


class Show(Table, table=True):
    """The list of shows: what the newest event of each said (`ShowHead`)."""

    code: str = Field(primary_key=True)
    title: str
    lang: str
    epoch: str
    phase: str
    created_ms: int = Field(sa_type=BigInteger)


class Event(Table, table=True):
    """A show event; `seq` grows over all shows.

    A step is taken once, and a host's `ref` too (Source: R1.4).
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("show", "epoch", "step"),
        Index(
            "uq_event_ref",
            "show",
            "epoch",
            "ref",
            unique=True,
            sqlite_where=text("ref <> ''"),
            postgresql_where=text("ref <> ''"),
        ),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=_BIG)
    show: str
    epoch: str
    step: int
    at_ms: int = Field(sa_type=BigInteger)
    name: str
    actor: str
    ref: str
    data: str
    batch: int = Field(sa_type=BigInteger)
    line: int


class Answer(Table, table=True):
    """An answer; the key makes the first one final (Source: R3.1, R3.2).

    SQLite keeps them as they come. In order of the key, which ends in the participant,
    each of a batch would change a page of its own: 30 µs a row instead of 17.
    """

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    participant: str = Field(primary_key=True)
    option: str
    status: str
    time_ms: int
    received_ns: int = Field(sa_type=BigInteger)
    at_ms: int = Field(sa_type=BigInteger)
    receipt: str
    evidence: str
    flags: str
    batch: int = Field(sa_type=BigInteger)
    line: int


class Flag(Table, table=True):
    """A remark on an answer that came after it; the first of its key stays (R4.11)."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    participant: str = Field(primary_key=True)
    flag: str = Field(primary_key=True)
    at_ms: int = Field(sa_type=BigInteger)
    batch: int = Field(sa_type=BigInteger)
    line: int


class Batch(Table, table=True):
    """A link of a run's hash chain: one commit with rows of that run in it.

    `sha256` is over `prev` and the link's rows in order of `line`; `chain` (the
    module) says how (Source: R6.1).
    """

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    no: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    rows: int
    sha256: str
    prev: str


class Participant(Table, table=True):
    """A participant's pseudonym and standing; found again by `recovery`."""

    __table_args__: ClassVar[Any] = (UniqueConstraint("show", "epoch", "recovery"),)

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    participant: str = Field(primary_key=True)
    recovery: str
    via: str
    hidden: bool
    alias: str
    not_eligible: bool


class Person(Table, table=True):
    """The person behind a participant, with consent; `phone` is encrypted."""

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    participant: str = Field(primary_key=True)
    name: str
    unit: str
    phone: str
    consent_version: str
    consent_play: bool
    consent_show_name: bool
    consent_contact: bool
    consent_ms: int = Field(sa_type=BigInteger)


class Placing(Table, table=True):
    """A right answer's place in a revealed question (Source: R5.1)."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    participant: str = Field(primary_key=True)
    rank: int
    tied: bool
    time_ms: int


class Score(Table, table=True):
    """A participant's sums and place over the revealed questions.

    `right_count` and `total_ms` take right answers only; `rank` and `tied` are
    written anew with every reveal (Source: R5.2). `streak` is how many right ones in
    a row there are now; a question without an answer ends it (R5.7).
    """

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    participant: str = Field(primary_key=True)
    right_count: int
    total_ms: int = Field(sa_type=BigInteger)
    rank: int
    tied: bool
    streak: int = 0


class Account(Table, table=True):
    """Somebody who may sign in; `password` is an argon2id hash."""

    name: str = Field(primary_key=True)
    role: str
    password: str
    created_ms: int = Field(sa_type=BigInteger)


class Session(Table, table=True):
    """A signed-in browser; `hash` is sha256 of the token it holds."""

    hash: str = Field(primary_key=True)
    account: str = Field(foreign_key="account.name", ondelete="CASCADE", index=True)
    created_ms: int = Field(sa_type=BigInteger)
    seen_ms: int = Field(sa_type=BigInteger)


class Token(Table, table=True):
    """A bearer token of a script or an overlay.

    `show` "" means every show, `expires_ms` 0 that it has no end.
    """

    hash: str = Field(primary_key=True)
    role: str
    show: str
    label: str
    created_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(sa_type=BigInteger, default=0)


class Witness(Table, table=True):
    """The newest batch of a process: proof of a commit whose answer was lost.

    Written with every batch on PostgreSQL, where a connection can break while it
    commits (`postgres_backend`); empty on SQLite.
    """

    process: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)


class Process(Table, table=True):
    """A process of several that share this ledger, and when it last wrote.

    `seen_ms` is of the database's clock, which they share too; `says` is what it
    tells the others (`live.neighbours`).
    """

    id: str = Field(primary_key=True)
    seen_ms: int = Field(sa_type=BigInteger)
    says: str = ""


class Closed(Table, table=True):
    """A process has written every answer to a question that it got in time."""

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    process: str = Field(primary_key=True)


class Sealed(Table, table=True):
    """A question that no answer can count for any more (Source: R6.1)."""

    show: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    question: str = Field(primary_key=True)


class Setup(Table, table=True):
    """The one-time code for the first account: no row, or one."""

    hash: str = Field(primary_key=True)
    created_ms: int = Field(sa_type=BigInteger)
