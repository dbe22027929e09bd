"""Uploads: pictures, sheets and parcels are judged whole before anything is kept."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from quizserver.bank import images, parcel, shelf
from quizserver.bank.delivery import FORMS, delivered
from quizserver.bank.export import export
from quizserver.bank.fields import Wrong
from quizserver.bank.flaws import PackRefused, sentence
from quizserver.bank.load import load

HOUSE = Path(__file__).resolve().parents[3] / "questions"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "packs"
PACK = load(HOUSE / "cchc-2023-so-1")


def drawn(kind: str, size: tuple[int, int] = (320, 200), **how: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "#0b2a4a").save(written, kind, **how)
    return written.getvalue()


def zipped(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parcel_:
        for name, content in files.items():
            parcel_.writestr(name.replace("__dot__", "."), content)
    return written.getvalue()


def refused(name: str, content: bytes, *folders: Path) -> list[str]:
    with (
        pytest.raises(PackRefused) as caught,
        delivered(name, content, list(folders)),
    ):
        raise AssertionError("it was taken")
    for flaw in caught.value.flaws:
        assert "/tmp" not in sentence(flaw, "vi")  # noqa: S108 - ours is not told
        assert flaw.file.startswith(name)
    return [flaw.code for flaw in caught.value.flaws]


def wrong(name: str, content: bytes) -> str:
    with pytest.raises(Wrong) as caught:
        images.check_upload(name, content)
    return caught.value.code


TOO_LARGE = b"\x89PNG\r\n\x1a\n" + b"\0" * images.MOST_BYTES
MANY = {f"{n}.png": b"x" for n in range(1_201)}


class TestPictures:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.png", drawn("png")),
            ("a.jpg", drawn("jpeg")),
            ("a.jpeg", drawn("jpeg", progressive=True)),
            ("a.webp", drawn("webp")),
            ("a.webp", drawn("webp", lossless=True)),
            ("a.webp", drawn("webp", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")),
            ("a.png", drawn("png", (images.LEAST_SIDE, images.MOST_SIDE))),
        ],
        ids=["png", "jpeg", "progressive", "vp8", "vp8l", "vp8x", "limits"],
    )
    def test_sound_ones_pass(self, name: str, content: bytes) -> None:
        images.check_upload(name, content)

    @pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
    @pytest.mark.parametrize("size", [(15, 200), (200, 4_097)])
    def test_sides_are_read_and_bounded(self, kind: str, size: tuple[int, int]) -> None:
        assert wrong(f"a.{kind}", drawn(kind, size)) == "image_sides"

    @pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
    def test_one_that_breaks_off_is_told(self, kind: str) -> None:
        whole = drawn(kind)

        codes = {wrong(f"a.{kind}", whole[:end]) for end in range(12, len(whole) - 8)}

        assert codes == {"image_broken"}

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.svg", b"<svg onload='x'/>", "image_kind"),
            ("a.png", b"", "image_kind"),
            ("a.png", drawn("jpeg"), "image_ending"),
            ("../a.png", drawn("png"), "image_name"),
            ("a.png", TOO_LARGE, "image_too_large"),
            ("a.webp", b"RIFF\x04\0\0\0WEBPVP9 ", "image_broken"),
            ("a.jpg", b"\xff\xd8\xff\xff\xd0\xff\xda\0\x02\xff\xd9", "image_broken"),
        ],
    )  # fmt: skip
    def test_others_are_refused(self, name: str, content: bytes, code: str) -> None:
        assert wrong(name, content) == code

    def test_upload_is_kept_under_its_hash(self, tmp_path: Path) -> None:
        folders = [tmp_path, HOUSE]

        name = shelf.add_picture(PACK.id, "ban-do.png", drawn("png"), folders)
        again = shelf.add_picture(PACK.id, "ban-do.png", drawn("png"), folders)

        assert name == again
        file = shelf.image_file(PACK.id, name, folders)
        assert file is not None
        assert file.read_bytes() == drawn("png")
        assert shelf.load_pack(PACK.id, folders) == PACK


class TestPacks:
    @pytest.mark.parametrize("form", [".toml", ".csv", ".xlsx"])
    def test_every_form_is_taken(self, form: str) -> None:
        with delivered(f"Số 1{form}", export(PACK, form, "vi"), [HOUSE]) as (_, pack):
            assert pack == PACK

    def test_review_may_be_missing_and_nothing_else(self) -> None:
        source = (FIXTURES / "missing-reviewer" / "pack.toml").read_bytes()
        with delivered("so-1.toml", source, []) as (_, pack):
            assert not all(question.reviewer for question in pack.questions)

        source = (FIXTURES / "missing-source" / "pack.toml").read_bytes()
        assert refused("so-1.toml", source) == ["missing_source"]

    def test_flaws_name_the_senders_file(self) -> None:
        source = (FIXTURES / "two-keys" / "pack.toml").read_bytes()

        assert refused("so-1.toml", source) == ["two_keys"]

    def test_unknown_form_is_told_what_there_is(self) -> None:
        with pytest.raises(PackRefused) as caught, delivered("so-1.ods", b"", []):
            pass
        assert str(caught.value.flaws[0].values["known"]).split(", ") == list(FORMS)

    @pytest.mark.parametrize("name", ["../../x/so-1.toml", "..\\so-1.toml", "a\0.toml"])
    def test_name_leads_nowhere(self, name: str) -> None:
        with delivered(name, export(PACK, ".toml", "vi"), []) as (folder, _):
            assert [path.parent for path in folder.iterdir()] == [folder]

    @pytest.mark.parametrize("name", [".toml", "...toml", "x" * 300 + ".toml"])
    def test_strange_name_is_shortened(self, name: str) -> None:
        with delivered(name, export(PACK, ".toml", "vi"), []) as (_, pack):
            assert pack == PACK

    def test_nothing_is_left_behind(self) -> None:
        with delivered("a.toml", export(PACK, ".toml", "vi"), []) as (folder, _):
            pass
        assert not folder.exists()


class TestParcels:
    def picture_pack(self) -> bytes:
        return (FIXTURES / "image-missing" / "pack.toml").read_bytes()

    def test_pack_and_pictures_make_the_way_there_and_back(
        self, tmp_path: Path
    ) -> None:
        sent = zipped(**{"so-1/pack.toml": self.picture_pack(),
                         "so-1/ban-do.png": drawn("png"),
                         "__MACOSX/so-1/._pack.toml": b"x",
                         "so-1/readme.txt": b"x"})  # fmt: skip
        with delivered("so-1.zip", sent, []) as (folder, pack):
            home = shelf.place(pack, tmp_path, folder)
        placed = load(home)

        with delivered("lai.zip", parcel.packed(placed, home), []) as (folder, pack):
            assert pack == placed
            name = placed.questions[1].image or ""
            assert (folder / name).read_bytes() == drawn("png")

    def test_pictures_we_have_need_not_come_again(self, tmp_path: Path) -> None:
        sent = zipped(**{"pack.toml": self.picture_pack(), "ban-do.png": drawn("png")})
        with delivered("so-1.zip", sent, []) as (folder, pack):
            home = shelf.place(pack, tmp_path, folder)
        sheet = export(load(home), ".csv", "vi")

        with delivered("so-1.csv", sheet, [tmp_path]) as (_, pack):
            assert pack == load(home)
        assert refused("so-1.csv", sheet, HOUSE) == ["image_not_sent"]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"no zip", "bad_zip"),
            (zipped(**{"a.png": drawn("png")}), "zip_no_pack"),
            (zipped(**{"a.csv": b"x", "b.toml": b"x"}), "zip_many_packs"),
            (zipped(**{"a.toml": b"x", "b.png": b"x"}), "image_kind"),
            (zipped(**{"a.toml": b"x", "b c.png": drawn("png")}), "image_name"),
            (zipped(**{"a.toml": b"\0" * 6_000_000}), "zip_too_large"),
            (zipped(**MANY), "zip_too_large"),
        ],
        ids=["none", "no pack", "two packs", "no picture", "name", "bomb", "many"],
    )  # fmt: skip
    def test_bad_ones_are_told(self, content: bytes, code: str) -> None:
        assert refused("so-1.zip", content) == [code]

    def test_all_that_is_unpacked_is_bounded(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parcel, "_MOST_UNPACKED", 1_000)
        sent = zipped(**{f"{n}.png": drawn("png") for n in range(20)})

        assert refused("so-1.zip", sent) == ["zip_too_large"]

    def test_damaged_entry_is_told(self) -> None:
        sent = bytearray(zipped(**{"pack.toml": export(PACK, ".toml", "vi")}))
        sent[80:90] = b"\xff" * 10

        assert refused("so-1.zip", bytes(sent)) == ["bad_zip"]
