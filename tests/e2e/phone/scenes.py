"""Every state of a phone as a snapshot, in the words of a real show.

Facts of the questions are invented lengths, not quiz material: what matters
here is how much room Vietnamese needs.
"""

from dataclasses import dataclass
from typing import Final

from msgspec import structs

from quizserver.wire.parts import (
    FastestPart,
    OptionPart,
    OwnAnswerPart,
    OwnResultPart,
    OwnStandingPart,
    QuestionPart,
    RevealPart,
    StandingPart,
    StandingsPart,
    TimingPart,
    WinnerPart,
)
from quizserver.wire.phone import State

EPOCH: Final = "e1"
SEAL: Final = "7K3M-9PQX-00T4"
LONG_NAME: Final = "Công Tằng Tôn Nữ Nguyễn Thị Phương Thảo"
LONG_UNIT: Final = (
    "Ban Quản lý dự án đầu tư xây dựng các công trình dân dụng và công nghiệp tỉnh"
)
LONG_TEXT: Final = (
    "Theo Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021–2030, đến "
    "năm 2025 tối thiểu bao nhiêu phần trăm thủ tục hành chính có yêu cầu nghĩa vụ tài "
    "chính được thanh toán trực tuyến?"
)[:200]
LONG_OPTION: Final = (
    "Hệ thống thông tin giải quyết thủ tục hành chính cấp bộ, cấp tỉnh và Cổng Dịch vụ"
)[:80]
TEXTS: Final = (
    "Bộ Công an",
    "Văn phòng Chính phủ",
    "Bộ Thông tin và Truyền thông",
    "Tập đoàn Bưu chính Viễn thông Việt Nam",
)


def options(*texts: str) -> tuple[OptionPart, ...]:
    """Return options A, B, C … with these texts."""
    return tuple(
        OptionPart(id=letter, text=text)
        for letter, text in zip("ABCDEF", texts, strict=False)
    )


def question(
    state: str = "open", *, opened: bool = True, seal: str | None = None
) -> QuestionPart:
    """Return question 4 of 10 in `state`."""
    return QuestionPart(
        id="q4",
        number=4,
        total=10,
        text="Ứng dụng định danh điện tử VNeID do cơ quan nào xây dựng?",
        options=options(*TEXTS) if opened else (),
        nonce="00112233aabbccdd" if opened else None,
        duration_ms=15_000,
        state=state,
        seal=seal,
    )


def longest(texts: int = 4) -> QuestionPart:
    """Return a question as long as the bank allows."""
    return QuestionPart(
        id="q4",
        number=10,
        total=10,
        text=LONG_TEXT,
        options=options(*[LONG_OPTION] * texts),
        nonce="00112233aabbccdd",
        duration_ms=15_000,
        state="open",
    )


ANSWER: Final = OwnAnswerPart(
    question="q4", option="A", status="accepted", receipt="7F3K2", time_ms=2919
)
FASTEST: Final = (
    FastestPart(name="Trần Văn Đức", time_ms=1480, rank=1, unit="Sở Nội vụ"),
    FastestPart(name=LONG_NAME, time_ms=2140, rank=2, tied=True, unit=LONG_UNIT),
    FastestPart(name="Lê Thị Hồng Ánh", time_ms=2145, rank=2, tied=True),
)
OWN: Final = OwnStandingPart(right=3, total_ms=9_730, rank=12, streak=3)


FITS: Final = TimingPart(
    elapsed_ms=2_987,
    claimed_ms=2_919,
    most_ms=112,
    credited_ms=68,
    time_ms=2_919,
    tier="kernel",
    sent="live",
)
"""How the time of an honest phone on a fair line came about."""


def reveal(
    *,
    right: bool = True,
    you: bool = True,
    status: str = "accepted",
    timing: TimingPart | None = None,
) -> RevealPart:
    """Return the reveal of question 4 to somebody right, wrong, late or absent."""
    rank = 12 if right else None
    own = OwnResultPart(
        right=right,
        show=OWN if right else structs.replace(OWN, streak=0),
        time_ms=timing.time_ms if timing else 2919,
        rank=rank,
        tied=right,
        status=status,
        timing=timing,
    )
    return RevealPart(
        question="q4",
        correct="A",
        counts={"A": 812, "B": 97, "C": 233, "D": 41},
        fastest=FASTEST,
        explanation="VNeID do Bộ Công an phát triển trên nền Cơ sở dữ liệu quốc gia "
        "về dân cư.",
        source="Nghị định 59/2022/NĐ-CP",
        you=own if you else None,
    )


def standing(
    place: int, *, name: str = "Phạm Minh Tuấn", rank: int | None = None
) -> StandingPart:
    """Return one row of the standings."""
    return StandingPart(
        rank=rank or place,
        tied=rank is not None,
        name=name,
        right=10 - place // 3,
        total_ms=21_000 + 3_417 * place,
        unit="UBND phường Phước Hòa" if place % 2 else None,
    )


