"""Single sign-on by OpenID Connect: the way to the identity provider of the firm, and what it says on the way back.

Authlib speaks the protocol (authorization code with PKCE, state and nonce; signatures of the ID token). What is decided
here: whom we believe (the issuer that was configured and nobody else), and which algorithms.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from skillmatch.errors import Invalid, NotAllowed, SkillmatchError
from skillmatch.settings import Settings
from skillmatch.wording import said

EXTENSION = "skillmatch_sign_on"
NAME = "sso"
SIGNED_BY = frozenset("RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split())
"""With a key that only the provider has: never `none`, nor a secret that we share with it."""
PATIENCE = 10
"""Seconds to wait for an answer of the provider."""
LOOKED_UP_EVERY = 24 * 3600.0
"""Seconds for which the addresses of the provider are taken as known."""
LEEWAY = 60
"""Seconds that its clock and ours may differ."""


class ProviderFailed(SkillmatchError):
    """The identity provider does not answer as it should."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider, and what these pages are to it. `claim` names the person the first time."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = said("your company")
    scopes: str = "openid profile email"
    claim: str = "preferred_username"

    def __post_init__(self) -> None:
        if not is_safe(self.issuer):
            raise Invalid(
                f"SKILLMATCH_OIDC_ISSUER is {self.issuer!r}: expected an address that begins with https://, such as "
                "https://login.example.org/realms/firm; http only on this machine"
            )
        if not self.client_id:
            raise Invalid("SKILLMATCH_OIDC_CLIENT_ID is missing: expected what the identity provider calls these pages")
        if "openid" not in self.scopes.split():
            raise Invalid(f"SKILLMATCH_OIDC_SCOPES is {self.scopes!r}: expected `openid` among them")

    @classmethod
    def of(cls, settings: Settings) -> Provider | None:
        """Return the provider that is configured, None for none; raise Invalid for half of one."""
        if not settings.oidc_issuer:
            if settings.passwords != "everybody":
                raise Invalid(
                    "SKILLMATCH_PASSWORDS leaves everybody else without a way in: set SKILLMATCH_OIDC_ISSUER, too"
                )
            return None
        return cls(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret.get_secret_value(),
            said(settings.oidc_label),
            settings.oidc_scopes,
            settings.oidc_claim,
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for; `named` is her sign-in name, "" when it states none that can be relied on."""

    subject: str
    named: str


def is_safe(address: str) -> bool:
    """Return whether nobody on the way can read or change what is sent to an address."""
    try:
        found = urlsplit(address)
    except ValueError:
        return False
    own = found.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(found.hostname) and (found.scheme == "https" or (found.scheme == "http" and own))


class SignOn:
    """The way to a provider and back."""

    def __init__(self, app: Flask, provider: Provider) -> None:
        self.provider = provider
        self._client: Any = OAuth(app).register(
            NAME,
            client_id=provider.client_id,
            client_secret=provider.client_secret or None,
            server_metadata_url=provider.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": provider.scopes,
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
                **({} if provider.client_secret else {"token_endpoint_auth_method": "none"}),
            },
        )

    def leave(self, back: str) -> Response:
        """Lead to the provider, which leads to the address `back`; raise ProviderFailed when it is not there."""
        self._look_up()
        for key in [key for key in session if key.startswith(f"_state_{NAME}")]:
            session.pop(key)  # an earlier attempt; the cookie holds only so much
        answer = self._client.authorize_redirect(back)
        assert isinstance(answer, Response)
        return answer

    def arrive(self) -> Identity:
        """Return who has come back.

        Raises
        ------
        NotAllowed
            When the provider does not vouch for her, or what came back was not from this browser, this attempt, this
            provider, for us, and signed.
        ProviderFailed
            When it does not answer.
        """
        self._look_up()
        believed = {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.provider.client_id},
        }
        try:
            token = self._client.authorize_access_token(claims_options=believed, leeway=LEEWAY)
        except requests.RequestException as error:
            raise self._failed() from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            current_app.logger.warning("single sign-on failed: %s", type(error).__name__)
            raise NotAllowed(_why(error)) from error
        claims = token.get("userinfo")
        if not claims or not str(claims.get("sub") or ""):
            raise NotAllowed(said("the identity provider did not say who you are: tell your administrator"))
        return Identity(str(claims["sub"])[:300], self._named(claims))

    def _named(self, claims: dict[str, Any]) -> str:
        if self.provider.claim == "email" and claims.get("email_verified") is not True:
            return ""
        named = claims.get(self.provider.claim)
        return named.strip() if isinstance(named, str) else ""

    def _look_up(self) -> None:
        """Make sure that the provider is who it should be, and how it is reached."""
        known = self._client.server_metadata
        if time.time() - known.get("_loaded_at", 0.0) < LOOKED_UP_EVERY:
            return
        known.clear()
        try:
            found = self._client.load_server_metadata()
        except (requests.RequestException, ValueError) as error:
            known.clear()
            raise self._failed() from error
        problem = self._problem(found)
        if problem:
            known.clear()
            raise ProviderFailed(problem)
        stated = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        known["id_token_signing_alg_values_supported"] = sorted(SIGNED_BY.intersection(stated))

    def _problem(self, found: dict[str, Any]) -> str:
        if found.get("issuer") != self.provider.issuer:
            return (
                f"the identity provider calls itself {str(found.get('issuer'))[:200]!r}, and not "
                f"{self.provider.issuer!r}: set SKILLMATCH_OIDC_ISSUER to what it calls itself"
            )
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe(str(found.get(name, ""))):
                return f"the identity provider has no safe {name}: expected an address that begins with https://"
        return ""

    def _failed(self) -> ProviderFailed:
        return ProviderFailed(
            said(
                "the sign-in of {label} does not answer just now: try again in a moment, or sign in by password",
                label=self.provider.label,
            )
        )


def _why(error: Exception) -> str:
    code = getattr(error, "error", "")
    if code == "access_denied":
        return said("the sign-in was cancelled, or you may not use this program: try again, or ask your administrator")
    if code == "mismatching_state":
        return said("this sign-in was begun in another browser, or long ago: begin again")
    return said(
        "the identity provider's answer cannot be relied on: begin again, and tell your administrator if it stays so"
    )


def install(app: Flask, provider: Provider | None) -> None:
    """Offer single sign-on where a provider is configured."""
    app.extensions[EXTENSION] = None if provider is None else SignOn(app, provider)
    app.jinja_env.globals["sign_on_label"] = provider.label if provider else ""


def sign_on() -> SignOn | None:
    """Return the way of single sign-on, None where there is none."""
    found = current_app.extensions[EXTENSION]
    assert found is None or isinstance(found, SignOn)
    return found
