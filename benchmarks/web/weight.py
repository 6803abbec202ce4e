"""What pages weigh: bytes on the wire for a browser with an empty cache, styles and scripts included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

from flask import Flask

from skillmatch_web.addresses import API

PARTS = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


def addresses(app: Flask, known: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Return the address of every page by its endpoint, with the ids that are `known`, and endpoints without one."""
    found: dict[str, str] = {}
    missing: list[str] = []
    with app.test_request_context("/", base_url="http://127.0.0.1/"):
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.rule.startswith(f"{API}/"):
                continue
            if rule.arguments <= known.keys():
                found[rule.endpoint] = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
            else:
                missing.append(rule.endpoint)
    return found, sorted(missing)


def weigh(port: int, path: str, cookie: str) -> tuple[int, int]:
    """Return the status of an address and its bytes on the wire, heads and all that it links from us included."""
    import gzip

    status, size, head, body = _get(port, path, cookie)
    plain = gzip.decompress(body) if "gzip" in head else body
    for part in sorted(set(PARTS.findall(plain))):
        size += _get(port, part.decode(), cookie)[1]
    return status, size


def _get(port: int, path: str, cookie: str) -> tuple[int, int, str, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + len("HTTP/1.1 200 OK\r\n\r\n")
        return answer.status, head + len(body), answer.headers.get("Content-Encoding", ""), body
