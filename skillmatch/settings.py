"""Settings from the environment, each as SKILLMATCH_ and its name, such as SKILLMATCH_DATABASE."""

from __future__ import annotations

from datetime import UTC, tzinfo
from difflib import get_close_matches
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from skillmatch.errors import Invalid
from skillmatch.wording import said


class Settings(BaseSettings):
    """Where the company is kept, where pages are served, who vouches for people, whose clock counts, what visits cost.

    Options on the command line come first.
    """

    model_config = SettingsConfigDict(env_prefix="SKILLMATCH_")

    database: str = Field(default="skillmatch.db", min_length=1)
    """A file, or a database URL such as postgresql://user@host/name."""
    port: int = Field(default=8000, ge=1, le=65535)
    """The port of the pages."""
    host: str = Field(default="127.0.0.1", min_length=1, max_length=253)
    """The address that the pages listen on."""
    trusted_hosts: str = ""
    """The names, with commas between, under which the pages answer besides those of this machine."""
    https: bool = False
    """Whether people reach the pages by https, through a proxy in front of them."""
    processes: int = Field(default=1, ge=1, le=64)
    """How many processes serve the pages, each with the company in its memory; about one for each core."""
    keep_pages: bool = True
    """Whether pages of jobs that were made are kept in memory for as long as nothing is written."""
    language: str = ""
    """The code of the language of the pages for whoever has chosen none, such as de; without it as browsers ask."""
    timezone: str = "UTC"
    """The IANA name of the time zone of days and shifts, such as Europe/Berlin."""

    oidc_issuer: str = Field(default="", max_length=300)
    """The address of the identity provider for single sign-on (OpenID Connect), as it names itself; "" for none."""
    oidc_client_id: str = ""
    """What the identity provider calls these pages."""
    oidc_client_secret: SecretStr = SecretStr("")
    """With what these pages show the identity provider who they are."""
    oidc_label: str = Field(default="your company", min_length=1, max_length=60)
    """Whose sign-on it is, as the button says: "Sign in with …"."""
    oidc_scopes: str = "openid profile email"
    """What the identity provider is asked for, with blanks between; `openid` is among it."""
    oidc_claim: str = Field(default="preferred_username", min_length=1, max_length=100)
    """Which of the provider's statements is the sign-in name of whoever comes the first time; `email` if verified."""
    passwords: Literal["everybody", "administrators"] = "everybody"
    """Who may still sign in by password where there is single sign-on."""

    model: bool = False
    """Whether texts are linked to skills with the local model of language as well, where it is installed."""

    disputes: Literal["set_aside", "keep"] = "set_aside"
    """Whether what a worker says is wrong counts until somebody has decided."""

    webhook_private: bool = False
    """Whether webhooks may lead to addresses of this machine and of private networks."""

    price_visit: float = Field(default=40.0, ge=0.0, allow_inf_nan=False)
    """What each visit costs besides the worker's time: the van, the customer's patience."""
    price_again: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)
    """What it costs on top that a job takes a second visit."""
    price_hour: float = Field(default=50.0, ge=0.0, allow_inf_nan=False)
    """An hour of a worker whose own cost is not on record."""
    price_way: float = Field(default=30.0, ge=0.0, allow_inf_nan=False)
    """Minutes of a way that is not known."""

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        zone_named(name)
        return name

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which the pages answer besides those of this machine."""
        return tuple(name.strip() for name in self.trusted_hosts.split(",") if name.strip())

    @property
    def zone(self) -> tzinfo:
        """The time zone of days and shifts."""
        return zone_named(self.timezone)


def zone_named(name: str) -> tzinfo:
    """Return the time zone of an IANA name.

    Raises
    ------
    Invalid
        When there is no such zone.
    """
    if name == "UTC":  # known also where the system has no time zones
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, LookupError, ValueError):
        known = available_timezones()
        near = get_close_matches(name, known, n=1, cutoff=0.6)
        told = said("there is no such time zone; expected an IANA name such as Europe/Berlin")
        if near:
            told = said("there is no such time zone; did you mean {near}?", near=near[0])
        if not known:
            told = said("there is no such time zone; this system knows no time zones; install the package tzdata")
        raise Invalid(told) from None


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises
    ------
    Invalid
        When a variable of the environment has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "SKILLMATCH_" + str(first["loc"][0]).upper()
        found = first.get("ctx", {}).get("error") or first["msg"].lower()
        raise Invalid(f"{name} is {first['input']!r} in the environment: {found}") from None
