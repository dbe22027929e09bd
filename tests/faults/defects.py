"""Defects that somebody could make in good faith, each with the test it must turn red.

`mutations` seeds them one at a time.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of one file, and what stands in its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect: what it is, how it is made, which test must turn red."""

    name: str
    test: str
    edits: tuple[Edit, ...]


_CLOCK: Final = "quizserver/live/clock.py"
_CUES: Final = "quizserver/live/cues.py"
_DECIDE: Final = "quizserver/domain/decide.py"
_INTAKE: Final = "quizserver/live/intake.py"
_ANSWERS: Final = "quizserver/store/sqlite_backend.py"
_POSTGRES: Final = "quizserver/store/postgres_backend.py"
_CONDUCTOR: Final = "quizserver/live/conductor.py"

_AFTER_TELL: Final = "                await _yield()\n\n    async def tell_in_passing"
_NEVER_FIRST: Final = Edit(
    _INTAKE, "        if given is not None:\n", "        if given is None and given:\n"
)
_OVERWRITES: Final = Edit(
    _ANSWERS,
    "on conflict do nothing",
    "on conflict do update set option = excluded.option, receipt = excluded.receipt",
)

DEFECTS: Final = (
    Defect(
        "commit without flush: synchronous=NORMAL",
        "faults/test_server_order.py",
        (Edit("quizserver/store/files.py", 'Final = "FULL"', 'Final = "NORMAL"'),),
    ),
    Defect(
        "commit without flush, as the power sees it",
        "faults/test_server_power.py",
        (Edit("quizserver/store/files.py", 'Final = "FULL"', 'Final = "NORMAL"'),),
    ),
    Defect(
        "receipt before the commit",
        "faults/test_server_order.py",
        (
            Edit(
                "quizserver/store/journal.py",
                "if not self._enqueue(QueuedAnswer(answer, done), urgent=False):",
                "self._deliveries.post([(done, answer.judged(), Stored.NEW)])\n"
                "        late = QueuedAnswer(answer, lambda *_: None)\n"
                "        if not self._enqueue(late, urgent=False):",
            ),
        ),
    ),
    Defect(
        "receipt for a batch that failed",
        "faults/test_server_disk.py",
        (
            Edit(
                "quizserver/store/writer.py",
                "return (item.done, item.answer.lost(), Stored.FAILED)",
                "return (item.done, item.answer.judged(), Stored.NEW)",
            ),
        ),
    ),
    Defect(
        "a later answer replaces the first, in memory and database",
        "faults/test_server_kill.py",
        (_NEVER_FIRST, _OVERWRITES),
    ),
    Defect(
        "a later answer replaces the first, in the database only",
        "faults/test_server_kill.py",
        (_OVERWRITES,),
    ),
    Defect(
        "the answers' key is not unique for one person and question",
        "faults/test_server_kill.py",
        (
            Edit(
                "quizserver/store/migrations/versions/0006_answers_as_they_come.py",
                '"participant", name="pk_answer"',
                '"participant", "received_ns", name="pk_answer"',
            ),
        ),
    ),
    Defect(
        "PostgreSQL: a commit in doubt is told as stored",
        "unit/store/test_postgres.py",
        (Edit(_POSTGRES, "return found == [(self._number,)]", "return True"),),
    ),
    Defect(
        "PostgreSQL: a commit in doubt is called lost",
        "unit/store/test_postgres.py",
        (Edit(_POSTGRES, "return found == [(self._number,)]", "return False"),),
    ),
    Defect(
        "PostgreSQL: two writers of a chain do not wait for each other",
        "unit/store/test_postgres.py",
        (
            Edit(
                _POSTGRES,
                "self._connection().execute(_HOLD",
                "self._connection() or (_HOLD",
            ),
        ),
    ),
    Defect(
        "answers are forgotten at a restart",
        "faults/test_server_kill.py",
        (
            Edit(
                _INTAKE,
                "if current is None:\n            return\n        await self._load",
                "if current is None or current:\n"
                "            return\n"
                "        await self._load",
            ),
        ),
    ),
    Defect(
        "the lock cue tells whether the key is A",
        "faults/test_server_secrecy.py",
        (
            Edit(
                _CUES,
                "return m.Locked(question=event.question, **scene.marks())",
                "key = scene.show.questions[event.question].key\n"
                '    mark = " " if key == "A" else ""\n'
                "    return m.Locked(question=event.question + mark, **scene.marks())",
            ),
        ),
    ),
    Defect(
        "the public results tell the key of a locked question",
        "faults/test_server_secrecy.py",
        (
            Edit(
                "quizserver/web/outcome.py",
                "    out = play.board is not None\n",
                "    out = True\n",
            ),
        ),
    ),
    Defect(
        "overlays ahead of the phones have the key as their first option",
        "faults/test_server_secrecy.py",
        (
            Edit(
                "quizserver/live/ahead.py",
                "text=o.text) for o in authored.options)",
                "text=o.text) for o in"
                " sorted(authored.options, key=lambda o: o.id != authored.key))",
            ),
        ),
    ),
    Defect(
        "the receipt of a right answer is longer",
        "faults/test_server_secrecy.py",
        (
            Edit(
                _INTAKE,
                "        for reply in waiting:\n",
                "        key = self._show.questions[row.question].key\n"
                '        row.receipt += "7" * (row.option == key)\n'
                "        for reply in waiting:\n",
            ),
        ),
    ),
    Defect(
        "deadlines run on the wall clock",
        "faults/test_server_clock.py",
        (Edit(_CLOCK, "return time.monotonic_ns()", "return time.time_ns()"),),
    ),
    Defect(
        "a restart begins the question's time anew",
        "faults/test_server_kill.py",
        (
            Edit(
                _CLOCK,
                "            return stamp.mono_ns\n",
                "            return max(stamp.mono_ns, _STARTED_NS)\n",
            ),
            Edit(
                _CLOCK,
                "_NS_PER_S = 1_000_000_000\n",
                "_NS_PER_S = 1_000_000_000\n_STARTED_NS = time.monotonic_ns()\n",
            ),
        ),
    ),
    Defect(
        "answers after the deadline count",
        "faults/test_server_clock.py",
        (
            Edit(
                "quizserver/domain/timing.py",
                "return taken._replace(in_time=False) if is_late else taken",
                "return taken",
            ),
        ),
    ),
    Defect(
        "the fan-out waits for slow phones",
        "faults/test_server_slow.py",
        (
            Edit(
                "quizserver/gateway/fanout.py",
                f"                    phone.tell(frame)\n{_AFTER_TELL}",
                "                    while phone.is_paused:\n"
                "                        await asyncio.sleep(0.01)\n"
                f"                    phone.tell(frame)\n{_AFTER_TELL}",
            ),
        ),
    ),
    Defect(
        "a command's step is not checked",
        "faults/test_server_hosts.py",
        (
            Edit(
                _DECIDE,
                "if command.step is not None and not _has_seen",
                "if command.step == -1 and not _has_seen",
            ),
        ),
    ),
    Defect(
        "a repeated command is carried out again",
        "faults/test_server_hosts.py",
        (
            Edit(
                _CONDUCTOR,
                "first = self._replies.get(message.ref)",
                'first = self._replies.get("")',
            ),
        ),
    ),
    Defect(
        "no bound on what a phone sends",
        "faults/test_server_hostile.py",
        (
            Edit(
                "quizserver/gateway/inbound.py",
                "        return due_ns - now_ns > self._plane.byte_burst_ns\n",
                "        return False\n",
            ),
            Edit(
                "quizserver/gateway/inbound.py",
                "        if len(parts) > limits.fragments:",
                "        if len(parts) < 0:",
            ),
            Edit(
                "quizserver/gateway/inbound.py",
                "        if due_ns - now_ns <= self._plane.frame_burst_ns:",
                "        if due_ns:",
            ),
        ),
    ),
    Defect(
        "pages do not escape names",
        "protocol/test_http_results.py",
        (Edit("quizserver/web/render.py", "autoescape=True", "autoescape=False"),),
    ),
    Defect(
        "the overlay takes a name for markup",
        "faults/test_server_names.py",
        (
            Edit(
                "overlays/_kit/parts/text.js",
                '<bdi class="name" data-part="name">${tidy(name)}</bdi>',
                '<bdi class="name" data-part="name"'
                " dangerouslySetInnerHTML=${{ __html: tidy(name) }}></bdi>",
            ),
        ),
    ),
    Defect(
        "the phone page takes a name for markup",
        "faults/test_server_names.py",
        (
            Edit(
                "quizserver/web/static/phone/result.js",
                '<span class="row-name"><bdi>${row.name}</bdi>',
                '<span class="row-name">'
                "<bdi dangerouslySetInnerHTML=${{ __html: row.name }}></bdi>",
            ),
        ),
    ),
    Defect(
        "the host's panel takes a name for markup",
        "faults/test_server_names.py",
        tuple(
            Edit(
                "quizserver/web/static/host/standings.js",
                f'<span class="person">${{{shy} ? "•••" : row.name}}</span>',
                '<span class="person"'
                " dangerouslySetInnerHTML=${{ __html: row.name }}></span>",
            )
            for shy in ("shy", "prefs.shy")
        ),
    ),
    Defect(
        "a name in the CSV may be a formula",
        "protocol/test_http_results.py",
        (
            Edit(
                "quizserver/reports/cells.py",
                """return f"'{clean}" if starts""",
                """return clean if starts""",
            ),
        ),
    ),
    Defect(
        "the overlay's loader asks for the server once",
        "e2e/overlays/test_loader.py",
        (
            Edit(
                "overlays/_kit/loader.html",
                "  timer = setTimeout(again, ms);\n",
                "  timer = 0;\n",
            ),
        ),
    ),
    Defect(
        "the overlay's loader shows its frame before there is an overlay",
        "e2e/overlays/test_loader.py",
        (Edit("overlays/_kit/loader.html", "border: 0; opacity: 0;", "border: 0;"),),
    ),
    Defect(
        "an overlay draws without its style sheets",
        "e2e/overlays/test_loader.py",
        (
            Edit(
                "overlays/_kit/supplies.js",
                "ours = !missing.length && (await fonts());",
                "ours = await fonts();",
            ),
        ),
    ),
    Defect(
        "an overlay tells its viewers that the link is lost",
        "faults/test_server_overlays.py",
        (
            Edit(
                "overlays/_kit/parts/cards.js",
                "  if (!look.notice) return null;\n",
                '  if (look.conn !== "live") return '
                'html`<aside class="notice">Error</aside>`;\n'
                "  if (!look.notice) return null;\n",
            ),
        ),
    ),
    Defect(
        "an overlay whose key was taken back keeps its last look",
        "e2e/overlays/test_link.py",
        (
            Edit(
                "overlays/_kit/state.js",
                '  if (action.conn === "none") return NOTHING;\n',
                "",
            ),
        ),
    ),
    Defect(
        "an overlay never notices a line that went dead",
        "e2e/overlays/test_link.py",
        (
            Edit(
                "overlays/_kit/link.js",
                "const SILENCE_MS = 15_000;",
                "const SILENCE_MS = 15_000_000;",
            ),
        ),
    ),
)
