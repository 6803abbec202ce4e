"""Programs that act for the cast of the company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from skillmatch.workspace import SCOPES, Workspace

PEOPLE = ("ben", "sam", "stella", "mia", "rita")


def token_of(workspace: Workspace, who: str, *scopes: str) -> str:
    """Return a token of somebody of the cast, for all scopes or some."""
    account = workspace.accounts.named(who)
    return workspace.tokens.add(account.id, name="a program", scopes=scopes or tuple(SCOPES))[1]


@dataclass
class Program:
    """A program with a token, that talks to the API and to nothing else."""

    client: FlaskClient
    token: str

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.client.open("/api/v1" + path, method=method, headers=headers, buffered=True, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.send("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.send("POST", path, **({"json": json} if json is not None else {}), **more)


AsProgram = Callable[..., Program]


@pytest.fixture
def program(app: Flask, workspace: Workspace) -> AsProgram:
    """Return a program that acts for somebody of the cast."""
    return lambda who="rita", *scopes: Program(app.test_client(), token_of(workspace, who, *scopes))
