"""Which names wait for a host's glance, and above all which do not."""

from pathlib import Path

import pytest

from quizserver.live import held_words
from quizserver.live.held_words import HeldWords

LIST = HeldWords(
    Path(held_words.__file__).with_suffix(".txt").read_text("utf-8").splitlines()
)

HONEST = """
Nguyễn Thị Cúc; Trần Văn Bưởi; Lê Hoàng Phúc; Phạm Tiến Dũng; Đặng Thị Lan
Hồ Văn Lợn; Võ Thị Các; Đỗ Lộn; Bùi Buổi; Lý Đình Đích; Trương Định; Mai Du
Ngô Dư; Phan Dụ; Hà Đu; Tô Lìm; Vũ Đéc; Cao Chích; Dương Phố; Tạ Vân Dai
Đ. M. Tuấn; ĐMT Hùng; V. L. Hà; Nguyen Van Phuc; Dung Le; Long Dong; Bich Ngoc
Nguyễn Đăng Khoa Minh; Ẩn; Đội 4; Lớp 10A1; Sở Nội vụ; Scunthorpe; Dick Van Dyke
Assad; Analía; Cockburn; Nazim; Shizuka; Essex; Hoàng Thị Mỹ Linh; Lê Thị Dĩ
Nguyễn Thị Đào; Con Cò; Cái Lò; Mai Thị Loan; Đoàn Du Mã; Sussex Mass; Kim Jong
Pornthip Nakhirunkanok; Porntip; Pornchai
""".replace("\n", ";")

HELD = """
cặc; Thằng C4C CẶC; Lồn Tổ; đ ị t m ẹ; Địt Mẹ Mày; ditmemay; d!t me; Đụ Má
đụụụ; ĐM Chúng Mày; vcl; V.C.L; Vãi  Lồn; con c@c; Buồi Dài; FUCK you; fuuuuck
f.u.c.k; ｆｕｃｋ; motherfucker; Sh1t; b1tches; a$$hole; DJT; đéo biết
Porn; Pornhub; Pornography
""".replace("\n", ";")


def names(text: str) -> list[str]:
    return [name for one in text.split(";") if (name := one.strip())]


@pytest.mark.parametrize("name", names(HONEST))
def test_an_honest_name_does_not_wait(name: str) -> None:
    assert not LIST.are_in(name)
    assert not LIST.are_in(name.upper())


@pytest.mark.parametrize("name", names(HELD))
def test_a_word_of_the_list_waits_however_it_is_dressed(name: str) -> None:
    assert LIST.are_in(name)
    assert LIST.are_in(f"Anh {name} Tuấn")


def test_a_host_adds_words_with_remarks_and_empty_lines() -> None:
    own = HeldWords(["# ours", "", "  Đồ Ngốc  # as said", "troll*", "*"])
    assert own.are_in("đồ ngốc")
    assert own.are_in("Trolling")
    assert not own.are_in("Độ Ngọc")
    assert not own.are_in("")
