"""A named company on pages: ids that addresses choke on, a job without needs, people who cannot be sent."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.serving import make_server

from skillmatch.accounts import Role
from skillmatch.beliefs.evidence import Assessment, CertificationGranted, Evidence, JobOutcome, SelfReport
from skillmatch.beliefs.observation import Result
from skillmatch.claims import CertificateClaim, LevelClaim
from skillmatch.model import (
    AllOf,
    AnyOf,
    Asset,
    Cause,
    CertificationRequirement,
    Customer,
    Job,
    JobStatus,
    JobType,
    LanguageRequirement,
    Noun,
    Place,
    Question,
    Requirement,
    Risk,
    Site,
    Skill,
    SkillKind,
    Worker,
)
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
TODAY = NOW.date()

OPEN, STRANGE, BARE, CREW, DONE = "J-1001", "Platform / Team/workers/x ~7 ü?#", "J-1003", "J-1004", "J-0900"
ANNA, BEN, CURTIS, DORA, EVA = "anna", "ben", "curtis_d'entremont", "dora / 4 %", "eva"
EVIL = "<script>alert('title')</script> & more"

SKILLS = (
    Skill("boiler", "Boiler controls"),
    Skill("pumps", "Heat pumps", SkillKind.EQUIPMENT),
    Skill("talk", "Talking with customers", SkillKind.CUSTOMER),
)
WORKERS = (
    Worker(ANNA, "Anna Kovacs", "North", "+49 (0)30 901820-11", languages=("de", "hu")),
    Worker(BEN, "Ben Osei", "North", "+49 30 90182012", languages=("de",)),
    Worker(CURTIS, "Curtis d'Entremont", "South", "+49 30 90182013"),
    Worker(DORA, "Dora Lind", "South"),
    Worker(EVA, "Eva Brandt", active_from=TODAY + timedelta(days=40)),
)
CUSTOMERS = (Customer("oak", "Oak Street Care Home", "+49 30 555 0100", preferred=(BEN,)),)
SITES = (Site("oak-1", "oak", "Oak Street 12, boiler room", Place(52.52, 13.405)),)
ASSETS = (Asset("b-7", "oak-1", "gas boiler", "Vitodens 200"),)
NEEDS = (Requirement("boiler", 3.0, 3.0), Requirement("pumps", 2.0, 1.0))
TYPES = (JobType("boiler repair", "Boiler repair", NEEDS, 90.0),)
KNOCK = "<b>air</b> in the pump"
CAUSES = (
    Cause(KNOCK, (Requirement("pumps", 4.0),), 40.0, 0.4, "boiler repair"),
    Cause("gas valve stuck", (CertificationRequirement("gas / EU"),), 90.0, 0.5, "boiler repair"),
)
QUESTIONS = (
    Question(
        "flame", "Do you see a flame <at all>?", ((KNOCK, 0.95), ("gas valve stuck", 0.05)), job_type="boiler repair"
    ),
)
JOBS = (
    Job(
        OPEN,
        "No hot water in the east wing",
        "It makes a knocking noise and then it goes out. It did the same last winter!",
        "boiler repair",
        "oak",
        "oak-1",
        "b-7",
        created=NOW - timedelta(hours=20),
        due=TODAY - timedelta(days=1),
        priority=1,
    ),
    Job(
        STRANGE,
        EVIL,
        "<img src=x onerror=alert(1)>",
        requirements=(Requirement("boiler", 3.0, must=True), Requirement("talk"), CertificationRequirement("gas / EU")),
        due=TODAY + timedelta(days=2),
    ),
    Job(BARE, "Have a look at something", priority=5),
    Job(
        CREW,
        "Two heat pumps to be changed",
        requirements=(
            AnyOf(
                (
                    Requirement("pumps", 2.0, preferred_level=3.5),
                    AllOf((Requirement("boiler", 1.0), CertificationRequirement("gas / EU"))),
                )
            ),
            LanguageRequirement("de"),
            Requirement("talk", 1.0, count=2),
        ),
        due=TODAY + timedelta(days=2),
        earliest=datetime(2026, 11, 23, 8, tzinfo=UTC),
        latest=datetime(2026, 11, 23, 12, tzinfo=UTC),
        risk=Risk.HIGH,
        crew=2,
        preferred=(BEN,),
        excluded=(CURTIS,),
    ),
    Job(DONE, "Yearly service", type="boiler repair", customer="oak", due=date(2026, 10, 1), status=JobStatus.DONE),
)
NOUNS: tuple[tuple[type[Noun], tuple[Noun, ...]], ...] = (
    (Skill, SKILLS),
    (Worker, WORKERS),
    (Customer, CUSTOMERS),
    (Site, SITES),
    (Asset, ASSETS),
    (JobType, TYPES),
    (Job, JOBS),
    (Cause, CAUSES),
    (Question, QUESTIONS),
)


PASSWORD = "nine green umbrellas"
CAST: dict[str, dict[str, Any]] = {
    "rita": {"name": "Rita", "role": Role.ADMINISTRATOR},
    "stella": {"name": "Stella Ochs", "role": Role.SCHEDULER},
    "sam": {"name": "Sam Adler", "role": Role.SCHEDULER, "teams": ("North",)},
    "mia": {"name": "Mia Voss", "role": Role.MANAGER, "teams": ("South",)},
    "ben": {"name": "Ben Osei", "role": Role.WORKER, "worker": BEN},
    "gone": {"name": "Greta Gone", "role": Role.SCHEDULER},
}
"""Who signs in. Rita may do everything and Stella sees all workers; Sam sees Anna and Ben, Mia Curtis and Dora, Ben
himself alone. Greta has left: nobody may get in as her.
"""


CLAIM, WORD_CLAIM, CURTIS_CLAIM, BEN_CLAIM = (digit * 32 for digit in "abcd")
"""What Anna, Anna again, Curtis and Ben have handed in; no administrator has decided."""


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    """Return a photo, red at the top and blue below."""
    picture = Image.new("RGB", size, (250, 0, 0))
    picture.paste((0, 0, 250), (0, size[1] // 2, *size))
    written = BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def hand_everything_in(workspace: Workspace) -> None:
    """Let Anna, Curtis and Ben hand in certificates with a photo, and Anna a level."""
    for id, worker in ((CLAIM, ANNA), (CURTIS_CLAIM, CURTIS), (BEN_CLAIM, BEN)):
        file = workspace.claims.keep_file(id, "gas.jpg", photo(), worker=worker)
        what = CertificateClaim("gas / EU", date(2026, 11, 1), date(2028, 11, 1), "TÜV")
        workspace.claims.hand_in(id, worker, what, note=EVIL, file=file.id)
    workspace.claims.hand_in(WORD_CLAIM, ANNA, LevelClaim("pumps", 4.0))


def history() -> Iterator[Evidence]:
    """Yield what is on record: Anna does boilers, Ben is new to them, Dora has certifications."""
    results = {ANNA: (Result.FIRST_TIME_FIX,) * 9 + (Result.REWORK,), BEN: (Result.FAILED, Result.WITH_HELP)}
    for worker, ends in results.items():
        for number, result in enumerate(ends):
            time = NOW - timedelta(days=70 - 6 * number)
            yield JobOutcome(
                id=f"{worker}-{number}", worker=worker, time=time, source="old / system", job=DONE, result=result
            )
    yield SelfReport(id="s1", worker=DORA, time=NOW - timedelta(days=9), skill="boiler", level=4.0)
    yield Assessment(
        id="a1", worker=CURTIS, time=NOW - timedelta(days=8), skill="boiler", level=4.0, rater="Foreman Möller"
    )
    for number, (worker, days) in enumerate(((ANNA, 20), (DORA, -3), (CURTIS, 400))):
        yield CertificationGranted(
            id=f"c{number}",
            worker=worker,
            time=NOW - timedelta(days=100),
            type="gas / EU",
            issued=date(2025, 1, 1),
            expires=TODAY + timedelta(days=days),
        )


def company(url: str) -> Workspace:
    """Return a workspace on a fresh database that holds the company, at the moment NOW."""
    store = Store.open(url)
    with store.write() as transaction:
        revision = transaction.next_revision()
        for kind, nouns in NOUNS:
            transaction.save_nouns(kind, nouns, revision=revision)
    workspace = Workspace(store, clock=lambda: NOW)
    for fact in history():
        workspace.record(fact)
    for name, person in CAST.items():
        account = workspace.accounts.add(name, **person)
        workspace.accounts.set_password(account.id, PASSWORD)
        if name == "gone":
            workspace.accounts.disable(account.id)
    hand_everything_in(workspace)
    return workspace


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the company, to be copied."""
    file = tmp_path_factory.mktemp("web") / "company.db"
    company(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def workspace(company_file: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The company, for one test alone."""
    file = shutil.copy(company_file, tmp_path)
    with Workspace.open(f"sqlite:///{file}", clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def app(workspace: Workspace) -> Flask:
    """Its pages."""
    app = create_app(workspace)
    app.testing = True
    return app


AsWho = Callable[[str], FlaskClient]


def signed_in(app: Flask, name: str = "rita") -> FlaskClient:
    """Return the browser of somebody who has signed in, at an address of this machine."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token
    answer = client.post("/sign-in", data={"csrf_token": token[1], "name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """The browser of Rita, who may do everything."""
    return signed_in(app)


@pytest.fixture
def as_who(app: Flask) -> AsWho:
    """Return the browser of somebody of the cast."""
    return partial(signed_in, app)


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The address at which a browser finds the pages."""
    app.testing = False

    def whole(environ: Any, start_response: Any) -> list[bytes]:
        # Werkzeug's server does not close an answer when the browser hangs up in the middle of it.
        with closing(app(environ, start_response)) as answer:
            return [b"".join(answer)]

    server = make_server("127.0.0.1", 0, whole, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
