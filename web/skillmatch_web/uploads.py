"""Forms that bring a file: how much they may send, and what becomes of one that sends more.

Everywhere else a request of more than 64 KB is refused unread. Here too much is refused before it is taken in, but what
was typed beside the file stands in front of it and is kept, so that nobody has to type it again.
"""

from __future__ import annotations

from io import BytesIO
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO

from flask import Flask, g, request, session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from skillmatch.claims import MOST_FILE_BYTES
from skillmatch_web.admission import TOKEN

UPLOADS = frozenset({"certificates.hand_in"})
"""Endpoints whose forms bring a file. In the form it has to stand behind all that is typed."""
MOST_BYTES = MOST_FILE_BYTES + 64 * 1024
HEAD = 64 * 1024
"""So much of a request that is too large is looked at for what was typed."""
PIECE = 64 * 1024
MOST_DRAINED, LONGEST_DRAINED = 200_000_000, 20.0
"""Bytes and seconds for which we let somebody send on: a browser shows no answer before it has sent all."""


def install(app: Flask) -> None:
    """Look at how much comes in before anything reads it. To be installed before the tokens of forms are checked."""
    app.before_request(allow_files)
    app.teardown_request(let_go)


def too_big() -> int | None:
    """Return how many bytes this request has sent where that is too much, else None."""
    found = g.get("too_big")
    return found if isinstance(found, int) else None


def allow_files() -> None:
    """Let a form that brings a file send more than others, if somebody is signed in."""
    if request.method != "POST" or request.endpoint not in UPLOADS or not session.get(TOKEN):
        return
    request.max_content_length = MOST_BYTES
    source: IO[bytes] = request.environ["wsgi.input"]
    if request.content_length is not None:
        if request.content_length > MOST_BYTES:
            head = _read(source, HEAD)
            _refuse(head, request.content_length)
            _drain(source, request.content_length - len(head))
    elif request.environ.get("wsgi.input_terminated"):
        _take_in(source)


def let_go(_error: BaseException | None) -> None:
    """Close what was taken in."""
    kept = g.pop("taken_in", None)
    if kept is not None:
        kept.close()


def _take_in(source: IO[bytes]) -> None:
    """Take in a body of which nobody said how long it is."""
    kept = g.taken_in = SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 - closed by `let_go`
    size = 0
    while size <= MOST_BYTES and (piece := source.read(PIECE)):
        kept.write(piece)
        size += len(piece)
    kept.seek(0)
    if size > MOST_BYTES:
        _refuse(kept.read(HEAD), size + _drain(source, MOST_DRAINED))
        return
    request.environ.pop("HTTP_TRANSFER_ENCODING", None)
    request.environ["CONTENT_LENGTH"] = str(size)
    request.environ["wsgi.input"] = kept


def _read(source: IO[bytes], most: int) -> bytes:
    found = b""
    while len(found) < most and (piece := source.read(min(PIECE, most - len(found)))):
        found += piece
    return found


def _drain(source: IO[bytes], rest: int) -> int:
    """Read on without keeping anything, and return how much that was."""
    done, until = 0, monotonic() + LONGEST_DRAINED
    while done < min(rest, MOST_DRAINED) and monotonic() < until:
        piece = source.read(min(PIECE, rest - done))
        if not piece:
            break
        done += len(piece)
    return done


def _refuse(head: bytes, size: int) -> None:
    """Make the request one without its file, and remember how large it was."""
    g.too_big = size
    values = request.__dict__
    values["stream"] = BytesIO()
    values["form"] = ImmutableMultiDict(typed_in(head, request.mimetype_params.get("boundary", "")))
    values["files"] = ImmutableMultiDict()


def typed_in(head: bytes, boundary: str) -> list[tuple[str, str]]:
    """Return the fields of a form of several parts that stand in front of its file, from how it begins."""
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=100)
    found: list[tuple[str, str]] = []
    name, value = "", b""
    try:
        decoder.receive_data(head)
        while not isinstance(event := decoder.next_event(), File | NeedData | Epilogue):
            if isinstance(event, Field):
                name, value = event.name, b""
            elif isinstance(event, Data):
                value += event.data
                if not event.more_data:
                    found.append((name, value.decode("utf-8", "replace")))
    except ValueError:
        return found
    return found