TOP: Final = (
    standing(1, name=LONG_NAME),
    standing(2, rank=2),
    standing(3, rank=2, name="Đặng Thị Ngọc Ẩn"),
    standing(4),
    StandingPart(
        rank=5,
        tied=False,
        name="Nguyễn Thị Phương Thảo",
        right=7,
        total_ms=23_400,
        unit="Sở Tư pháp",
    ),
)
WINNERS: Final = (
    WinnerPart(
        prize="show",
        name=LONG_NAME,
        status="provisional",
        right=9,
        time_ms=24_417,
        unit=LONG_UNIT,
    ),
    WinnerPart(
        prize="q1", number=1, name="Trần Văn Đức", status="confirmed", time_ms=1480
    ),
    WinnerPart(
        prize="q2",
        number=2,
        name="Lê Thị Hồng Ánh",
        status="undecided",
        time_ms=2140,
        tied=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A snapshot and what must be read on the phone that gets it."""

    name: str
    snapshot: State
    texts: tuple[str, ...]


def scene(name: str, phase: str, *texts: str, **fields: object) -> Scene:
    """Return a scene at step 9."""
    snapshot = State(epoch=EPOCH, step=9, phase=phase, **fields)  # type: ignore[arg-type]
    return Scene(name=name, snapshot=snapshot, texts=texts)


def timed(
    name: str,
    *texts: str,
    right: bool = True,
    status: str = "accepted",
    **numbers: object,
) -> Scene:
    """Return the reveal to somebody whose time came about by `numbers`."""
    timing = structs.replace(FITS, **numbers)
    took = timing.time_ms
    return scene(
        f"time-{name}",
        "revealed",
        *texts,
        question=question("revealed", seal=SEAL),
        your_answer=OwnAnswerPart(
            question="q4",
            option="A" if right else "C",
            status=status,
            receipt="7F3K2",
            time_ms=took,
        ),
        result=reveal(right=right, status=status, timing=timing),
    )


TIMES: Final = (
    timed(
        "fits",
        "Thời gian của bạn: 2,91 giây",
        "Máy chủ tin số đo của điện thoại",
        "2,987 s",
        "bù nhiều nhất 0,112 s",
        "− 0,068 s",
        "2,919 s",
        "đồng hạng 12",
        f"Mã niêm phong {SEAL}",
    ),
    timed(
        "below",
        "Máy chủ chỉ bù đến mức nhiều nhất",
        claimed_ms=2_100,
        credited_ms=112,
        time_ms=2_875,
    ),
    timed(
        "above",
        "máy chủ dùng số của mình",
        claimed_ms=3_400,
        credited_ms=0,
        time_ms=2_987,
    ),
    timed(
        "resent",
        "Câu hỏi đã được gửi lại cho bạn",
        "không dùng để tính",
        sent="resent",
        claimed_ms=612,
    ),
    timed("absent", "Bạn vào khi câu hỏi đã mở", sent="absent", claimed_ms=None),
    timed(
        "http",
        "đường dự phòng",
        tier="http",
        sent="resent",
        most_ms=40,
        credited_ms=0,
        time_ms=2_987,
    ),
    timed("hidden", "trang này đã bị ẩn", claimed_ms=None),
    timed(
        "received",
        "không bù độ trễ mạng",
        "từ lúc câu hỏi mở",
        most_ms=0,
        credited_ms=0,
        time_ms=2_987,
        tier="",
        sent="",
    ),
    timed(
        "wrong",
        "Chưa đúng",
        "Thời gian của bạn: 2,91 giây",
        "không cộng thời gian",
        right=False,
    ),
    timed(
        "late-tapped",
        "Quá giờ",
        "Bạn chạm sau khi hết 15 giây.",
        "Thời gian của bạn: 15,20 giây",
        right=False,
        status="late",
        claimed_ms=15_204,
        elapsed_ms=15_272,
        time_ms=15_204,
    ),
    timed(
        "late-arrived",
        "Quá giờ",
        "Câu trả lời đến máy chủ quá muộn.",
        "Thời gian của bạn: 14,80 giây",
        right=False,
        status="late",
        claimed_ms=14_100,
        elapsed_ms=15_300,
        most_ms=500,
        credited_ms=500,
        time_ms=14_800,
    ),
    timed(
        "late-received",
        "Câu trả lời đến sau khi hết 15 giây.",
        "Thời gian của bạn: 15,20 giây",
        right=False,
        status="late",
        elapsed_ms=15_204,
        most_ms=0,
        credited_ms=0,
        time_ms=15_204,
    ),
)


VOID: Final = structs.replace(question("void"), void_reason="Sai đáp án")
SCENES: Final = (
    scene("draft", "draft", "Chương trình sắp bắt đầu"),
    scene("lobby", "lobby", "Bạn đã ở trong phòng chờ", "Xin chào", "10 câu hỏi"),
    scene(
        "asked",
        "asked",
        "Câu 4/10",
        "VNeID do cơ quan nào",
        "nghe người dẫn",
        question=question("asked", opened=False),
    ),
    scene(
        "roll",
        "asked",
        "Chuẩn bị!",
        "3",
        question=question("asked", opened=False),
        opens_in_ms=3_000,
    ),
    scene(
        "open",
        "open",
        "Câu 4/10",
        "Bộ Công an",
        "Chạm để trả lời",
        question=question(),
        closes_in_ms=12_400,
    ),
    scene("open-longest", "open", "Câu 10/10", question=longest(), closes_in_ms=4_400),
    scene("open-six", "open", "Câu 10/10", question=longest(6), closes_in_ms=9_400),
    scene(
        "recorded",
        "open",
        "Đã ghi nhận 2,91 s",
        "7F3K2",
        question=question(),
        closes_in_ms=9_000,
        your_answer=ANSWER,
    ),
    scene(
        "late",
        "open",
        "Quá giờ nên không tính. Thời gian của bạn là 15,20 giây, quá 15 giây",
        question=question(),
        closes_in_ms=500,
        your_answer=OwnAnswerPart(
            question="q4", option="B", status="late", receipt="x", time_ms=15_204
        ),
    ),
    scene("locked-silent", "locked", "Bạn chưa trả lời", question=question("locked")),
    scene(
        "locked",
        "locked",
        "Đã khóa",
        "Đã ghi nhận",
        "Chờ công bố đáp án",
        question=question("locked"),
        your_answer=ANSWER,
    ),
    scene(
        "right",
        "revealed",
        "Đúng rồi!",
        "đồng hạng 12",
        "Thời gian của bạn: 2,91 giây",
        "Giải thích",
        "Trần Văn Đức",
        "1,48 s",
        "3 câu đúng",
        question=question("revealed"),
        your_answer=ANSWER,
        result=reveal(),
    ),
    scene(
        "wrong",
        "revealed",
        "Chưa đúng",
        "Đáp án",
        "Bạn chọn",
        question=question("revealed"),
        result=reveal(right=False),
        your_answer=OwnAnswerPart(
            question="q4", option="C", status="accepted", receipt="x", time_ms=2919
        ),
    ),
    scene(
        "silent",
        "revealed",
        "Bạn chưa trả lời",
        question=question("revealed"),
        result=reveal(you=False),
        you=OWN,
    ),
    scene(
        "silent-sealed",
        "revealed",
        "Bạn chưa trả lời",
        f"Mã niêm phong {SEAL}",
        question=question("revealed", seal=SEAL),
        result=reveal(you=False),
        you=OWN,
    ),
    *TIMES,
    scene(
        "standings",
        "standings",
        "Bảng xếp hạng",
        "1.183 người tham gia",
        "Bạn",
        "đồng hạng 2",
        standings=StandingsPart(top=TOP, participants=1183),
        you=OwnStandingPart(right=7, total_ms=23_400, rank=5),
    ),
    scene(
        "standings-below",
        "standings",
        "hạng 57",
        standings=StandingsPart(top=TOP, participants=1183),
        you=OwnStandingPart(right=4, total_ms=19_300, rank=57),
    ),
    scene("void", "locked", "Câu hỏi này đã bị hủy", "Sai đáp án", question=VOID),
    scene("void-revealed", "revealed", "Câu hỏi này đã bị hủy", question=VOID),
    scene("paused", "standings", "Tạm dừng", "lý do kỹ thuật", paused=True),
    scene(
        "notice",
        "lobby",
        "Chương trình bắt đầu lúc 20 giờ",
        notice="Chương trình bắt đầu lúc 20 giờ.",
    ),
    scene(
        "ended",
        "ended",
        "Chương trình đã kết thúc",
        LONG_NAME,
        "Tạm tính",
        "Chờ Ban Tổ chức quyết định",
        "đồng hạng 1",
        "hạng 57",
        winner=WINNERS,
        you=OwnStandingPart(right=4, total_ms=19_300, rank=57),
    ),
    scene(
        "ended-won",
        "confirmed",
        "Chúc mừng",
        "hạng 1",
        winner=(
            WinnerPart(
                prize="show",
                name="N. T. P. T.",
                status="confirmed",
                right=9,
                time_ms=24_417,
            ),
        ),
        you=OwnStandingPart(right=9, total_ms=24_417, rank=1),
    ),
    scene("ended-nobody", "ended", "Không có người đạt giải"),
)
