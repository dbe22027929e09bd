"""Invented people for rehearsals: names with hard diacritics, made-up units.

Nobody here exists. Seeded, so that two rehearsals can be the same.
"""

from dataclasses import dataclass
from random import Random
from typing import Any, Final

_FAMILIES: Final = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đoàn",
    "Trịnh",
    "Mai",
    "Tô",
    "Quách",
)
_MIDDLES: Final = (
    "Thị",
    "Văn",
    "Thị Phương",
    "Đức",
    "Hữu",
    "Ngọc",
    "Thị Bích",
    "Quốc",
    "Minh",
    "Thanh",
    "Thị Mỹ",
    "Xuân",
    "Gia",
    "Khánh",
    "Thị Diễm",
)
_GIVENS: Final = (
    "Thảo",
    "Hằng",
    "Dũng",
    "Nghĩa",
    "Quỳnh",
    "Thưởng",
    "Ẩn",
    "Yến",
    "Khuê",
    "Bảo",
    "Trường",
    "Phước",
    "Diệp",
    "Tuyết",
    "Hậu",
    "Lộc",
    "Nguyệt",
    "Vỹ",
    "Ngân",
    "Đạt",
)
_UNITS: Final = (
    "UBND phường Sông Mới",
    "Trường THPT Bình Minh",
    "Trạm Y tế xã Đồi Thông",
    "Bưu điện Cầu Gỗ",
    "Sở Thử nghiệm",
    "Công ty Nước sạch Suối Trong",
    "Trung tâm Hành chính công Gió Biển",
    "Thôn Hạ, xã Ruộng Xanh",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who plays: what they write into the form, how well they know.

    `knows` is the share of answers they get right, `pace` stretches how long
    they think.
    """

    name: str
    unit: str
    via: str
    knows: float
    pace: float


def invent(count: int, seed: int) -> list[Person]:
    """Return `count` people, the same for the same seed."""
    chance = Random(seed)
    return [_invent(chance) for _ in range(count)]


def _invent(chance: Random) -> Person:
    name = " ".join(map(chance.choice, (_FAMILIES, _MIDDLES, _GIVENS)))
    return Person(
        name,
        chance.choice(_UNITS),
        chance.choice(("cchc", "cchc", "ktv", "tinhdoan")),
        chance.uniform(0.35, 0.9),
        chance.lognormvariate(0, 0.35),
    )


def form(person: Person) -> dict[str, Any]:
    """Return what a person writes to register (docs/reference/wire.md §2)."""
    consent = {"version": "1", "play": True, "show_name": True, "contact": False}
    return {
        "name": person.name,
        "unit": person.unit,
        "via": person.via,
        "consent": consent,
    }
