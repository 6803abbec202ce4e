"""Facts about people: proofs on a day, languages, load over four weeks, ways against an independent formula."""

from __future__ import annotations

from datetime import date, timedelta
from math import acos, cos, pi, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable
from skillmatch.errors import Invalid
from skillmatch.matching.roster import Roster, travel_minutes
from skillmatch.model import Certification, Place, Worker
from tests.kit.build import at, exemption, refusal, revocation, wish

PEOPLE = ("anna", "ben", "chen")
DAY = date(2026, 3, 1)
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


def roster(*workers: Worker) -> Roster:
    found = Roster(BeliefTable(BeliefParams()))
    found.put_workers(list(workers) or [Worker(id, id) for id in PEOPLE])
    return found


days = st.integers(-100, 200)
proofs = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["F-GAS", "IPAF"]), days, st.none() | st.integers(0, 150))
papers = st.tuples(st.sampled_from(PEOPLE), st.booleans(), days, st.none() | st.integers(0, 150))


def holds_slowly(worker: str, day: int, held: list, told: list) -> bool:
    """Return whether a worker may work under F-GAS on a day, from the rules as they are written."""
    own = [(begun, ends) for who, revoked, begun, ends in told if who == worker and not revoked]
    if any(begun <= day <= begun + (ends or 0) for begun, ends in own):
        return True
    gone = [
        begun
        for who, revoked, begun, ends in told
        if who == worker and revoked and begun <= day and (ends is None or day <= begun + ends)
    ]
    return any(
        issued <= day and (lasts is None or day <= issued + lasts) and all(issued > begun for begun in gone)
        for who, type, issued, lasts in held
        if who == worker and type == "F-GAS"
    )


@given(st.lists(proofs, max_size=6), st.lists(papers, max_size=5))
def test_who_is_certified_on_a_day_is_told_alike_of_one_and_of_all(held, told):
    found = roster()
    for worker in PEOPLE:
        own = [
            Certification(worker, type, day_of(begun), None if lasts is None else day_of(begun + lasts))
            for who, type, begun, lasts in held
            if who == worker
        ]
        found.put_certifications(worker, own)
        facts = []
        for who, revoked, begun, lasts in told:
            until = None if lasts is None else day_of(begun + lasts)
            if who == worker and revoked:
                facts.append(revocation(worker, days=begun, until=until))
            elif who == worker:
                facts.append(exemption(worker, days=begun, until=until or day_of(begun)))
        found.put_papers(worker, facts)
    for day in range(-110, 360, 7):
        flags = found.certified_on("F-GAS", day_of(day))
        alone = [found.certified(worker, "F-GAS", day_of(day)) for worker in PEOPLE]
        assert flags.tolist() == alone
        assert alone == [holds_slowly(worker, day, held, told) for worker in PEOPLE]


def day_of(number: int) -> date:
    return at(number).date()


def test_a_newer_certification_counts_after_a_revocation_and_an_older_one_does_not():
    found = roster()
    found.put_papers("anna", [revocation("anna", days=10), revocation("anna", days=30)])
    found.put_certifications(
        "anna", [Certification("anna", "F-GAS", day_of(0)), Certification("anna", "F-GAS", day_of(20))]
    )
    assert [found.certified("anna", "F-GAS", day_of(day)) for day in (5, 15, 25, 35)] == [True, False, True, False]
    found.put_certifications("anna", [Certification("anna", "F-GAS", day_of(31))])
    assert found.certified("anna", "F-GAS", day_of(35))


def test_a_revocation_may_end():
    found = roster()
    found.put_certifications("anna", [Certification("anna", "F-GAS", day_of(0))])
    found.put_papers("anna", [revocation("anna", days=10, until=day_of(20))])
    assert [found.certified("anna", "F-GAS", day_of(day)) for day in (9, 10, 20, 21)] == [True, False, False, True]


def test_papers_that_no_longer_count_are_forgotten():
    found = roster()
    found.put_papers("anna", [refusal("anna"), wish("anna"), exemption("anna")])
    assert found.wishes("refrigeration") == {"anna"}
    found.put_papers("anna", [])
    assert (found.declined("j1"), found.wishes("refrigeration"), found.papers_of("anna")) == ([], set(), [])
    assert not found.certified("anna", "F-GAS", day_of(1))


@pytest.mark.parametrize("asked", ["polish", "Polish", "POLISH"])
def test_a_language_is_spoken_in_any_case_and_may_be_unlearned(asked: str):
    found = roster(Worker("anna", "Anna", languages=("Polish",)), Worker("ben", "Ben", languages=("POLISH", "Straße")))
    assert found.speaks(asked).tolist() == [True, True]
    assert found.speaks("STRASSE").tolist() == [False, True]
    found.put_workers([Worker("ben", "Ben")])
    assert found.speaks(asked).tolist() == [True, False]


