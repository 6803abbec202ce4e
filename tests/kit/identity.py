"""An identity provider on loopback that vouches for whomever a test says, well or badly."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, redirect, request
from joserfc import jwk, jwt
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

CLIENT, SECRET = "skillmatch-pages", "a secret of the two"


class IdentityProvider:
    """OpenID Connect in a few lines. `claims` change what it states, `header` how it is signed."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.issuer = ""
        self.calls_itself = ""
        self.down = False
        self.denies = False
        self.header: dict[str, Any] = {"alg": "RS256"}
        self.key = self.new_key("k1")
        self.published = [self.key]
        self.codes: dict[str, dict[str, str]] = {}
        self.app = Flask("identity provider")
        self.app.add_url_rule("/.well-known/openid-configuration", view_func=self.discovery)
        self.app.add_url_rule("/authorize", view_func=self.authorize)
        self.app.add_url_rule("/token", view_func=self.token, methods=["POST"])
        self.app.add_url_rule("/keys", view_func=self.keys)

    @staticmethod
    def new_key(name: str) -> Any:
        return jwk.RSAKey.generate_key(2048, {"kid": name, "use": "sig"})

    def discovery(self) -> Any:
        if self.down:
            return "down", 503
        return {
            "issuer": self.calls_itself or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def authorize(self) -> Response:
        asked = request.args
        assert asked["code_challenge_method"] == "S256"
        if self.denies:
            return redirect(f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}")
        code = secrets.token_urlsafe(8)
        self.codes[code] = {"nonce": asked["nonce"]}
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def token(self) -> Any:
        code = self.codes.pop(request.form["code"], None)
        if code is None or not request.form.get("code_verifier"):
            return {"error": "invalid_grant"}, 400
        now = int(time.time())
        stated = {"iss": self.issuer, "aud": CLIENT, "sub": "42", "nonce": code["nonce"], "iat": now, "exp": now + 60}
        claims = {name: value for name, value in {**stated, **self.claims}.items() if value is not None}
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        if self.header["alg"] != "RS256":
            return self.forged(claims)
        return jwt.encode({**self.header, "kid": self.key.kid}, claims, self.key)

    def forged(self, claims: dict[str, Any]) -> str:
        """Return a token that anybody could make: not signed, or with the public key as the secret."""
        head, body = (encoded(json.dumps(part).encode()) for part in (self.header, claims))
        if self.header["alg"] == "none":
            return f"{head}.{body}."
        known = self.key.as_pem(private=False)
        return f"{head}.{body}.{encoded(hmac.digest(known, f'{head}.{body}'.encode(), 'sha256'))}"

    def keys(self) -> Any:
        return {"keys": [key.as_dict(private=False) for key in self.published]}


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """Run a provider; its `issuer` is where it is."""
    provider = IdentityProvider()
    server = make_server("127.0.0.1", 0, provider.app, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield provider
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def local_part(address: str) -> str:
    """Return an address without its host, as a test client wants it."""
    found = urlsplit(address)
    return f"{found.path}?{found.query}"


def query(address: str) -> dict[str, str]:
    """Return what an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
