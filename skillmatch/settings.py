"""Settings from the environment: SKILLMATCH_DATABASE and SKILLMATCH_PORT."""

from __future__ import annotations

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from skillmatch.errors import Invalid


class Settings(BaseSettings):
    """Where the company is kept and where pages are served; options on the command line come first."""

    model_config = SettingsConfigDict(env_prefix="SKILLMATCH_")

    database: str = Field(default="skillmatch.db", min_length=1)
    """A file, or a database URL such as postgresql://user@host/name."""
    port: int = Field(default=8000, ge=1, le=65535)
    """The port on 127.0.0.1."""


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
        raise Invalid(f"{name} is {first['input']!r} in the environment: {first['msg'].lower()}") from None