def test_load_counts_four_weeks_up_to_the_day_and_follows_corrections():
    found = roster()
    found.put_work((("log", f"o{n}"), "anna", DAY - timedelta(days=n), 10.0 * 2**n, True) for n in (0, 1, 27, 28, -1))
    assert found.load(DAY)[0] == 10.0 + 20.0 + 10.0 * 2**27
    found.put_work([(("log", "o27"), "ben", DAY, 90.0, True), (("log", "o1"), "anna", DAY, 20.0, False)])
    assert found.load(DAY).tolist() == [10.0, 90.0, 0.0]


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.floats(0.0, 600.0)), max_size=12), st.randoms())
def test_load_is_the_same_in_whatever_order_work_comes(rows, random):
    one, other = roster(), roster()
    told = [(("log", f"o{n}"), worker, DAY, minutes, True) for n, (worker, minutes) in enumerate(rows)]
    one.put_work(told)
    random.shuffle(told)
    other.put_work(told)
    assert one.load(DAY).tolist() == other.load(DAY).tolist()


def unit(place: Place) -> tuple[float, float, float]:
    latitude, longitude = radians(place.latitude), radians(place.longitude)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def by_vectors(one: Place, other: Place) -> float:
    """Return the minutes of a way by the angle between two unit vectors."""
    pairs = list(zip(unit(one), unit(other), strict=True))
    dot = sum(a * b for a, b in pairs)
    chord = sqrt(sum((a - b) ** 2 for a, b in pairs))
    angle = acos(min(max(dot, -1.0), 1.0)) if chord > 1e-3 else chord
    return 5.0 + 1.3 * 6371.0088 * angle / 50.0 * 60.0


@given(places, places)
def test_a_way_is_the_great_circle_along_roads(home: Place, site: Place):
    found = roster(Worker("anna", "Anna", home=home), Worker("ben", "Ben"))
    minutes = found.travel_to(site)
    assert np.isnan(minutes[1])
    # Near the antipodes the angle is worth half of the digits in either formula.
    assert minutes[0] == pytest.approx(by_vectors(home, site), rel=1e-6, abs=1e-3)
    assert minutes[0] == pytest.approx(travel_minutes(home, site), rel=1e-9, abs=1e-6)
    assert travel_minutes(home, site) == pytest.approx(travel_minutes(site, home), rel=1e-12)


def test_a_known_way():
    """Berlin to Hamburg: 255 km as the crow flies, by an independent table."""
    minutes = travel_minutes(Place(52.5200, 13.4050), Place(53.5511, 9.9937))
    assert (minutes - 5.0) / 60.0 * 50.0 / 1.3 == pytest.approx(255.0, abs=1.0)
    half = travel_minutes(Place(0.0, 0.0), Place(0.0, 180.0))
    assert half == pytest.approx(5.0 + 1.3 * pi * 6371.0088 / 50.0 * 60.0)


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)])
def test_a_place_off_the_earth_is_refused(place: tuple[float, float]):
    with pytest.raises(Invalid, match="expected latitude -90 to 90"):
        Place(*place)


def test_one_worker_alone_has_all_that_is_known_of_her():
    found = roster(Worker("anna", "Anna", cost_per_hour=3.0), Worker("ben", "Ben", languages=("Polish",)))
    found.put_certifications("ben", [Certification("ben", "F-GAS", DAY)])
    found.put_papers("ben", [wish("ben"), refusal("ben")])
    found.put_work([(("log", "o1"), "ben", DAY, 60.0, True), (("log", "o2"), "anna", DAY, 30.0, True)])
    table = BeliefTable(BeliefParams())
    own = found.only("ben", table)
    assert table.workers == ["ben"]
    assert own.speaks("polish").tolist() == own.certified_on("F-GAS", DAY).tolist() == [True]
    assert own.load(DAY).tolist() == [60.0]
    assert own.wishes_of("ben") == {"refrigeration"}
    assert len(own.declined("j1")) == 1
    assert own.priced, "somebody's cost is known, if not hers"


def test_workers_who_come_later_have_a_place_of_their_own():
    found = roster(Worker("anna", "Anna", active_to=DAY))
    found.table.add_workers(["zoe"])
    found.put_workers([Worker("ben", "Ben", active_from=DAY + timedelta(days=1))])
    assert found.active_on(DAY).tolist() == [True, True, False]
    assert found.active_on(DAY + timedelta(days=1)).tolist() == [False, True, True]
