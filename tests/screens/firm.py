"""The company that is photographed: the sample firm, small, on a fixed morning, with something waiting everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path

from PIL import Image, ImageDraw

from skillmatch.accounts import Account, Role
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.claims import CertificateClaim, LevelClaim
from skillmatch.demo.company import generate
from skillmatch.importers.columns import NOUN_KINDS
from skillmatch.importers.export import write_tables
from skillmatch.model import Job, NoteKind
from skillmatch.workspace import NewNote, Workspace

NOW = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
"""A Monday morning, before the first job."""
PEOPLE, FINISHED = 36, 900
"""Large enough for lists that fill a page, small enough to be learned in seconds."""


@dataclass(frozen=True, slots=True)
class Firm:
    """The workspace, who signs in by role, and the ids that addresses of pages ask for, by the name of the argument."""

    workspace: Workspace
    accounts: dict[Role, Account]
    ids: dict[str, str]


def build(folder: Path) -> Firm:
    """Return the firm on a database in an empty folder; the same each time but for what is drawn in secret."""
    company = generate(workers=PEOPLE, jobs=FINISHED, today=NOW.date())
    nouns = chain.from_iterable(getattr(company, kind.name, ()) for kind in NOUN_KINDS)
    write_tables(folder / "tables", nouns, sorted(company.evidence, key=lambda fact: (fact.time, fact.id)))
    workspace = Workspace.open(f"sqlite:///{folder / 'firm.db'}", clock=lambda: NOW)
    workspace.import_path(folder / "tables")
    accounts = dict(workspace.accounts.demo())
    accounts[Role.ADMINISTRATOR] = workspace.accounts.add("rita", name="Rita Sommer", role=Role.ADMINISTRATOR)
    firm = Firm(workspace, accounts, {})
    return Firm(workspace, accounts, live_a_morning(firm))


def live_a_morning(firm: Firm) -> dict[str, str]:
    """Let the people do what pages show, and return the ids of it."""
    own = firm.accounts[Role.WORKER].worker or ""
    booked = min(firm.workspace.bookings_of(own), key=lambda one: one.start)
    visited = firm.workspace.job(booked.job).job
    outcome = disagree(firm, own)
    return {
        "worker": own,
        "booked": booked.job,
        "site": visited.site or "",
        "customer": visited.customer or "",
        "job": send_somebody(firm, booked.job).id,
        "number": "1",
        "claim": hand_in(firm, own),
        "done": outcome.job,
        "source": outcome.source,
        "id": outcome.id,
        "skill": firm.workspace.profile(own).skills[0].skill.id,
        "note": leave_notes(firm, visited),
        "upload": send_matrix(firm),
        "account": firm.accounts[Role.MANAGER].id,
        "plan": plan_the_day(firm),
        "hook": tell_others(firm),
        "token": firm.workspace.accounts.invite(firm.accounts[Role.MANAGER].id),
    }


def send_somebody(firm: Firm, booked: str) -> Job:
    """Send the first candidate to one job, and return another one that has a choice of people and causes.

    What is shown as a ranking is a decision: those of the pictures are made here, so that their number is the same.
    """
    free = [job for job in firm.workspace.open_jobs(limit=50).jobs if not firm.workspace.bookings(job.id)]
    by_choice = sorted(free, key=lambda job: -firm.workspace.rank(job.id).eligible)
    shown = next(job for job in by_choice if job.type == "no-hot-water")
    other = next(job for job in by_choice if job.id != shown.id)
    ranking = firm.workspace.propose(other.id)
    firm.workspace.assign(ranking.number, [ranking.candidates[0].worker.id], by=firm.accounts[Role.SCHEDULER].name)
    for job in (booked, shown.id, other.id):
        firm.workspace.propose(job)
    return shown


def hand_in(firm: Firm, worker: str) -> str:
    """Let a worker hand in a certificate with a photo and a colleague a level, and return the first claim's id."""
    today, claim = NOW.date(), "c" * 32
    paper = firm.workspace.claims.keep_file(
        claim, "certificate.jpg", photo(), worker=worker, by=firm.accounts[Role.WORKER]
    )
    what = CertificateClaim("LIFT", today - timedelta(days=12), date(2029, 11, 11), "Training centre Northwick")
    firm.workspace.claims.hand_in(
        claim, worker, what, note="The card comes by post.", file=paper.id, by=firm.accounts[Role.WORKER]
    )
    mate = next(one for one in firm.workspace.workers() if one.id != worker and one.team == own_team(firm, worker))
    skill = firm.workspace.profile(mate.id).skills[0].skill.id
    firm.workspace.claims.hand_in("d" * 32, mate.id, LevelClaim(skill, 4.0), note="Two winters on my own now.")
    return claim


