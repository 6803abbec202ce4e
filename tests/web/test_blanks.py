"""A page with blanks: what crosses the wire is what would have been written out, for every way to read it."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch_web.blanks import LONGEST_BLOCK, WINDOW, Blanks

NAME, CSRF, FORM = "n0123456789", "c0123456789", "f0123456789"
MARKS = (NAME, CSRF, FORM)
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
pieces = st.one_of(words, words.map(lambda word: word * 50), st.just("<li>Anna Kovacs</li>" * 3000))
pages = st.lists(st.tuples(pieces, st.sampled_from(MARKS)), max_size=12)
values = st.fixed_dictionaries(dict.fromkeys(MARKS, words))


def blanks(text: str) -> Blanks:
    return Blanks(text, MARKS, frozenset((NAME,)))


@given(pages, pieces, st.lists(values, min_size=1, max_size=3))
def test_what_is_sent_is_the_page_with_its_values(page: list[tuple[str, str]], end: str, people: list[dict[str, str]]):
    text = "".join(piece + mark for piece, mark in page) + end
    sheet = blanks(text)
    for given_ in people:  # one after the other: what was compressed for one of them must not show to the next
        written = text
        for mark in MARKS:
            written = given_[mark].join(written.split(mark))
        assert sheet.filled(given_) == written.encode()
        assert gzip.decompress(sheet.gzipped(given_)) == written.encode()
        stream = zlib.decompressobj(wbits=31)  # as a browser does, bit by bit
        sent = sheet.gzipped(given_)
        assert b"".join(stream.decompress(sent[i : i + 7]) for i in range(0, len(sent), 7)) == written.encode()
        assert stream.eof
        assert stream.unused_data == b""


def test_a_page_with_many_forms_is_as_small_as_one_that_is_compressed_as_a_whole():
    form = f"<form method=post><input value={CSRF}><input name=once value={FORM}><button>Assign No. %d</button></form>"
    text = f"<p>{NAME}</p>" + "".join(form % number for number in range(60))
    given_ = {NAME: "Anna", CSRF: "x" * 91, FORM: "0" * 32}
    sent = blanks(text).gzipped(given_)
    values_alone = 60 * (91 + 32)
    assert len(sent) < len(gzip.compress(text.encode(), 9)) + values_alone + 60 * 2 * 16


@pytest.mark.parametrize("odd", ["\x00", "x" * (WINDOW + 1), "ä" * LONGEST_BLOCK])
def test_pages_and_values_that_are_odd_arrive_all_the_same(odd: str):
    text = f"{odd}{CSRF}{odd}{NAME}{odd}"
    given_ = {NAME: odd, CSRF: odd, FORM: ""}
    assert gzip.decompress(blanks(text).gzipped(given_)) == odd.encode() * 5
