"""A program that is told what happens: a server that keeps what it gets and answers as it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread


@dataclass
class Receiver:
    """What came in: headers and body of each request. `answers` are given in turn, the last one from then on.

    An answer is a status, or a time in seconds to wait before it is 200.
    """

    url: str = ""
    answers: list[int | float] = field(default_factory=lambda: [200])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    body: bytes = b""
    location: str = ""
    lock: Lock = field(default_factory=Lock)

    def take(self, headers: dict[str, str], body: bytes) -> int | float:
        """Keep a request and return how it is answered."""
        with self.lock:
            self.got.append((headers, body))
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiver(*answers: int | float) -> Iterator[Receiver]:
    """Run one, answering 200 where nothing else is said."""
    one = Receiver(answers=list(answers) or [200])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = one.take({name.lower(): value for name, value in self.headers.items()}, body)
            if isinstance(answer, float):
                time.sleep(answer)
                answer = 200
            try:
                self.send_response(answer)
                if one.location:
                    self.send_header("Location", one.location)
                self.send_header("Content-Length", str(len(one.body)))
                self.end_headers()
                self.wfile.write(one.body)
            except OSError:
                pass  # whoever sent it did not wait

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        one.url = f"http://127.0.0.1:{server.server_address[1]}/hook?a=1"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield one
        finally:
            server.shutdown()
            thread.join()
