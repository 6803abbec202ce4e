"""Who of the sample firm holds which certification, since when and until when; some lapsed, some are about to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmatch.beliefs.evidence import CertificationGranted
from skillmatch.demo.catalogue import Catalogue, Exam
from skillmatch.demo.people import SCALE, Staff

Floats = NDArray[np.float64]

LAPSED = 0.05
"""Share of holders who let it run out within the last months."""
OF_OWN_TRADE, OF_NEAR_TRADE = 0.93, 0.5
"""Share of people who hold the certification that their own trade, or one in which they can help, asks for."""
SOURCE = "training office"

Held = dict[str, tuple[Floats, Floats]]
"""By type: the first and the last day on which each worker holds it, counted from the start; infinity where never."""


def certify(
    catalogue: Catalogue, rng: np.random.Generator, staff: Staff, *, start: date, days: int
) -> tuple[Held, list[CertificationGranted]]:
    """Return who holds what when, and the exams passed that still mattered during the history.

    Who passed an exam that proves a level can do about that much: `staff.stable` is raised where it was below.
    """
    held: Held = {}
    facts: list[CertificationGranted] = []
    for exam in catalogue.exams:
        holders = _holders(catalogue, rng, staff, exam)
        since, until = np.full(len(staff.workers), np.inf), np.full(len(staff.workers), -np.inf)
        for worker in np.flatnonzero(holders):
            exams = list(_exam_days(rng, exam, float(staff.first[worker]), days))
            since[worker], until[worker] = exams[0][0], exams[-1][1]
            facts += [_fact(staff, exam, worker, start, *period) for period in exams if period[1] >= 0]
            _raise_to_level(catalogue, staff, exam, worker)
        held[exam.type] = (since, until)
    return held, facts


def _holders(catalogue: Catalogue, rng: np.random.Generator, staff: Staff, exam: Exam) -> NDArray[np.bool_]:
    """Return who holds a certification at all, shape (workers,)."""
    dice = rng.random(len(staff.workers))
    holders: NDArray[np.bool_] = dice < exam.held
    for number, trade in enumerate(catalogue.trades):
        if exam.type in trade.certifications:
            head = catalogue.place[trade.family]
            helps = (staff.trade != number) & staff.learned[:, head]
            holders |= (staff.trade == number) & (dice < OF_OWN_TRADE) | helps & (dice < OF_NEAR_TRADE)
    for skill in exam.masters_of:
        holders |= staff.learned[:, catalogue.place[skill]]
    return holders


def _exam_days(rng: np.random.Generator, exam: Exam, first: float, days: int) -> Iterator[tuple[int, int]]:
    """Yield the days of each exam and of its expiry, oldest first, without a gap; newcomers bring theirs along."""
    period = round(exam.years * 365.25)
    latest = days - int(rng.integers(1, period))
    if rng.random() < LAPSED:
        latest = days - period - int(rng.integers(5, 200))
    issued = latest
    while issued > max(first, 0.0):
        issued -= period
    for day in range(issued, latest + 1, period):
        yield day, day + period


def _fact(staff: Staff, exam: Exam, worker: np.intp, start: date, issued: int, expires: int) -> CertificationGranted:
    day = start + timedelta(days=issued)
    id = staff.workers[worker].id
    return CertificationGranted(
        id=f"{id} {exam.type} {day.year}",
        worker=id,
        time=datetime.combine(day, time(16), UTC),
        source=SOURCE,
        type=exam.type,
        issued=day,
        expires=start + timedelta(days=expires),
        issuer=exam.issuer,
        skill=exam.skill,
        level=exam.level,
    )


def _raise_to_level(catalogue: Catalogue, staff: Staff, exam: Exam, worker: np.intp) -> None:
    if exam.skill is not None and exam.level is not None:
        column = catalogue.place[exam.skill]
        enough = SCALE.logit_of_level(exam.level) - 0.2
        staff.stable[worker, column] = max(staff.stable[worker, column], enough)