def own_team(firm: Firm, worker: str) -> str:
    """Return the team of a worker."""
    found = firm.workspace.worker(worker)
    return "" if found is None else found.team


def disagree(firm: Firm, worker: str) -> JobOutcome:
    """Let a worker say that an outcome of hers is wrong, and return another of hers."""
    facts = [fact for fact in firm.workspace.profile(worker).evidence if isinstance(fact, JobOutcome)]
    bad = next(fact for fact in reversed(facts) if fact.result is not Result.FIRST_TIME_FIX)
    reason = "The part was wrong, I had said so beforehand."
    firm.workspace.disputes.open(worker, bad.key, reason=reason, by=firm.accounts[Role.WORKER])
    return next(fact for fact in reversed(facts) if fact is not bad)


def leave_notes(firm: Firm, job: Job) -> str:
    """Leave a note and a suggestion at the site of a job, and return the id of the note."""
    texts = {
        NoteKind.NOTE: "The isolation valve sticks: turn it gently, a quarter at a time.",
        NoteKind.SUGGESTION: "A second key at the gate would save everybody half an hour.",
    }
    for kind, text in texts.items():
        new = NewNote(f"note-{kind}", job.site or "", kind, text, job.asset)
        firm.workspace.notes.write(new, by=firm.accounts[Role.WORKER])
    return f"note-{NoteKind.NOTE}"


def send_matrix(firm: Firm) -> str:
    """Send a skills matrix with a name that nobody has, and return the upload's id."""
    led = firm.accounts[Role.MANAGER].teams
    first, second = [one for one in firm.workspace.workers() if one.team in led][:2]
    sheet = f"Name;Gas boilers;Heat pumps;Juggling\n{first.name};4;2;1\n{second.name};3;x;2\nSomebody Else;1;2;3\n"
    return firm.workspace.sheets.keep("matrix.csv", sheet.encode(), by=firm.accounts[Role.MANAGER])


def plan_the_day(firm: Firm) -> str:
    """Keep a plan of today and tomorrow that nobody has applied, and return its id."""
    preview = firm.workspace.plan(days=2, seconds=1.0)
    return firm.workspace.keep_plan(preview, by=firm.accounts[Role.SCHEDULER])


def tell_others(firm: Firm) -> str:
    """Have another program told of finished jobs, of which one message waits, and return the webhook's id."""
    hook = "e" * 32
    firm.workspace.private_webhooks = True
    firm.workspace.webhooks.add("http://127.0.0.1:9/billing", events=["job.finished"], id=hook)
    firm.workspace.webhooks.test(hook)
    firm.workspace.private_webhooks = False
    return hook


def photo() -> bytes:
    """Return a picture of a certificate."""
    picture = Image.new("RGB", (640, 420), "#f4efe2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((16, 16, 624, 404), outline="#7a5c1e", width=6)
    for place, (width, colour) in enumerate(((360, "#7a5c1e"), (480, "#444"), (420, "#444"), (250, "#0b5b8a"))):
        pen.rectangle((80, 80 + 70 * place, 80 + width, 104 + 70 * place), fill=colour)
    written = BytesIO()
    picture.save(written, "JPEG")
    return written.getvalue()
