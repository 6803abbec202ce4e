"""A page with blanks that is compressed once and filled in many times.

A gzip stream may be put together from pieces (RFC 1951, 3.2.4): what stands between the blanks is compressed once, what
is filled in goes between as it is. A piece may refer back to what came before it, so its distances hold only while
each blank has the length that it was compressed for. Compressing a page anew costs more than all else that giving out
a kept one does. It also keeps tokens apart from what people typed: the size on the wire tells nothing of a token.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping

WINDOW = 32 * 1024
LEVEL = 6
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST = b"\x01\x00\x00\xff\xff"
"""The block that ends the stream: nothing, as it is."""
FILLER = b"\x00"
"""Stands for what will be filled in while the rest is compressed. No page contains it, so nothing refers to it."""
LONGEST_BLOCK = 0xFFFF


class Blanks:
    """The text of a page, cut at its blanks. Safe to share between threads.

    Parameters
    ----------
    text
        The page, with marks for blanks.
    marks
        What stands in the place of each value.
    loose
        Those marks whose values may have any length: what follows does not refer back beyond them.
    """

    def __init__(self, text: str, marks: tuple[str, ...], loose: frozenset[str] = frozenset()) -> None:
        found = re.split("(" + "|".join(map(re.escape, marks)) + ")", text)
        self.pieces = tuple(piece.encode() for piece in found[::2])
        self.blanks = tuple(found[1::2])
        self.size = sum(map(len, self.pieces))
        self._loose = loose
        self._sound = not any(FILLER in piece for piece in self.pieces)
        self._compressed: dict[tuple[int, ...], tuple[bytes, ...]] = {}

    def filled(self, values: Mapping[str, str]) -> bytes:
        """Return the page with a value for each mark."""
        given = [values[blank].encode() for blank in self.blanks]
        parts = [part for pair in zip(self.pieces, given, strict=False) for part in pair]
        return b"".join((*parts, self.pieces[-1]))

    def gzipped(self, values: Mapping[str, str]) -> bytes:
        """Return the page with a value for each mark, compressed."""
        given = {mark: value.encode() for mark, value in values.items()}
        if not self._sound or max(map(len, given.values()), default=0) > LONGEST_BLOCK:
            return zlib.compress(self.filled(values), wbits=31)
        stored = {mark: _as_it_is(value) for mark, value in given.items()}
        compressed = self._pieces(tuple(0 if mark in self._loose else len(given[mark]) for mark in self.blanks))
        parts, crc, size = [HEAD], 0, self.size
        for plain, small, blank in zip(self.pieces, compressed, self.blanks, strict=False):
            value = given[blank]
            parts += (small, stored[blank])
            crc = zlib.crc32(value, zlib.crc32(plain, crc))
            size += len(value)
        crc = zlib.crc32(self.pieces[-1], crc)
        return b"".join((*parts, compressed[-1], LAST, struct.pack("<II", crc, size & 0xFFFFFFFF)))

    def _pieces(self, lengths: tuple[int, ...]) -> tuple[bytes, ...]:
        """Return the pieces, compressed for blanks of these lengths."""
        known = self._compressed.get(lengths)
        if known is None:
            before, made = b"", list[bytes]()
            for place, piece in enumerate(self.pieces):
                made.append(_deflated(piece, before))
                if place < len(self.blanks):
                    loose = self.blanks[place] in self._loose
                    before = b"" if loose else (before + piece + FILLER * lengths[place])[-WINDOW:]
            known = self._compressed[lengths] = tuple(made)
        return known


def _deflated(piece: bytes, before: bytes) -> bytes:
    """Return a piece as blocks that end with a whole byte, and go on from what came before."""
    press = zlib.compressobj(LEVEL, zlib.DEFLATED, -15, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY, before)
    return press.compress(piece) + press.flush(zlib.Z_SYNC_FLUSH)


def _as_it_is(value: bytes) -> bytes:
    """Return a value as a block that is not compressed."""
    return struct.pack("<BHH", 0, len(value), len(value) ^ 0xFFFF) + value
