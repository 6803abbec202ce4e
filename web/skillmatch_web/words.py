"""How values are said to people: chances, points, levels, days, telephone numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from skillmatch.accounts import Role
from skillmatch.model import AllOf, AnyOf, CertificationRequirement, JobStatus, LanguageRequirement, Need, Risk, rung
from skillmatch.workspace import Candidate, Proficiency, Result, Share, in_words
from skillmatch_web.languages import N_, _, day_in_words, localized, ngettext, say, tongue

PERCENT = "\u00a0%"
"""The sign after a number, on the same line as it."""
PRIORITIES = {1: N_("emergency"), 2: N_("urgent"), 3: N_("normal"), 4: N_("can wait"), 5: N_("whenever")}
STATUSES = {JobStatus.OPEN: N_("open"), JobStatus.DONE: N_("done"), JobStatus.CANCELLED: N_("cancelled")}
RESULTS = {
    Result.FIRST_TIME_FIX: N_("Done at the first visit"),
    Result.WITH_HELP: N_("Done, but somebody had to help"),
    Result.REWORK: N_("Done, but it had to be done again"),
    Result.HANDED_ON: N_("Handed on to somebody else"),
    Result.FAILED: N_("Not solved"),
}
"""Each result in plain words."""
RISKS = {
    Risk.LOW: N_("low – little is lost if it goes wrong"),
    Risk.NORMAL: N_("normal"),
    Risk.HIGH: N_("high – whoever goes has to be surer of all that is a must"),
}
ROLES = {
    Role.SCHEDULER: N_("Scheduler – assigns workers to jobs and records how they ended"),
    Role.WORKER: N_("Worker – sees herself and her own jobs"),
    Role.MANAGER: N_("Manager – sees and does what schedulers do, for her teams"),
    Role.ADMINISTRATOR: N_("Administrator – everything, and says who may sign in"),
}
ROLE_NAMES = {
    Role.SCHEDULER: N_("scheduler"),
    Role.WORKER: N_("worker"),
    Role.MANAGER: N_("manager"),
    Role.ADMINISTRATOR: N_("administrator"),
}
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
"""What browsers call themselves in part, the first that fits counts."""
RUNNING_OUT_DAYS = 60
"""A certification that ends within so many days is pointed out."""


def percent(chance: float) -> str:
    r"""Return a chance in whole percents, never 0 % or 100 %: nothing is certain.

    >>> percent(0.834), percent(0.9999)
    ('83\xa0%', '>99\xa0%')
    """
    if chance < 0.005:
        return f"<1{PERCENT}"
    return f">99{PERCENT}" if chance >= 0.995 else f"{chance * 100:.0f}{PERCENT}"


def chance(candidate: Candidate) -> str:
    """Return a candidate's chance of success with its interval."""
    return f"{percent(candidate.chance)} ({span(candidate.low, candidate.high)})"


def span(low: float, high: float) -> str:
    r"""Return an interval of chances.

    >>> span(0.612, 0.94)
    '61–94\xa0%'
    """
    return f"{low * 100:.0f}–{high * 100:.0f}{PERCENT}"


def share(part: float) -> str:
    """Return a part of the whole in percents."""
    return f"{part * 100:.0f}{PERCENT}"


def level(value: float) -> str:
    """Return a level with one decimal."""
    return decimal(value)


def decimal(value: float, decimals: int = 1) -> str:
    """Return a number with so many decimals.

    >>> decimal(1234.56), decimal(0.125, 2)
    ('1234.6', '0.12')
    """
    return localized(f"{value:.{decimals}f}")


def whole(value: int) -> str:
    """Return a whole number.

    >>> whole(1234567)
    '1,234,567'
    """
    return localized(f"{value:,}")


def short(value: float) -> str:
    """Return a number without decimals that say nothing.

    >>> short(100.0), short(2.5)
    ('100', '2.5')
    """
    return localized(f"{value:g}")


def proficiency(found: Proficiency) -> str:
    """Return an estimated level with its interval.

    >>> proficiency(Proficiency(3.14, 2.4, 3.81))
    '3.1 (2.4–3.8)'
    """
    return f"{level(found.level)} ({level(found.low)}–{level(found.high)})"


def signed(value: float, decimals: int = 1) -> str:
    """Return a number with its sign, a true minus, and no sign on what rounds to nothing.

    >>> signed(-2.34), signed(0.04), signed(1.0, 2)
    ('−2.3', '0.0', '+1.00')
    """
    text = f"{value:+.{decimals}f}".replace("-", "−")
    return localized(text if float(f"{value:.{decimals}f}") else text[1:])


