"""Lines of a text file of which nothing may be taken for granted: its encoding, its size, its packing."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from skillmatch.importers.draft import Unfit

LONGEST_LINE = 16_000_000
UNPACKED_LIMIT = 500_000_000
_CHUNK = 1 << 20
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"
_ENCODING = "UTF-8: save the file as 'CSV UTF-8'"


class Lines:
    """The lines of a file as text, with their ends; packed ones (.gz) are unpacked on the way.

    What is wrong with single lines stands in `flaws` until the reader has dealt with it and cleared the list. `number`
    counts the lines handed out. A line of more than 16 MB is skipped without being held in memory.

    Raises
    ------
    Unfit
        While reading, when the file cannot be read on: damaged, or far bigger unpacked than a table can be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0
        self.flaws: list[Unfit] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        try:
            with self._open() as stream:
                yield from self._read(stream)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise Unfit(
                f"a damaged packed file ({error})", "a whole .gz file: fetch or pack it again", line=self.number + 1
            ) from error

    def _open(self) -> BinaryIO | gzip.GzipFile:
        with self.path.open("rb") as stream:
            packed = stream.read(2) == _GZIP
        self._packed = packed
        return gzip.open(self.path, "rb") if packed else self.path.open("rb")

    def _read(self, stream: BinaryIO | gzip.GzipFile) -> Iterator[str]:
        while raw := stream.readline(LONGEST_LINE):
            self.number += 1
            self._count(len(raw))
            if self.number == 1:
                if raw.startswith(_UTF16_BOMS):
                    raise Unfit("text in UTF-16", _ENCODING, line=1)
                raw = raw.removeprefix(_UTF8_BOM)
            if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                size = len(raw) + self._skip(stream)
                self.flaws.append(
                    Unfit(f"a line of {size:,} bytes", f"lines of at most {LONGEST_LINE:,}", line=self.number)
                )
                raw = b"\n"
            yield self._decode(raw)

    def _skip(self, stream: BinaryIO | gzip.GzipFile) -> int:
        """Read to the end of the line, keep nothing, and return how many bytes that was."""
        size = 0
        while chunk := stream.readline(_CHUNK):
            self._count(len(chunk))
            size += len(chunk)
            if chunk.endswith(b"\n"):
                break
        return size

    def _count(self, size: int) -> None:
        self._size += size
        if self._packed and self._size > UNPACKED_LIMIT:
            raise Unfit(
                f"more than {UNPACKED_LIMIT // 10**6} MB when unpacked",
                "a smaller file: divide it, or unpack it yourself if it is meant to be so big",
                line=self.number,
            )

    def _decode(self, raw: bytes) -> str:
        if b"\0" in raw:
            self.flaws.append(Unfit("a NUL byte", "text: save the file again as 'CSV UTF-8'", line=self.number))
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            found = f"byte 0x{raw[error.start]:02X} that is not UTF-8"
            self.flaws.append(Unfit(found, _ENCODING, line=self.number))
            return raw.decode(errors="replace")
