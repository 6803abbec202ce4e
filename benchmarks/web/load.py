"""Many people at once: a process of its own that asks for pages over kept-alive connections and times the answers.

Reads a `Load` as JSON from its input, writes the times as JSON to its output.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import zlib
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """Who asks for what: each of `cookies` is a person who opens one of `pages` after the other, in `seconds`.

    `pages` are (path, title). Between two pages a person thinks for a time between the ends of `thinks`, in seconds.
    The first `warm_up` seconds are not counted.
    """

    port: int
    cookies: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]
    seconds: float
    thinks: tuple[float, float] = (0.0, 0.0)
    warm_up: float = 3.0
    seed: int = 1

    def as_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))


@dataclass(slots=True)
class Timed:
    """Milliseconds of each answer, and what was wrong with some."""

    times: list[float]
    errors: list[str]


async def everybody(load: Load) -> Timed:
    """Let all people ask at once; return the times of all answers."""
    found = Timed([], [])
    begin = time.monotonic()
    people = (person(load, number, begin, found) for number in range(len(load.cookies)))
    await asyncio.gather(*people)
    return found


async def person(load: Load, number: int, begin: float, found: Timed) -> None:
    """Open one page after the other until the time is over."""
    rng = random.Random(load.seed * 1000 + number)
    end = begin + load.warm_up + load.seconds
    await asyncio.sleep(rng.uniform(0.0, max(load.thinks[1], 0.2)))
    while time.monotonic() < end:
        path, title = rng.choice(load.pages)
        started = time.monotonic()
        problem = await ask(load, number, path, title)
        if started >= begin + load.warm_up:
            found.times.append(1e3 * (time.monotonic() - started))
            if problem:
                found.errors.append(problem)
        if load.thinks[1]:
            await asyncio.sleep(rng.uniform(*load.thinks))


async def ask(load: Load, number: int, path: str, title: str) -> str:
    """Ask for a page as a browser does; return what is wrong with the answer, "" when it is right."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nCookie: {load.cookies[number]}\r\n"
        writer.write(f"{head}Accept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
    except (OSError, TimeoutError) as error:
        return f"{path}: {type(error).__name__} {error}"
    return wrong(answer, path, title)


def wrong(answer: bytes, path: str, title: str) -> str:
    """Return what is wrong with an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.split(b"\r\n", 1)[0].decode("latin-1")
    if " 200 " not in status + " ":
        return f"{path}: {status}"
    if b"content-encoding: gzip" in head.lower():
        body = zlib.decompressobj(wbits=31).decompress(body, 4000)  # the title stands near the beginning
    return "" if f"<title>{title}".encode() in body else f"{path}: not the title {title!r}"


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(asdict(asyncio.run(everybody(Load(**asked))))))
