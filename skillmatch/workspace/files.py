"""Files that people hand in: a photo is decoded, turned upright, shrunk and written anew; a PDF is checked."""

from __future__ import annotations

import re
from io import BytesIO
from math import ceil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from skillmatch.claims import LONGEST_FILE_NAME, MOST_FILE_BYTES
from skillmatch.errors import Invalid
from skillmatch.wording import said

if TYPE_CHECKING:
    from PIL import Image

JPEG, PDF = "image/jpeg", "application/pdf"
LONGEST_SIDE = 2000
"""Pixels of a photo as it is kept: print on a certificate stays readable."""
MOST_PIXELS, MOST_JPEG_PIXELS = 40_000_000, 250_000_000
"""A JPEG is decoded at a fraction of its size; other photos have to be held whole before they are shrunk."""
QUALITY = 85
PHOTOS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",)}
EXPECTED = said("a photo (JPEG, PNG or WebP) or a PDF")
A_PHOTO, A_PDF = said("a photo"), said("a PDF")
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif", b"avif", b"avis"}


def checked_file(name: str, content: bytes) -> tuple[str, str, bytes]:
    """Return name, media type and content of a file as it is kept.

    Parameters
    ----------
    name
        What the file is called where it comes from.
    content
        What is in it, at most `MOST_FILE_BYTES`.

    Raises
    ------
    Invalid
        For what is too large, damaged, no photo and no PDF, or not what its name says.
    """
    called = file_name(name)
    shown = said("file “{name}”", name=called)
    if not content:
        raise Invalid(said("{shown} is empty: choose {expected}", shown=shown, expected=EXPECTED))
    if len(content) > MOST_FILE_BYTES:
        raise Invalid(
            said(
                "{shown} has {size}: expected at most {most}",
                shown=shown,
                size=megabytes(len(content)),
                most=megabytes(MOST_FILE_BYTES),
            )
        )
    kind = _kind(content)
    if kind == "HEIC":
        raise Invalid(
            said(
                "{shown} is a HEIC photo, which most browsers cannot show: take the photo as JPEG (on an "
                "iPhone: Settings, Camera, Formats, Most Compatible), or send a screenshot of it",
                shown=shown,
            )
        )
    _check_called(called, kind)
    if kind == "PDF":
        _check_pdf(shown, content)
        return called if called.lower().endswith(".pdf") else f"{called}.pdf", PDF, content
    return f"{PurePosixPath(called).stem or 'photo'}.jpg", JPEG, _photo(shown, content, kind)


def file_name(name: str) -> str:
    """Return what a file is called, without folders and what cannot be printed.

    >>> file_name("C:\\\\fakepath\\\\my \\x00 certificate.pdf")
    'my  certificate.pdf'
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in last if sign.isprintable()).strip().strip(".")
    return plain[-LONGEST_FILE_NAME:] or "file"


def megabytes(size: int) -> str:
    """Return a size as people say it, rounded up: what is too large by a byte must not look as if it were not.

    >>> megabytes(10_000_000), megabytes(10_000_001), megabytes(300)
    ('10 MB', '10.1 MB', '0.1 MB')
    """
    return f"{ceil(size / 1e5) / 10:.1f}".removesuffix(".0") + " MB"


def _kind(content: bytes) -> str:
    """Return what a file is by how it begins, "" for what we do not take."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    if content.startswith(b"%PDF-"):
        return "PDF"
    return "HEIC" if content[4:8] == b"ftyp" and content[8:12] in _HEIF else ""


def _check_called(called: str, kind: str) -> None:
    """Raise Invalid for a file that is not what its name says; a photo may be one of another sort, as on the web."""
    ending = PurePosixPath(called).suffix.lower()
    photos = {each for endings in PHOTOS.values() for each in endings}
    promised = A_PDF if ending == ".pdf" else A_PHOTO if ending in photos else ""
    found = {"PDF": A_PDF, "": said("something else")}.get(kind, A_PHOTO)
    if promised and promised != found:
        raise Invalid(
            said(
                "file “{called}” is called {promised} but holds {found}: choose {expected}",
                called=called,
                promised=promised,
                found=found,
                expected=EXPECTED,
            )
        )
    if not kind or (ending and not promised):
        raise Invalid(
            said("file “{called}” is no photo and no PDF: choose {expected}", called=called, expected=EXPECTED)
        )


def _check_pdf(shown: str, content: bytes) -> None:
    tail = content[-2048:]
    if not re.match(rb"%PDF-[12]\.\d", content) or b"%%EOF" not in tail or b"startxref" not in tail:
        raise Invalid(
            said("{shown} is a PDF that is damaged or not complete: open it, save it anew and send that", shown=shown)
        )


def _photo(shown: str, content: bytes, kind: str) -> bytes:
    """Return a photo upright, at most `LONGEST_SIDE` wide and high, as a JPEG that tells nothing but the picture."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=[kind]) as opened:
            pixels = opened.width * opened.height
            most = MOST_JPEG_PIXELS if kind == "JPEG" else MOST_PIXELS
            if pixels > most:
                raise Invalid(
                    said(
                        "{shown} has {width:,} times {height:,} pixels: expected at most {most:,} million in "
                        "all, so take it with a smaller resolution",
                        shown=shown,
                        width=opened.width,
                        height=opened.height,
                        most=most // 1000000,
                    )
                )
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            written = BytesIO()
            # Saved from a new picture: nothing that came with the file is taken along.
            _on_white(upright).save(written, "JPEG", quality=QUALITY, exif=b"", icc_profile=None)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            said("{shown} is a photo that is damaged or not complete: take it again and send that", shown=shown)
        ) from error
    return written.getvalue()


def _on_white(photo: Image.Image) -> Image.Image:
    from PIL import Image

    seen = photo.convert("RGBA")
    plain = Image.new("RGB", photo.size, (255, 255, 255))
    plain.paste(seen, mask=seen.getchannel("A"))
    return plain
