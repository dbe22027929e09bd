"""Host states for every phase, as the server would send them.

Built with the wire's own structs, so a field the wire does not know cannot be
tested here by mistake. Names are made up; the texts are as long as real ones.
"""

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from quizserver.wire.common import encode
from quizserver.wire.host import (
    AgainPart,
    AuditPart,
    ConcernPart,
    FairPart,
    HostFastest,
    HostOut,
    HostQuestion,
    HostState,
    LivePart,
    NextPart,
    RundownRow,
)
from quizserver.wire.parts import FlagPart, OptionPart, OutputPart, StandingPart

Message = dict[str, Any]

TEXTS = (
    "Thông điệp của cuộc thi cải cách hành chính năm 2023 là gì?",
    "Mỗi câu hỏi trong số phát sóng có bao nhiêu giây để trả lời?",
    "Cuộc thi được tổ chức mấy năm một lần?",
    "Tại cuộc thi lần thứ 6 – năm 2023, vòng chung khảo diễn ra vào ngày nào?",
    "Đơn vị nào đạt giải Nhất cuộc thi năm 2023?",
    "Chương trình tổng thể cải cách hành chính 2021–2030 có mấy nội dung?",
    "Có bao nhiêu mô hình, sáng kiến vào vòng chung khảo năm 2023?",
    "Chương trình tổng thể 2021–2030 ban hành theo nghị quyết nào?",
    "Dữ liệu lưu trữ được số hóa gần bao nhiêu trang đến hết năm 2019?",
    "Giám khảo chấm thế nào khi cơ quan mình có đội thi?",
)
RESERVES = (
    "Phần thi tương tác trực tuyến được phát trên mấy trang?",
    "Thành phần mới của Ban Giám khảo năm 2023 là ai?",
)
NAMES = (
    ("Nguyễn Thị Phương Thảo", "Sở Nội vụ tỉnh Khánh Hòa"),
    ("Trần Văn Bình", "UBND phường Phước Hòa"),
    ("Lê Hoàng Bảo Ngọc", "Trung tâm Phục vụ hành chính công"),
    ("Đặng Quốc Ẩn", "Cục Thuế tỉnh"),
    ("Phạm Minh Tuệ", "Tỉnh đoàn"),
    ("Võ Ngọc Quỳnh Như", "Sở Thông tin và Truyền thông"),
    ("Hồ Sỹ Nguyên", "UBND huyện Cam Lâm"),
    ("Bùi Thị Hạnh", "Bưu điện tỉnh"),
    ("Ngô Đình Khôi", "Thanh tra tỉnh"),
    ("Đỗ Mỹ Linh", "Trường Đại học Nha Trang"),
)
OPTIONS = ("07/10/2023", "31/10/2023", "20/11/2023", "22/12/2023")
LONG_TEXT = (
    "Tại cuộc thi lần thứ 6 – năm 2023, mô hình “Đội Thanh niên tình nguyện hỗ trợ "
    "thủ tục hành chính” tại Trung tâm Phục vụ hành chính công tỉnh do cơ quan, đơn "
    "vị nào sau đây xây dựng và trình bày ở vòng chung?"
)
LONG_OPTIONS = (
    "Liên quân các xã của huyện Diên Khánh cùng Huyện đoàn và Phòng Nội vụ huyện này",
    "Văn phòng Ủy ban nhân dân tỉnh Khánh Hòa phối hợp với Tỉnh đoàn Khánh Hòa (2023)",
    "Sở Thông tin và Truyền thông phối hợp với Đài Phát thanh – Truyền hình Khánh Hòa",
    "Cục Thuế tỉnh, Bảo hiểm xã hội tỉnh và Kho bạc Nhà nước Khánh Hòa cùng thực hiện",
    "Ủy ban nhân dân thành phố Cam Ranh và Ủy ban nhân dân thị xã Ninh Hòa phối hợp ạ",
    "Hội Tin học tỉnh và Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh cùng thực hiện ạ",
)
CURRENT = 4
ANYTIME = ("hide_name", "notice", "cheer", "set_eligible", "reorder", "place")
HASH = "3f2a91c0d4e85b6677a1f09be2c3d4415a6b7c8d9e0f1a2b3c4d5e6f708192a3"
SEALS = {1: "7K3M-Q09D-XV2B", 2: "0GHD-6TWN-R5PC", 3: "W4ZA-81JE-FM6S"}
FAST = FlagPart(
    code="fast", text="Trả lời sau 0,64 giây: nhanh hơn hầu hết mọi người đọc kịp."
)
CHANGED = FlagPart(code="changed", text="Đã thử đổi đáp án sau lần bấm đầu tiên.")
RESENT = FlagPart(
    code="resent", text="Câu hỏi đã gửi lại sau khi mất kết nối, thời gian tính từ T0."
)
TWINS = FlagPart(
    code="twins",
    text="Cùng thiết bị hoặc đường truyền với 2 người khác trả lời gần như cùng lúc.",
)
COUNTS = {"A": 61, "B": 842, "C": 203, "D": 38}
OUTPUTS = (
    OutputPart(
        id="o1",
        number=1,
        view="stage",
        layout="16x9",
        active=True,
        obs="32.0.2",
        scene="open",
        step=12,
        lag_ms=74,
        frame_p95_ms=16.7,
        seen_ms=1_200,
        size="1920x1080",
        streaming=True,
    ),
    OutputPart(
        id="o2",
        number=2,
        view="stage",
        layout="9x16",
        active=False,
        obs="32.0.2",
        scene="asked",
        step=11,
        lag_ms=1_320,
        delay_ms=2_000,
        frame_p95_ms=17.1,
        seen_ms=4_100,
        size="1080x1920",
        build="0ld",
    ),
    OutputPart(id="o3", number=3, view="obs-remote", layout="16x9", control=1),
    OutputPart(
        id="o4", number=4, view="stage", layout="16x9", lost=True, seen_ms=41_000
    ),
)
HEALTH = {
    "loop_lag_worst_ms": 11.4,
    "ledger_lag_worst_ms": 6.2,
    "ledger_queued": 0,
    "disk_free_bytes": 212_480_000_000,
    "backup_age_s": 198_000,
    "phones_online": 1_248,
    "ledger_ok": 1,
}
SLOW = ConcernPart(
    code="loop_slow",
    level="warning",
    gauge="loop_lag_worst_ms",
    value=350.4,
    unit="ms",
)
LOW = ConcernPart(
    code="disk_low",
    level="warning",
    gauge="disk_free_bytes",
    value=851_300_000,
    unit="bytes",
)
FAILING = ConcernPart(code="ledger_io_error", level="bad", gauge="ledger_ok")
AUDIT = (
    AuditPart(at="2026-10-19T12:58:00Z", actor="minh", name="LobbyOpened"),
    AuditPart(at="2026-10-19T13:04:11Z", actor="minh", name="QuestionAsked"),
    AuditPart(at="2026-10-19T13:04:30Z", actor="timer", name="QuestionOpened"),
    AuditPart(at="2026-10-19T13:04:45Z", actor="timer", name="QuestionLocked"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A named host state; `names` of scenes are the names of the pictures."""

    name: str
    state: Message


def message(struct: HostOut) -> Message:
    """Return what stands on the wire."""
    decoded: Message = json.loads(encode(struct))
    return decoded


def question(state: str, **changes: Any) -> HostQuestion:
    """Return the current question."""
    fields: dict[str, Any] = {
        "id": "q4",
        "number": CURRENT,
        "total": 10,
        "state": state,
        "text": TEXTS[CURRENT - 1],
        "options": options(OPTIONS),
        "key": "B",
        "explanation": "Vòng chung khảo được tổ chức trực tiếp, tập trung vào thứ Ba "
        "ngày 31/10/2023 với 11 đội thi.",
        "source": "Báo cáo kết quả cuộc thi của Sở Nội vụ",
        "duration_ms": 15_000,
        "as_of": "2023-12-22",
    }
    return HostQuestion(**(fields | changes))


def longest() -> HostQuestion:
    """Return the longest question the bank lets pass, with six options."""
    return question("open", text=LONG_TEXT, options=options(LONG_OPTIONS))


def options(texts: tuple[str, ...]) -> tuple[OptionPart, ...]:
    pairs = zip("ABCDEF", texts, strict=False)
    return tuple(OptionPart(id=letter, text=line) for letter, line in pairs)


def rows(current: str = "waiting") -> tuple[RundownRow, ...]:
    """Return the run-down with question 4 in the state `current`."""
    plan = [_row(n, current) for n in range(1, 11)]
    spare = [
        RundownRow(id=f"r{n}", number=None, text=line, state="waiting", reserve=True)
        for n, line in enumerate(RESERVES)
    ]
    return (*plan, *spare)


def _row(number: int, current: str) -> RundownRow:
    line, name = TEXTS[number - 1], f"q{number}"
    if number == 2:
        return RundownRow(
            id=name,
            number=number,
            text=line,
            state="void",
            void_reason="Sự cố kỹ thuật",
            seal=SEALS[number],
        )
    if number < CURRENT:
        return RundownRow(
            id=name,
            number=number,
            text=line,
            state="revealed",
            answered=1_100 + number,
            right=640 + number,
            key="B",
            key_was="A" if number == 1 else None,
            seal=SEALS[number],
            options=options(OPTIONS),
        )
    state = current if number == CURRENT else "waiting"
    return RundownRow(id=name, number=number, text=line, state=state)


def fastest() -> tuple[HostFastest, ...]:
    """Return ten people, two of them tied, some with something to look at."""
    ranks = (1, 2, 2, 4, 5, 6, 7, 8, 9, 10)
    notes = {0: (FAST,), 3: (CHANGED, TWINS), 6: (RESENT,)}
    shown = {4: "P. V. Đ."}
    return tuple(
        HostFastest(
            participant=f"p{place}",
            name=name,
            unit=unit,
            rank=ranks[place],
            tied=ranks[place] == ranks[1],
            time_ms=640 + 310 * ranks[place],
            notes=notes.get(place, ()),
            shown=shown.get(place, ""),
        )
        for place, (name, unit) in enumerate(NAMES)
    )


def live(**changes: Any) -> LivePart:
    """Return the numbers of a show in full swing."""
    fields: dict[str, Any] = {
        "online": 1_248,
        "joined": 1_302,
        "via": {"a": 702, "b": 388, "c": 158, "": 54},
        "outputs": OUTPUTS,
        "health": HEALTH,
    }
    return LivePart(**(fields | changes))


def ill(*concerns: ConcernPart) -> LivePart:
    """Return the numbers while answers come in and something is wrong."""
    health = HEALTH | {one.gauge: one.value for one in concerns}
    return msgspec.structs.replace(answered(), health=health, concerns=concerns)


def answered() -> LivePart:
    """Return the numbers while answers come in."""
    return live(
        answered=1_144,
        counts=COUNTS,
        accepted=1_144,
        late=3,
        rejected=1,
        fastest=fastest(),
        fair={
            "a": FairPart(measured=640, p50_ms=45, p95_ms=180, late=2),
            "b": FairPart(measured=351, p50_ms=60, p95_ms=320),
            "c": FairPart(measured=140, p50_ms=40, p95_ms=110, late=1),
        },
    )


def standings() -> tuple[StandingPart, ...]:
    """Return ten rows with a dead heat in the second place."""
    ranks = (1, 2, 2, 4, 5, 6, 7, 8, 9, 10)
    return tuple(
        StandingPart(
            rank=ranks[place],
            tied=ranks[place] == ranks[1],
            name=name,
            unit=unit,
            right=9 - place // 2,
            total_ms=23_410 + 1_217 * ranks[place],
        )
        for place, (name, unit) in enumerate(NAMES)
    )


def state(phase: str, **changes: Any) -> Message:
    """Return a host state of `phase`; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "epoch": "e1",
        "step": 12,
        "phase": phase,
        "code": "CCHC1",
        "title": "Số 1 – Cuộc thi và cải cách hành chính",
        "lang": "vi",
        "timing": "fair-1",
        "questions": rows(),
        "allowed": ANYTIME,
        "live": live(),
        "join_url": "https://hoithi.example.vn/CCHC1",
        "audit": AUDIT,
        "pack_hash": HASH,
        "prize_min_right": 8,
    }
    return message(HostState(**(fields | changes)))


def draft(**changes: Any) -> Message:
    """Return the state before the lobby opens: nobody and nothing is here."""
    fields: dict[str, Any] = {
        "next": NextPart(command="open_lobby", label="Mở phòng chờ"),
        "live": LivePart(online=0, joined=0),
        "audit": (),
        "allowed": ("advance", *ANYTIME),
    }
    return state("draft", **(fields | changes))


def lobby(**changes: Any) -> Message:
    """Return the open lobby."""
    fields: dict[str, Any] = {
        "next": NextPart(command="ask", label="Đọc câu 4", number=CURRENT),
        "allowed": ("advance", "ask", "open", "pause", "end", *ANYTIME),
    }
    return state("lobby", **(fields | changes))


def asked(**changes: Any) -> Message:
    """Return a question that is being read."""
    fields: dict[str, Any] = {
        "question": question("asked"),
        "questions": rows("asked"),
        "next": NextPart(
            command="open", label="Mở câu 4 – 15 giây", number=CURRENT, seconds=15
        ),
        "allowed": ("advance", "open", "pause", "void", "undo", *ANYTIME),
    }
    return state("asked", **(fields | changes))


def rolling(**changes: Any) -> Message:
    """Return the three seconds before the options come."""
    fields: dict[str, Any] = {
        "next": None,
        "opens_in_ms": 3_000,
        "allowed": ("void", *ANYTIME),
    }
    return asked(**(fields | changes))


def opened(**changes: Any) -> Message:
    """Return an open question with answers coming in."""
    fields: dict[str, Any] = {
        "question": question("open"),
        "questions": rows("open"),
        "live": answered(),
        "closes_in_ms": 11_000,
        "next": NextPart(command="lock", label="Khóa trả lời", number=CURRENT),
        "allowed": ("advance", "lock", "extend", "void", *ANYTIME),
    }
    return state("open", **(fields | changes))


def locked(**changes: Any) -> Message:
    """Return a question whose time is over."""
    fields: dict[str, Any] = {
        "question": question("locked"),
        "questions": rows("locked"),
        "live": answered(),
        "next": NextPart(command="reveal", label="Công bố đáp án", number=CURRENT),
        "allowed": ("advance", "reveal", "void", "pause", *ANYTIME),
    }
    return state("locked", **(fields | changes))


def voided(**changes: Any) -> Message:
    """Return the same question, void."""
    fields: dict[str, Any] = {
        "question": question("void"),
        "questions": rows("void"),
        "next": NextPart(command="ask", label="Đọc câu 5", number=5),
        "allowed": ("advance", "ask", "reserve", "standings", "end", "pause", *ANYTIME),
    }
    return locked(**(fields | changes))


def revealed(phase: str = "revealed", **changes: Any) -> Message:
    """Return a revealed question."""
    fields: dict[str, Any] = {
        "question": question("revealed"),
        "questions": rows("revealed"),
        "live": answered(),
        "next": NextPart(command="standings", label="Hiện bảng xếp hạng"),
        "allowed": (
            *("advance", "standings", "ask", "void", "end", "pause", "reshow"),
            *ANYTIME,
        ),
    }
    return state(phase, **(fields | changes))


def board(**changes: Any) -> Message:
    """Return the standings on screen."""
    fields: dict[str, Any] = {
        "standings": standings(),
        "next": NextPart(command="ask", label="Đọc câu 5", number=5),
        "allowed": (
            *("advance", "ask", "void", "end", "pause", "undo", "reshow"),
            *ANYTIME,
        ),
        "again": AgainPart(picture="reveal", question="q3"),
    }
    return revealed("standings", **(fields | changes))


def scenes() -> tuple[Scene, ...]:
    """Return one scene for every look of the panel on air; the rest is `aftermath`."""
    all_of_them = {
        "draft": draft(),
        "lobby": lobby(),
        "lobby-no-rule": lobby(prize_min_right=0, max_prizes_per_person=1),
        "asked": asked(),
        "rolling": rolling(),
        "open": opened(),
        "open-long": opened(question=longest(), live=answered()),
        "locked": locked(),
        "void": voided(),
        "revealed": revealed(),
        "standings": board(),
        "paused": paused(),
        "no-outputs": opened(live=live(outputs=())),
    }
    return tuple(Scene(name=name, state=one) for name, one in all_of_them.items())


def ill_scenes() -> tuple[Scene, ...]:
    """Return an open question while the server is not well."""
    all_of_them = {"warned": ill(SLOW, LOW), "failing": ill(FAILING, SLOW, LOW)}
    return tuple(
        Scene(name=name, state=opened(live=numbers))
        for name, numbers in all_of_them.items()
    )


def paused() -> Message:
    """Return the curtain over a revealed question."""
    return revealed(
        paused=True,
        next=NextPart(command="resume", label="Tiếp tục chương trình"),
        allowed=("advance", "resume", *ANYTIME),
        notice="Chương trình sẽ tiếp tục sau ít phút.",
    )
