"""Texts for people that can be said in another language later.

The code below the pages knows no languages. Where it makes a text that a page shows, it says it with `said`: the result
is the English text, a `str` like any other, and remembers the message and the values it was made of. Pages look the
message up in a catalogue and fill the values in anew; the command line, files and logs just have the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Formatter


class Said(str):
    """An English text with its `message` as it stands in a catalogue, its plural if it has one, and its `values`."""

    __slots__ = ("many", "message", "num", "values")

    message: str
    many: str
    num: int
    values: Mapping[str, object]

    def __str__(self) -> str:
        # What is raised with it is asked for its text by `str`, which must not lose what it was made of.
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (str.__str__(self), self.message, dict(self.values), self.many, self.num)


def _made(text: str, message: str, values: Mapping[str, object], many: str = "", num: int = 0) -> Said:
    made = Said(text)
    made.message, made.values, made.many, made.num = message, values, many, num
    return made


def said(message: str, **values: object) -> str:
    """Return a text whose values stand in braces.

    >>> text = said("level {level:g} in {skill}", level=3.0, skill="gas boilers")
    >>> text, text.message
    ('level 3 in gas boilers', 'level {level:g} in {skill}')
    """
    return _made(message.format_map(values) if values else message, message, values)


def said_again(text: str, messages: Iterable[str]) -> str:
    """Return a text that was kept as plain text as that one of the messages that it was made of; others as they are.

    The values are texts then, so the messages must not say how they are written.

    >>> said_again("Ann goes to Rome", ["{who} stays", "{who} goes to {where}"]).values
    {'who': 'Ann', 'where': 'Rome'}
    """
    for message in messages:
        parts = [(re.escape(fixed), name) for fixed, name, _spec, _how in Formatter().parse(message)]
        pattern = "".join(fixed + (f"(?P<{name}>.*)" if name else "") for fixed, name in parts)
        if match := re.fullmatch(pattern, text, re.DOTALL):
            return _made(text, message, match.groupdict())
    return text


def said_many(one: str, many: str, num: int, **values: object) -> str:
    """Return `one` or `many` as suits the number `num`, which is one of the values.

    >>> said_many("{num:,} day ago", "{num:,} days ago", 1200)
    '1,200 days ago'
    """
    values = {"num": num, **values}
    return _made((one if num == 1 else many).format_map(values), one, values, many, num)


def said_list(parts: Iterable[str], separator: str = ", ") -> str:
    """Return texts one after the other; each is later said by itself.

    >>> said_list([said("none"), "Berlin"])
    'none, Berlin'
    """
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return said(separator.join(f"{{{name}}}" for name in values), **values)


def joined(parts: Iterable[str], pair: str) -> str:
    """Return texts joined two by two as the message `pair` says, which names them `first` and `second`.

    >>> joined(["Berlin", "Rome", "Paris"], "{first} and {second}")
    'Berlin and Rome and Paris'
    """
    first, *rest = parts
    for part in rest:
        first = said(pair, first=first, second=part)
    return first
