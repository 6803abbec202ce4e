"""Every page has its pictures: `python3 dev.py screens` takes them."""

from __future__ import annotations

from flask import Flask

from skillmatch_web.pages import PAGES
from skillmatch_web.roles import TABLE
from tests.screens.album import ALBUM, file, index
from tests.screens.camera import SCHEMES, WIDTHS
from tests.screens.shots import NO_PICTURE, shots

MOST_BYTES = 12_000_000
"""Of all pictures together: they are kept with the code."""


def test_every_endpoint_that_shows_a_page_is_photographed():
    looked_at = {endpoint for endpoint, entry in TABLE.items() if entry.get and endpoint != "static"}
    assert {shot.endpoint for shot in shots()} | set(NO_PICTURE) == looked_at
    assert not {shot.endpoint for shot in shots()} & set(NO_PICTURE)
    assert {endpoint.partition(".")[0] for endpoint in looked_at} == {page.blueprint.name for page in PAGES}


def test_a_picture_has_a_name_of_its_own_and_is_taken_as_somebody_who_may_look():
    names = [shot.name for shot in shots()]
    assert len(names) == len(set(names))
    for shot in shots():
        entry = TABLE[shot.endpoint]
        assert entry.open if shot.role is None else entry.allows(shot.role, "GET"), shot.name


def test_no_page_is_without_pictures_and_no_picture_without_a_page():
    """Run `python3 dev.py screens` when this fails."""
    wanted = {file(shot, kind, scheme) for shot in shots() for kind in WIDTHS for scheme in SCHEMES}
    kept = {picture.name for picture in ALBUM.glob("*.webp")}
    assert sorted(wanted - kept) == [], "pages without a picture: run `python3 dev.py screens`"
    assert sorted(kept - wanted) == [], "pictures of pages that are gone: run `python3 dev.py screens`"


def test_the_list_names_every_page_and_the_pictures_are_small():
    listed = (ALBUM / "README.md").read_text(encoding="utf-8")
    for row in index(shots(), {shot.name: "" for shot in shots()}).splitlines():
        if "`" in row and row.startswith("| "):
            assert row.partition("`")[2] in listed, row
    assert sum(picture.stat().st_size for picture in ALBUM.iterdir()) < MOST_BYTES


def test_arguments_of_addresses_are_ids_that_the_firm_gives(app: Flask):
    given = set("worker site customer job number claim source id skill note upload account token plan hook".split())
    for shot in shots():
        arguments = {name for rule in app.url_map.iter_rules(shot.endpoint) for name in rule.arguments}
        assert arguments <= given, f"{shot.name}: tests/screens/firm.py has to give {sorted(arguments - given)}"
