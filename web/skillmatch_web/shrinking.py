"""Pages and files cross the wire compressed, where whoever asks can read that."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

from skillmatch_web.addresses import is_api

LEAST = 1000
"""Bytes below which nothing is gained."""
LEVEL, LEVEL_OF_FILES = 1, 9
"""A page is compressed anew each time, in a millisecond; a file once."""
KINDS = frozenset(
    ("text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml")
)


def install(app: Flask) -> None:
    """Compress what is text and worth it."""
    app.after_request(shrink)


def shrink(response: Response) -> Response:
    """Compress an answer, unless it is small, is so already, is no text, or is only a part."""
    if response.mimetype not in KINDS or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    if is_api():
        return response  # programs get what they asked for as it is
    response.vary.add("Accept-Encoding")
    if request.method == "HEAD" or not request.accept_encodings["gzip"]:
        return response
    if request.endpoint == "static":
        return _shrink_file(response)
    if response.is_streamed or response.direct_passthrough:
        return response
    body = response.get_data()
    if len(body) >= LEAST:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        _say(response)
    return response


def _shrink_file(response: Response) -> Response:
    file = Path(current_app.static_folder or "", (request.view_args or {})["filename"])
    known = file.stat()
    if known.st_size < LEAST:
        return response
    small = _compressed(file, known.st_mtime_ns, known.st_size)
    response.close()  # the file that was opened to be sent
    response.direct_passthrough = False
    response.set_data(small)
    _say(response)
    return response


def _say(response: Response) -> None:
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag is not None:  # the compressed text is another one, that means the same
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=256)
def _compressed(file: Path, _changed: int, _size: int) -> bytes:
    return gzip.compress(file.read_bytes(), LEVEL_OF_FILES, mtime=0)
