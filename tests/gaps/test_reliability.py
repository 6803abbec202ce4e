"""Bins hold every row once, and the picture shows each of them where it belongs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from skillmatch.gaps.metrics import calibration_error
from skillmatch.gaps.reliability import BINS, HEIGHT, LEFT, SIDE, STEPS, TOP, WIDTH, Bin, picture, reliability, wilson

SVG = "{http://www.w3.org/2000/svg}"


def rows(count: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    chance = rng.beta(5, 2, count)
    return rng.random(count) < chance, chance


def drawn(count: int = 3000) -> ElementTree.Element:
    hit, chance = rows(count)
    return ElementTree.fromstring(picture(*reliability(hit, chance), error=calibration_error(hit, chance)))


def of_class(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in svg.iter() if element.get("class") == name]


def test_bins_are_of_equal_size_in_rising_order_and_lose_nothing():
    hit, chance = rows()
    bins, histogram = reliability(hit, chance)
    assert [each.count for each in bins] == [200] * BINS
    assert [each.predicted for each in bins] == sorted(each.predicted for each in bins)
    assert sum(each.observed * each.count for each in bins) == pytest.approx(hit.sum())
    assert len(histogram) == STEPS
    assert sum(histogram) == 3000


def test_the_gaps_of_the_bins_are_the_calibration_error():
    hit, chance = rows()
    bins, _ = reliability(hit, chance)
    error = sum(abs(each.predicted - each.observed) * each.count for each in bins) / 3000
    assert error == pytest.approx(calibration_error(hit, chance), abs=1e-12)


@pytest.mark.parametrize(("count", "bins"), [(1, 1), (39, 1), (40, 2), (299, 14), (300, 15)])
def test_a_short_history_has_fewer_bins(count: int, bins: int):
    assert len(reliability(*rows(count))[0]) == bins


def test_the_interval_of_a_share_stays_on_the_scale_and_around_it():
    assert wilson(0, 20)[0] == pytest.approx(0.0, abs=1e-12)
    assert wilson(20, 20)[1] == pytest.approx(1.0, abs=1e-12)
    for hits in range(21):
        low, high = wilson(hits, 20)
        assert 0.0 <= low <= hits / 20 + 1e-12
        assert hits / 20 - 1e-12 <= high <= 1.0


def test_the_interval_of_a_share_solves_wilsons_equation():
    """At its edges the observed share lies 1.2816 standard errors away."""
    for edge in wilson(13, 20):
        assert abs(13 / 20 - edge) / np.sqrt(edge * (1 - edge) / 20) == pytest.approx(1.2815515655446004, rel=1e-9)


def test_a_bin_is_drawn_at_its_predicted_and_observed_share():
    bins = [Bin(0.25, 0.5, 0.4, 0.6, 10)]
    svg = ElementTree.fromstring(picture(bins, [10], error=0.25))
    (point,), (interval,) = of_class(svg, "point"), of_class(svg, "interval")
    assert (float(point.get("cx", "")), float(point.get("cy", ""))) == (LEFT + SIDE / 4, TOP + SIDE / 2)
    assert [float(interval.get(key, "")) for key in ("y1", "y2")] == [TOP + 0.6 * SIDE, TOP + 0.4 * SIDE]
    assert point.findtext(f"{SVG}title") == "predicted 25.0%, succeeded 50.0% of 10"


def test_the_picture_has_every_part_in_words_too():
    svg = drawn()
    words = [element.text for element in svg.iter(f"{SVG}text")]
    assert len(of_class(svg, "point")) == len(of_class(svg, "interval")) == BINS
    assert len(of_class(svg, "perfect")) == 1
    assert {"predicted chance of success", "share that succeeded", "Do predicted chances come true?"} <= set(words)
    assert svg.findtext(f"{SVG}title") == "Do predicted chances come true?"
    assert re.fullmatch(r"3,000 outcomes, .* calibration error 0\.\d{3}", svg.findtext(f"{SVG}desc") or "")
    assert svg.get("role") == "img"


def test_nothing_is_drawn_outside_the_picture():
    for element in drawn().iter():
        for key in ("x", "x1", "x2", "cx", "y", "y1", "y2", "cy"):
            assert 0.0 <= float(element.get(key, 0.0)) <= (WIDTH if "x" in key else HEIGHT)
        assert float(element.get("height", 0.0)) >= 0.0


def test_the_picture_stands_alone_and_follows_light_and_dark():
    text = picture(*reliability(*rows()), error=0.01)
    assert "prefers-color-scheme: dark" in text
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert "<script" not in text


def test_the_highest_bar_is_the_most_frequent_chance():
    svg = ElementTree.fromstring(picture([Bin(0.5, 0.5, 0.4, 0.6, 9)], [3, 0, 6], error=0.0))
    bars = of_class(svg, "bar")
    assert [bar.findtext(f"{SVG}title") for bar in bars] == ["3 outcomes", "6 outcomes"]
    assert float(bars[1].get("height", "")) == 2 * float(bars[0].get("height", ""))
