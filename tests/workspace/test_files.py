"""What is handed in is decoded and written anew, or refused in words."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from skillmatch.claims import MOST_FILE_BYTES
from skillmatch.errors import Invalid
from skillmatch.workspace import files
from skillmatch.workspace.files import checked_file, file_name

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n9\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    """Return a photo that is red at the top and blue below."""
    picture = Image.new(mode, size, (250, 0, 0) if mode == "RGB" else 0)
    if mode == "RGB":
        picture.paste((0, 0, 250), (0, size[1] // 2, *size))
    written = BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.JPG"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("PNG", "a")])
def test_a_photo_of_any_sort_becomes_a_jpeg(kind: str, name: str):
    called, media, content = checked_file(name, photo(kind))
    assert (called, media) == ("a.jpg", "image/jpeg")
    assert opened(content).format == "JPEG"
    assert opened(content).size == (60, 40)


def test_a_photo_is_turned_upright_and_tells_neither_place_nor_time():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x0132] = "2026:01:01 10:00:00"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    _name, _media, content = checked_file("a.jpg", photo(exif=exif))
    assert b"Exif" not in content
    kept = opened(content)
    assert kept.size == (40, 60)
    assert dict(kept.getexif()) == {}
    # Turned by a quarter, what was at the top is at the right.
    red, _green, blue = kept.getpixel((38, 30))
    assert red > 200 > 60 > blue


def test_comments_and_profiles_and_what_hangs_on_are_left_out():
    sent = photo(comment=b"home address") + b"<script>alert(1)</script>"
    _name, _media, content = checked_file("a.jpg", sent)
    assert b"home address" not in content
    assert b"script" not in content


def test_a_large_photo_is_shrunk_and_keeps_its_shape():
    _name, _media, content = checked_file("a.png", photo("PNG", (3000, 1500)))
    assert opened(content).size == (2000, 1000)


def test_what_is_clear_becomes_white():
    picture = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    written = BytesIO()
    picture.save(written, "PNG")
    _name, _media, content = checked_file("a.png", written.getvalue())
    assert min(opened(content).getpixel((10, 10))) > 250


def test_a_pdf_is_kept_to_the_byte():
    assert checked_file("C:\\papers\\gas.pdf", PDF) == ("gas.pdf", "application/pdf", PDF)
    assert checked_file("gas", PDF)[0] == "gas.pdf"


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jpg", b"", "is empty"),
        ("a.jpg", HEIC, "is a HEIC photo"),
        ("a.heic", HEIC, "Most Compatible"),
        ("a.jpg", PDF, "is called a photo but holds a PDF"),
        ("a.pdf", photo(), "is called a PDF but holds a photo"),
        ("a.pdf", b"<html><script>", "is called a PDF but holds something else"),
        ("a.jpg", b"MZ\x90\0 a program", "is called a photo but holds something else"),
        ("a.exe", photo(), "is no photo and no PDF"),
        ("a.svg", b"<svg onload='x'/>", "is no photo and no PDF"),
        ("a.gif", b"GIF89a", "is no photo and no PDF"),
        ("a.pdf", PDF[:-7], "is damaged or not complete"),
        ("a.pdf", b"%PDF-9.9" + PDF[8:], "is damaged or not complete"),
        ("a.jpg", photo(size=(400, 400))[:700], "is damaged or not complete"),
        ("a.png", photo("PNG", (400, 400))[:90], "is damaged or not complete"),
        ("a.jpg", b"\xff\xd8\xff" + b"x" * 100, "is damaged or not complete"),
        ("a.pdf", PDF + b"\0" * MOST_FILE_BYTES, "10.1 MB: expected at most 10 MB"),
    ],
)
def test_whatever_is_not_what_it_says_is_refused_in_words(name: str, content: bytes, said: str):
    with pytest.raises(Invalid, match=said.replace(".", r"\.")):
        checked_file(name, content)


def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_PIXELS", 1000)
    with pytest.raises(Invalid, match="60 times 40 pixels"):
        checked_file("a.png", photo("PNG"))
    huge = photo("PNG", (30_000, 9_000), "L")
    assert len(huge) < 400_000
    with pytest.raises(Invalid, match=r"pixels|damaged"):
        checked_file("bomb.png", huge)


@given(st.binary(max_size=300), st.sampled_from(["a.jpg", "a.pdf", "a.png", "a", "a.webp"]))
def test_noise_is_refused_and_never_breaks_anything(noise: bytes, name: str):
    starts = (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"%PDF-1.7")
    for start in starts:
        with pytest.raises(Invalid):
            checked_file(name, start + noise)


@given(st.text(max_size=400))
def test_any_name_of_a_file_becomes_one_that_can_be_kept(name: str):
    called = file_name(name)
    assert 1 <= len(called) <= 200
    assert called.isprintable()
    assert not set("/\\") & set(called)