def day(value: date) -> str:
    """Return a day with its weekday.

    >>> day(date(2026, 11, 23))
    'Mon 23 Nov 2026'
    """
    # For translators: letters of CLDR; what they stand for is written in the order and with the signs between them.
    return day_in_words(value, _("EEE d MMM y"))


def local(value: datetime, zone: tzinfo) -> str:
    """Return a time on the company's clock.

    >>> from datetime import UTC
    >>> local(datetime(2026, 11, 23, 8, 5, tzinfo=UTC), UTC)
    'Mon 23 Nov 2026, 08:05 UTC'
    """
    there = value.astimezone(zone)
    return f"{day(there.date())}, {there:%H:%M} {there.tzname()}"


def period(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Return from when to when, on the company's clock.

    >>> from datetime import UTC
    >>> period(datetime(2026, 11, 23, 8, 5, tzinfo=UTC), datetime(2026, 11, 23, 9, 35, tzinfo=UTC), UTC)
    'Mon 23 Nov 2026, 08:05–09:35 UTC'
    """
    begin, stop = start.astimezone(zone), end.astimezone(zone)
    if begin.date() != stop.date():
        return _("%(begin)s to %(end)s", begin=local(start, zone), end=local(end, zone))
    return f"{day(begin.date())}, {begin:%H:%M}–{stop:%H:%M} {begin.tzname()}"


def window(earliest: datetime | None, latest: datetime | None, zone: tzinfo) -> str:
    """Return in words between when work was promised to begin, "" when no time was.

    >>> from datetime import UTC
    >>> morning = datetime(2026, 11, 23, 8, tzinfo=UTC)
    >>> window(morning, morning.replace(hour=12), UTC), window(None, morning, UTC)
    ('to begin Mon 23 Nov 2026, 08:00–12:00 UTC', 'to begin by Mon 23 Nov 2026, 08:00 UTC')
    """
    if earliest and latest:
        return _("to begin %(time)s", time=period(earliest, latest, zone))
    if earliest:
        return _("to begin not before %(time)s", time=local(earliest, zone))
    return _("to begin by %(time)s", time=local(latest, zone)) if latest else ""


def days_from(value: date, today: date) -> str:
    """Return how far a promised day is from today.

    >>> days_from(date(2026, 11, 20), date(2026, 11, 21))
    '1 day late'
    """
    days = (value - today).days
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days)
    return (_("today"), _("tomorrow"))[days] if days < 2 else ngettext("in %(num)s day", "in %(num)s days", days)


def minutes(value: float) -> str:
    """Return a duration in hours and minutes.

    >>> minutes(45), minutes(120), minutes(150)
    ('45 min', '2 h', '2 h 30 min')
    """
    hours, rest = divmod(round(value), 60)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if rest else _("%(hours)s h", hours=hours)


def telephone(number: str) -> str:
    """Return the address that dials a number.

    >>> telephone("+44 (0)20 7946-0018")
    'tel:+4402079460018'
    """
    return "tel:" + "".join(sign for place, sign in enumerate(number) if sign.isdigit() or (sign == "+" and not place))


def need_name(need: Need, names: Mapping[str, str]) -> str:
    """Return what a plain need asks for; `names` has what people call each skill, by id."""
    if isinstance(need, AnyOf | AllOf):
        return joined(need)
    if isinstance(need, LanguageRequirement):
        return _("Language %(language)s", language=tongue(need.language))
    if isinstance(need, CertificationRequirement):
        return _("Certification %(type)s", type=need.type)
    return names.get(need.skill, need.skill)


def joined(need: Need) -> str:
    """Return how the parts of a need belong together, "" when it has none."""
    return _("One of:") if isinstance(need, AnyOf) else _("All of:") if isinstance(need, AllOf) else ""


def needed(need: Need) -> str:
    """Return how much of a skill, or what proof, a job asks for; "" for what has parts."""
    if isinstance(need, AnyOf | AllOf):
        return ""
    if isinstance(need, LanguageRequirement):
        return _("must be spoken")
    heads = [_("%(count)s of the crew", count=need.count)] if need.count > 1 else []
    if isinstance(need, CertificationRequirement):
        return " – ".join([_("must be valid on the day"), *heads])
    asked = _("no particular level") if need.level is None else at_level(need.level)
    if need.preferred_level is not None and need.preferred_level != need.level:
        asked = _("%(level)s, better %(preferred)s", level=asked, preferred=short(need.preferred_level))
    return " – ".join([asked, *([_("a must")] if need.must else []), *heads])


def at_level(value: float) -> str:
    """Return a level that is asked for or stated, with the name of its rung.

    >>> at_level(3.0)
    'level 3, alone'
    """
    return _("level %(level)s, %(rung)s", level=short(value), rung=say(rung(value)))


def counted(found: Share) -> str:
    r"""Return so many of so many, with the share in percents and its interval.

    >>> counted(Share(7, 10))
    '7 of 10 (70\xa0%, 40–89\xa0%)'
    """
    if found.value is None or found.interval is None:
        return _("none yet")
    part = f"{share(found.value)}, {span(*found.interval)}"
    return _("%(some)s of %(all)s (%(share)s)", some=whole(found.count), all=whole(found.total), share=part)


def validity(expires: date | None, today: date) -> tuple[str, str]:
    """Return whether a certification is `valid`, running out `soon` or `expired`, and that in words."""
    if expires is None:
        return "valid", _("valid, without end")
    days = (expires - today).days
    if days < 0:
        return "expired", _("expired on %(day)s", day=day(expires))
    if days <= RUNNING_OUT_DAYS:
        return "soon", _("runs out %(when)s, on %(day)s", when=days_from(expires, today), day=day(expires))
    return "valid", _("valid until %(day)s", day=day(expires))


def validity_words(expires: date | None, today: date) -> str:
    """Return in words how long a certification is valid."""
    return validity(expires, today)[1]


def named(skills: Sequence[str], names: Mapping[str, str]) -> str:
    """Return skills by their names, as in a sentence.

    >>> named(("a", "b", "c"), {"a": "Pumps", "b": "Valves"})
    'Pumps, Valves and c'
    """
    said = [names.get(skill, skill) for skill in skills]
    return _("%(first)s and %(last)s", first=", ".join(said[:-1]), last=said[-1]) if len(said) > 1 else "".join(said)


_LINKED = ((0.85, N_("almost surely")), (0.6, N_("likely")), (0.3, N_("perhaps")), (0.0, N_("a guess")))


def linked(confidence: float) -> str:
    r"""Return how sure it is that words mean a skill, in words and in percents.

    >>> linked(0.9), linked(0.05)
    ('almost surely, 90\xa0%', 'a guess, 5\xa0%')
    """
    return f"{say(next(words for floor, words in _LINKED if confidence >= floor))}, {percent(confidence)}"


def waiting(seconds: int) -> str:
    """Return how long to wait before signing in again.

    >>> waiting(30)
    'Signing in has failed too often. Wait 30 seconds, then try again.'
    >>> waiting(61)
    'Signing in has failed too often. Wait 2 minutes, then try again.'
    """
    if seconds <= 60:
        length = ngettext("%(num)s second", "%(num)s seconds", seconds)
    else:
        length = ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60))
    return _("Signing in has failed too often. Wait %(time)s, then try again.", time=length)


def browser(agent: str) -> str:
    """Return what a browser that so describes itself is.

    >>> browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    """
    name = next((name for part, name in BROWSERS.items() if part in agent), "")
    system = next((name for part, name in SYSTEMS.items() if part in agent), "")
    if not name:
        return agent[:40] or _("A browser")
    return _("%(browser)s on %(system)s", browser=name, system=system) if system else name


def status(value: JobStatus) -> str:
    """Return in a word how a job stands."""
    return say(STATUSES[JobStatus(value)])


def role(value: Role) -> str:
    """Return what a role is called."""
    return say(ROLE_NAMES[Role(value)])


def sentence(text: object) -> str:
    """Return a text, or what an error says, in the language of the reader, with a capital and a full stop.

    >>> sentence("nothing is on record")
    'Nothing is on record.'
    """
    told = say(str(text))
    return told[:1].upper() + told[1:] + ("" if told.endswith((".", "?", "!")) else ".")


FILTERS = {
    "chance": chance,
    "counted": counted,
    "day": day,
    "days_from": days_from,
    "decimal": decimal,
    "in_words": in_words,
    "joined": joined,
    "level": level,
    "linked": linked,
    "local": local,
    "minutes": minutes,
    "named": named,
    "need_name": need_name,
    "needed": needed,
    "percent": percent,
    "period": period,
    "proficiency": proficiency,
    "role": role,
    "rung": rung,
    "sentence": sentence,
    "share": share,
    "short": short,
    "signed": signed,
    "span": span,
    "status": status,
    "telephone": telephone,
    "tongue": tongue,
    "validity": validity,
    "whole": whole,
    "validity_words": validity_words,
    "window": window,
}
"""What templates may say values with."""
