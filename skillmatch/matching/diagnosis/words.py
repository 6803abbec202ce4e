"""From a customer's words to the words that count: lower case, without marks, accents, numbers and little words.

Any text gives an answer. What is not a word is passed over, and of a very long text the beginning is read.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

MOST_CHARACTERS = 20_000
"""Characters of a text that are read; customers' words are far shorter, what is longer was pasted."""
MOST_WORDS = 200
"""Different words of a text that count, the first ones."""
LONGEST_WORD = 40
_TAG = re.compile(r"<[^<>]{0,500}>")
_WORD = re.compile(r"[^\W\d_]{2,}")
LITTLE = frozenset(
    "a an the and or but of to in on at by for from with as is are was were be been being am it its this that these"
    " those there here i we you he she they them our your my his her their me us do does did has have had will would"
    " can could not no so if then than when what which who".split()
)
"""English words that say nothing of a cause. Without the list the counts would find the same, from more calls."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the different words of a text that may say something, in their order.

    >>> words_of("There is <b>ICE</b> on one of the pipes, and the café is at 28 degrees!")
    ('ice', 'one', 'pipes', 'cafe', 'degrees')
    """
    plain = unicodedata.normalize("NFKD", unescape(_TAG.sub(" ", text[:MOST_CHARACTERS])).casefold())
    if not plain.isascii():
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    found: dict[str, None] = {}
    for word in _WORD.findall(plain):
        if word not in LITTLE and len(word) <= LONGEST_WORD:
            found[word] = None
            if len(found) == MOST_WORDS:
                break
    return tuple(found)
