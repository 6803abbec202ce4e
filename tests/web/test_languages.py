"""The pages in the language of their reader: every text is there, and none is left in English."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.errors import Invalid
from skillmatch.model import Skill
from skillmatch.wording import said, said_again, said_many
from skillmatch.workspace import PLAN_NOTES, Workspace
from skillmatch.workspace.skill_editing import tidied
from skillmatch_web import texts
from skillmatch_web.app import create_app
from skillmatch_web.languages import FIRST, LANGUAGES, N_, gettext, ngettext, say
from skillmatch_web.words import day, decimal, percent, period, short, signed, whole
from tests.web.conftest import OPEN, AsWho, signed_in
from tests.web.forms import text_of
from tests.web.test_pages import every_address

OTHERS = [language for language in LANGUAGES if language != FIRST]
LEAST_WORDS = 3
"""Fewer words in a row may be a name, or the same in two languages."""


@pytest.fixture(scope="module")
def marked() -> set[str]:
    return {one.id if isinstance(one.id, str) else one.id[0] for one in texts.marked() if one.id}


def in_german(app: Flask) -> object:
    return app.test_request_context(headers={"Accept-Language": "de"})


@pytest.mark.parametrize("language", OTHERS)
def test_every_marked_text_is_said_in_every_language(language: str, marked: set[str]):
    kept = texts.read(language)
    known = {one.id if isinstance(one.id, str) else one.id[0] for one in kept if one.id}
    assert sorted(marked - known) == [], "python3 dev.py texts takes them in"
    assert sorted(known - marked) == [], "python3 dev.py texts puts them aside"
    assert texts.missing(kept) == []
    assert not kept.obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_fills_in_the_same_values_in_every_language(language: str):
    assert texts.differing(texts.read(language)) == []


def test_a_text_that_is_missing_doubtful_or_fills_in_others_is_found():
    kept = texts.read("de")
    kept.add("not said yet {here}")
    kept.add("doubtful", "zweifelhaft", flags=["fuzzy"])
    kept.add("said %(one)s", "gesagt %(other)s")
    kept.add(("%(num)s thing", "%(num)s things"), ("ein Ding", ""))
    assert texts.missing(kept) == ["not said yet {here}", "doubtful", "%(num)s thing"]
    assert texts.differing(kept) == ["said %(one)s"]


def pieces(text: str) -> list[str]:
    """Return what always stands in a text: the words between its values and tags that are enough to know it by."""
    parts = re.split(r"%\(\w+\)s|\{[^{}]*\}|<[^<>]*>", text.replace("%%", "%"))
    clean = (" ".join(part.split()) for part in parts)
    return [part for part in clean if len(re.findall(r"[A-Za-z]{2,}", part)) >= LEAST_WORDS]


def english_in(page: str, catalogue: list[tuple[str, str]]) -> list[str]:
    """Return what is said in English; what the API answers is English, and marked so or as code."""
    marked = r'<(dl|p|a|h2|span)\b[^>]* lang="en"[^>]*>.*?</\1>|<code>.*?</code>'
    text = text_of(re.sub(marked, "", page, flags=re.DOTALL))
    return [piece for piece, german in catalogue if piece in text and piece not in german]


@pytest.fixture(scope="module")
def english() -> list[tuple[str, str]]:
    """What stands in English texts, with the German ones."""
    return [
        (piece, " ".join(texts._told(one)))
        for one in texts.read("de")
        if one.id
        for text in ([one.id] if isinstance(one.id, str) else one.id)
        for piece in pieces(text)
    ]


@pytest.mark.parametrize("who", ["rita", "mia", "ben"])
def test_no_page_says_in_english_what_there_is_german_for(app: Flask, as_who: AsWho, english, who: str):
    addresses, client = every_address(app), as_who(who)
    found = {}
    for address in addresses:
        answer = client.get(address, headers={"Accept-Language": "de"}, follow_redirects=True)
        assert '<html lang="de"' in answer.text, address
        if left := english_in(answer.text, english):
            found[address] = left
    assert found == {}


def test_the_walk_finds_english_on_an_english_page(client: FlaskClient, english: list[tuple[str, str]]):
    page = client.get(f"/jobs/{OPEN}", headers={"Accept-Language": "en"}).text
    assert len(english_in(page, english)) > 20


def test_what_is_wrong_with_a_form_is_said_in_german(client: FlaskClient):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/accounts").text)
    assert token
    form = {"csrf_token": token[1], "sign_in": "a b", "role": "manager"}
    answer = client.post("/accounts", data=form, headers={"Accept-Language": "de"})
    assert answer.status_code == 400
    assert "Niemand wurde hinzugefügt. Der Anmeldename 'a b' geht nicht" in text_of(answer.text)


def test_the_reason_of_a_hard_rule_is_said_in_german_and_stays_english_below(client: FlaskClient, workspace: Workspace):
    (reason,) = [one for one in workspace.explain(OPEN, "eva").blocked if "starts on" in one]
    assert reason == "starts on 2026-12-31, after the day of the job (2026-11-21)"
    page = client.get(f"/jobs/{OPEN}/workers/eva", headers={"Accept-Language": "de"}).text
    assert "fängt am 31.12.2026 an, nach dem Tag des Auftrags (21.11.2026)" in page
    page = client.get(f"/jobs/{OPEN}/workers/eva", headers={"Accept-Language": "en"}).text
    assert "starts on 31 Dec 2026, after the day of the job (21 Nov 2026)" in page


def test_numbers_and_days_are_written_as_the_reader_writes_them(app: Flask):
    monday = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
    with in_german(app):
        assert [whole(1234567), decimal(1234.56), short(2.5), signed(-0.5, 2)] == [
            "1.234.567",
            "1234,6",
            "2,5",
            "−0,50",
        ]
        assert percent(0.834) == "83\u00a0%"
        assert day(date(2026, 3, 2)) == "Mo. 2. März 2026"
        assert period(monday, monday.replace(hour=9), UTC) == "Mo. 23. Nov. 2026, 08:05–09:05 UTC"
        assert ngettext("%(num)s worker matches “%(name)s”.", "%(num)s workers match “%(name)s”.", 1200, name="a") == (
            "1.200 Fachkräfte passen zu „a“."
        )
    assert whole(1234567) == "1,234,567"


def test_values_that_are_texts_themselves_are_said_in_the_language_too(app: Flask):
    inner = said("{count} of other teams", count=3)
    outer = said("{who} accepts only {workers}", who=said("this job"), workers=inner)
    with in_german(app):
        assert say(outer) == "dieser Auftrag nimmt nur 3 aus anderen Teams"
        assert say(said_many("{num:,} day ago", "{num:,} days ago", 1200)) == "vor 1.200 Tagen"
        assert (
            gettext("Nothing was changed: %(why)s.", why=said("taken back"))
            == "Es wurde nichts geändert: zurückgenommen."
        )
        assert say(said("nobody ever translated this {level:.1f}", level=2.5)) == "nobody ever translated this 2,5"
    assert say(outer) == "this job accepts only 3 of other teams"


@pytest.mark.parametrize(
    ("skill", "told"),
    [
        (Skill("a", ""), "ein Name mit 0 Zeichen: erwartet werden 1 bis 200"),
        (Skill("a", "b", description="x" * 12_345), "eine Beschreibung mit 12.345 Zeichen: erwartet werden höchstens"),
        (Skill("a", "b", alt_names=("x" * 999,)), "ein weiterer Name mit 999 Zeichen: erwartet werden höchstens"),
        (Skill("a", "b", alt_names=tuple(map(str, range(999)))), "999 weitere Namen: erwartet werden höchstens"),
        (Skill("a", "b\0"), "das Eingegebene enthält das Zeichen NUL"),
    ],
)
def test_what_is_wrong_with_a_skill_is_said_in_german(app: Flask, skill: Skill, told: str):
    with pytest.raises(Invalid) as found, in_german(app):
        tidied(skill)
    with in_german(app):
        assert say(found.value.args[0]).startswith(told)


def test_what_a_plan_notes_is_said_in_german_although_it_is_kept_as_plain_text(app: Flask):
    locked, tight = PLAN_NOTES
    notes = [said(locked, job="J: locked", workers="ann, ben"), said(tight, worker="ann", day="2026-11-21", jobs="J")]
    kept = [*json.loads(json.dumps(notes)), "something else: {jobs}"]
    with in_german(app):
        assert [say(said_again(one, PLAN_NOTES)) for one in kept] == [
            "J: locked: fest für ann, ben, obwohl eine feste Regel dagegen spricht; bleibt, wie es ist",
            "ann am 2026-11-21: J sehen nach den geschätzten Wegen zu knapp aus; bleibt, wie zugesagt",
            "something else: {jobs}",
        ]


def test_values_stay_text_in_templates_whatever_the_message_holds(app: Flask):
    template = app.jinja_env.from_string(
        '{{ _("Welcome, %(name)s", name=name) }} {{ word }} {{ [word, name] | join("; ") }}'
    )
    with in_german(app):
        assert template.render(name="<b>", word=N_("today")) == "Willkommen, &lt;b&gt; heute heute; &lt;b&gt;"


@pytest.mark.parametrize(
    ("default", "cookie", "asks", "reads"),
    [("", "", "", "en"), ("", "", "fr", "en"), ("", "", "de-AT,en;q=0.5", "de"), ("de", "", "en", "de"),
     ("de", "en", "de", "en"), ("", "tlh", "de", "de")],
)  # fmt: skip
def test_a_language_is_what_was_chosen_then_what_is_set_then_what_the_browser_asks_for(
    workspace: Workspace, default: str, cookie: str, asks: str, reads: str
):
    client = create_app(workspace, language=default).test_client()
    if cookie:
        client.set_cookie("skillmatch_language", cookie)
    page = client.get("/sign-in", headers={"Accept-Language": asks}).text
    assert f'<html lang="{reads}"' in page
    assert ("Anmelden" in page) == (reads == "de")


def test_the_sign_in_page_has_a_switch_of_language_that_the_browser_keeps(app: Flask):
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token
    form = {"csrf_token": token[1], "language": "de", "next": f"/jobs/{OPEN}"}
    answer = client.post("/language", data=form)
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    page = client.get(answer.location).text
    assert '<html lang="de"' in page
    assert f'name="next" value="/jobs/{OPEN}"' in page
    client.post("/language", data={**form, "language": "<script>"})
    assert '<html lang="de"' in client.get("/sign-in").text


def save(client: FlaskClient, **fields: str) -> tuple[int, str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert token
    answer = client.post("/account/reading", data={"csrf_token": token[1], **fields}, follow_redirects=True)
    return answer.status_code, answer.text


def test_somebody_chooses_how_she_sees_the_pages_and_takes_it_back(app: Flask, client: FlaskClient):
    status, page = save(client, language="de", zone="Asia/Tokyo", theme="dark")
    assert status == 200
    assert '<html lang="de" data-theme="dark"' in page
    assert "So sehen Sie die Seiten von jetzt an." in page
    assert "Sa. 21. Nov. 2026, 23:05 JST" in text_of(client.get("/account").text)
    assert '<html lang="de" data-theme="dark"' in signed_in(app).get("/").text
    undo = re.search(r'<form method="post" action="/account/reading">(.*?)</form>', page, re.DOTALL)
    assert undo
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo[1]))
    client.post("/account/reading", data=fields)
    assert '<html lang="en">' in client.get("/").text
    assert "14:05 UTC" in client.get("/account").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"zone": "Europe/Berln"}, "There is no such time zone; did you mean Europe/Berlin?"),
        ({"zone": "../../etc/passwd"}, "There is no such time zone"),
        ({"zone": "x" * 5000}, "There is no such time zone"),
        ({"language": "tlh"}, "is no language: choose one of the list"),
        ({"theme": "<script>alert(1)</script>"}, "is no choice of colours"),
    ],
)
def test_what_cannot_be_chosen_is_told_and_changes_nothing(
    client: FlaskClient, workspace: Workspace, fields: dict[str, str], told: str
):
    before = workspace.accounts.named("rita")
    status, page = save(client, **fields)
    assert status == 400
    assert told in text_of(page)
    assert "<script>alert(1)" not in page
    if len(fields.get("zone", "")) < 100:
        assert f'value="{fields.get("zone", "")}"' in page
    assert workspace.accounts.named("rita") == before


def test_saving_the_same_again_says_so(client: FlaskClient):
    save(client, theme="light")
    assert "Nothing was changed: it is as it was." in save(client, theme="light")[1]


def test_a_zone_that_is_not_known_any_more_gives_way_to_the_companys(client: FlaskClient, workspace: Workspace):
    with workspace.accounts._store.write() as transaction:
        from dataclasses import replace

        transaction.save_account(replace(workspace.accounts.named("rita"), zone="Mars/Olympus"))
    assert "14:05 UTC" in client.get("/account").text


def test_her_settings_stay_when_an_administrator_changes_her_account(workspace: Workspace):
    accounts = workspace.accounts
    mia = accounts.prefer(accounts.named("mia").id, language="de", zone="Europe/Berlin", theme="dark")
    assert accounts.change(mia.id, name="Mia V.", by=accounts.named("rita")).language == "de"
    assert (accounts.named("mia").zone, accounts.named("mia").theme) == ("Europe/Berlin", "dark")


def test_both_ways_to_darkness_have_the_same_colours(client: FlaskClient):
    style = client.get("/static/style.css", buffered=True).text
    system, hers = (
        re.search(re.escape(selector) + r" \{(.*?)\}", style, re.DOTALL)
        for selector in (":root:not([data-theme=light])", ":root[data-theme=dark]")
    )
    assert system
    assert hers
    colours = [set(re.findall(r"--[\w-]+: #\w+", one[1])) for one in (system, hers)]
    assert colours[0] == colours[1]
    assert len(colours[0]) > 20


def test_every_page_has_help(app: Flask, client: FlaskClient):
    for address in every_address(app):
        page = client.get(address).text
        help = re.search(r'<details class="help">(.*?)</details>', page, re.DOTALL)
        assert help, address
        assert 1 <= help[1].count("<p>") <= 5, address


def menu_of(page: str) -> str:
    _before, _sign, after = page.partition('<details class="menu">')
    return after[: after.index("</details>")]


def test_many_pages_are_in_a_menu_on_a_phone_and_few_in_sight(app: Flask, as_who: AsWho):
    rita, pages = as_who("rita"), app.config["NAVIGATION"]
    once = menu_of(rita.get("/").text).count("<li>")
    app.config["NAVIGATION"] = pages[:3]
    assert 'class="menu"' not in rita.get("/").text
    app.config["NAVIGATION"] = pages * 3
    page = rita.get("/").text
    assert menu_of(page).count("<li>") == 3 * once > 20
    assert menu_of(page).count("aria-current") == 3
