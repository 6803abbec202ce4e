"""Many people at once: a process of its own that asks for pages over kept-alive connections and times the answers.

Reads a `Load` as JSON from its input, writes the times as JSON to its output.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
import zlib
from dataclasses import asdict, dataclass

LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
COOKIE = re.compile(rb"(?i)\r\nset-cookie: (\w+=[^;\r]+)")


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
    """Open one page after the other until the time is over, over a connection that is kept as browsers do."""
    rng = random.Random(load.seed * 1000 + number)
    end = begin + load.warm_up + load.seconds
    browser = Browser(load.port, load.cookies[number])
    await asyncio.sleep(rng.uniform(0.0, max(load.thinks[1], 0.2)))
    while time.monotonic() < end:
        path, title = rng.choice(load.pages)
        started = time.monotonic()
        problem = await browser.ask(path, title)
        if started >= begin + load.warm_up:
            found.times.append(1e3 * (time.monotonic() - started))
            if problem:
                found.errors.append(problem)
        if load.thinks[1]:
            await asyncio.sleep(rng.uniform(*load.thinks))
    browser.close()


class Browser:
    """One person's browser: a connection that is kept for as long as the server keeps it, and a cookie."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, title: str) -> str:
        """Ask for a page; return what is wrong with the answer, "" when it is right."""
        try:
            kept = self.streams is not None
            try:
                head, body = await asyncio.wait_for(self._ask(path), 60)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if not kept:
                    raise
                head, body = await asyncio.wait_for(self._ask(path), 60)  # the server had closed it meanwhile
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.close()
            return f"{path}: {type(error).__name__} {error}"
        return wrong(head, body, path, title)

    async def _ask(self, path: str) -> tuple[bytes, bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {self.cookie}")
        writer.write("\r\n".join((*lines, "Accept-Encoding: gzip", "", "")).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if baked := COOKIE.search(head):
            self.cookie = baked[1].decode()
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else await reader.read()
        if length is None or b"\r\nconnection: close" in head.lower():
            self.close()
        return head, body

    def close(self) -> None:
        """End the connection, if there is one."""
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


def wrong(head: bytes, body: bytes, path: str, title: str) -> str:
    """Return what is wrong with an answer."""
    status = head.split(b"\r\n", 1)[0].decode("latin-1")
    if " 200 " not in status + " ":
        return f"{path}: {status}"
    if b"content-encoding: gzip" in head.lower():
        body = zlib.decompressobj(wbits=31).decompress(body, 4000)  # the title stands near the beginning
    return "" if f"<title>{title}".encode() in body else f"{path}: not the title {title!r}"


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(asdict(asyncio.run(everybody(Load(**asked))))))
