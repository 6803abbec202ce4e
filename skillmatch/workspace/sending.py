"""Sending one message to an address: signed as Standard Webhooks has it, only where messages may go, and only briefly.

Of the time-out nothing is left out: a receiver that sends one byte a second is cut off after it, too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from skillmatch import __version__
from skillmatch.errors import Invalid

PREFIX = "whsec_"
SECONDS = 10.0
LONGEST_BODY = 64 * 1024
LONGEST_URL = 500
KEPT_OF_ANSWER = 300
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message: the `status` of the answer, None without one, and why it did not arrive, if so."""

    status: int | None
    error: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it."""
        return not self.error


def new_secret() -> str:
    """Return a secret with which messages are signed."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """Return what proves to whoever has the secret that a message is ours: HMAC-SHA256 over `id.timestamp.body`.

    The example of https://www.standardwebhooks.com:

    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    made = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(made.digest()).decode()


def check_url(url: str, *, private: bool) -> str:
    """Return an address that messages can be sent to, without blanks around it.

    Raises
    ------
    Invalid
        When it is none, holds a password, or is that of a private network and `private` does not allow those.
    """
    url = url.strip()
    parts = _parts(url)
    host = (parts.hostname or "").lower()
    try:
        allowed = private or is_public(ipaddress.ip_address(host))
    except ValueError:  # a name, which is looked up when it is sent
        allowed = private or host.rstrip(".").split(".")[-1] != "localhost"
    if not allowed:
        raise Invalid(_refusal(host))
    return url


def _parts(url: str) -> SplitResult:
    wanted = "expected one such as https://example.org/skillmatch"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid(f"the address cannot be read: {wanted}") from None
    if len(url) > LONGEST_URL:
        raise Invalid(f"the address has {len(url)} characters: expected at most {LONGEST_URL}")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise Invalid(f"the address does not begin with https:// or http:// and a name: {wanted}")
    if parts.username is not None or parts.password is not None:
        raise Invalid("the address holds a user name or a password: leave it out, what is sent is signed")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Invalid("the address holds blanks or letters that addresses do not have: write them as %20 and so on")
    return parts


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Return whether an address is one of the public net, seen through the ways to write an old one as a new one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _refusal(where: str) -> str:
    return (
        f"{where} is an address of this machine or of a private network: messages go to the public net alone, unless "
        "SKILLMATCH_WEBHOOK_PRIVATE allows others"
    )


def resolved(host: str, port: int, *, private: bool) -> str:
    """Return the address to connect to of a host, or raise Invalid when any of its addresses may not be reached."""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Invalid(f"the name {host} leads to no address: is it spelled right?") from None
    for one in found:
        if not private and not is_public(ipaddress.ip_address(one.partition("%")[0])):
            raise Invalid(_refusal(f"{host} ({one})" if one != host else one))
    return found[0]


class _Connection(HTTPConnection):
    """A connection to the address that was checked; the name goes into the request and the certificate alone."""

    def __init__(self, parts: SplitResult, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(parts.hostname or "", parts.port or (443 if context else 80), timeout=SECONDS)
        # Otherwise http.client names the port of plain HTTP for one of https.
        self.default_port = 443 if context else 80
        self._address, self._context = address, context
        self.reached: socket.socket | None = None
        self.late = False

    def connect(self) -> None:
        self.sock = self.reached = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            tls = self._context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.reached = tls
            tls.do_handshake()

    def cut(self) -> None:
        """Wake whoever waits for a byte: the plain socket is shut, below TLS too."""
        self.late = True
        if self.reached is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.reached, socket.SHUT_RDWR)


def send(
    url: str, secret: str, *, id: str, timestamp: int, body: bytes, private: bool, seconds: float = SECONDS
) -> Sent:
    """Send a message and return what became of it. It never raises for what is wrong with the receiver."""
    if len(body) > LONGEST_BODY:
        return Sent(None, f"the message has {len(body):,} bytes: at most {LONGEST_BODY:,} are sent")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"skillmatch/{__version__}",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, id, timestamp, body),
    }
    try:
        parts = _parts(url)
        context = ssl.create_default_context() if parts.scheme == "https" else None
        address = resolved(parts.hostname or "", parts.port or (443 if context else 80), private=private)
    except Invalid as error:
        return Sent(None, str(error))
    connection = _Connection(parts, address, context)
    connection.timeout = seconds
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    watch = Timer(seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        return _post(connection, path, body, headers)
    except (OSError, HTTPException, ValueError) as error:
        late = connection.late or isinstance(error, TimeoutError)
        return Sent(None, f"no answer within {seconds:g} seconds" if late else f"no answer: {_plain(str(error))}")
    finally:
        watch.cancel()
        connection.close()


def _post(connection: _Connection, path: str, body: bytes, headers: Mapping[str, str]) -> Sent:
    connection.request("POST", path, body, dict(headers))
    answer = connection.getresponse()
    said = _plain(answer.read(KEPT_OF_ANSWER * 4).decode("utf-8", "replace"))
    if 200 <= answer.status < 300:
        return Sent(answer.status)
    if 300 <= answer.status < 400:
        return Sent(answer.status, f"answered {answer.status}: redirects are not followed, correct the address")
    return Sent(answer.status, f"answered {answer.status}" + (f": {said}" if said else ""))


def _plain(text: str) -> str:
    """Return a text of strangers as one short line of what can be printed."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(kept.split())[:KEPT_OF_ANSWER]
