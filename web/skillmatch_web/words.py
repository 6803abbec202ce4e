"""How values are said to people: chances, points, levels, days, telephone numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from skillmatch.accounts import Role
from skillmatch.model import AllOf, AnyOf, CertificationRequirement, JobStatus, LanguageRequirement, Need, Risk, rung
from skillmatch.workspace import Candidate, Proficiency, Result, Share, in_words

PERCENT = "\u00a0%"
"""The sign after a number, on the same line as it."""
PRIORITIES = {1: "emergency", 2: "urgent", 3: "normal", 4: "can wait", 5: "whenever"}
STATUSES = {JobStatus.OPEN: "open", JobStatus.DONE: "done", JobStatus.CANCELLED: "cancelled"}
RESULTS = {
    Result.FIRST_TIME_FIX: "Done at the first visit",
    Result.WITH_HELP: "Done, but somebody had to help",
    Result.REWORK: "Done, but it had to be done again",
    Result.HANDED_ON: "Handed on to somebody else",
    Result.FAILED: "Not solved",
}
"""Each result in plain words."""
RISKS = {
    Risk.LOW: "low – little is lost if it goes wrong",
    Risk.NORMAL: "normal",
    Risk.HIGH: "high – every must has to be surer",
}
ROLES = {
    Role.SCHEDULER: "Scheduler – assigns workers to jobs and records how they ended",
    Role.WORKER: "Worker – sees herself and her own jobs",
    Role.MANAGER: "Manager – sees and does what schedulers do, for her teams",
    Role.ADMINISTRATOR: "Administrator – everything, and says who may sign in",
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
    return f"{value:.1f}"


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
    return text if float(f"{value:.{decimals}f}") else text[1:]


def day(value: date) -> str:
    """Return a day with its weekday.

    >>> day(date(2026, 11, 23))
    'Mon 23 Nov 2026'
    """
    return f"{value:%a} {value.day} {value:%b %Y}"


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
        return f"{local(start, zone)} to {local(end, zone)}"
    return f"{day(begin.date())}, {begin:%H:%M}–{stop:%H:%M} {begin.tzname()}"


def window(earliest: datetime | None, latest: datetime | None, zone: tzinfo) -> str:
    """Return in words between when work was promised to begin, "" when no time was.

    >>> from datetime import UTC
    >>> morning = datetime(2026, 11, 23, 8, tzinfo=UTC)
    >>> window(morning, morning.replace(hour=12), UTC), window(None, morning, UTC)
    ('to begin Mon 23 Nov 2026, 08:00–12:00 UTC', 'to begin by Mon 23 Nov 2026, 08:00 UTC')
    """
    if earliest and latest:
        return f"to begin {period(earliest, latest, zone)}"
    if earliest:
        return f"to begin not before {local(earliest, zone)}"
    return f"to begin by {local(latest, zone)}" if latest else ""


def days_from(value: date, today: date) -> str:
    """Return how far a promised day is from today.

    >>> days_from(date(2026, 11, 20), date(2026, 11, 21))
    '1 day late'
    """
    days = (value - today).days
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} late"
    return ("today", "tomorrow")[days] if days < 2 else f"in {days} days"


def minutes(value: float) -> str:
    """Return a duration in hours and minutes.

    >>> minutes(45), minutes(120), minutes(150)
    ('45 min', '2 h', '2 h 30 min')
    """
    hours, rest = divmod(round(value), 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not hours else parts)


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
        return f"Language {need.language}"
    if isinstance(need, CertificationRequirement):
        return f"Certification {need.type}"
    return names.get(need.skill, need.skill)


def joined(need: Need) -> str:
    """Return how the parts of a need belong together, "" when it has none."""
    return "One of:" if isinstance(need, AnyOf) else "All of:" if isinstance(need, AllOf) else ""


def needed(need: Need) -> str:
    """Return how much of a skill, or what proof, a job asks for; "" for what has parts."""
    if isinstance(need, AnyOf | AllOf):
        return ""
    if isinstance(need, LanguageRequirement):
        return "must be spoken"
    heads = f" – {need.count} of the crew" if need.count > 1 else ""
    if isinstance(need, CertificationRequirement):
        return f"must be valid on the day{heads}"
    asked = "no particular level" if need.level is None else f"level {need.level:g}, {rung(need.level)}"
    better = "" if need.preferred_level in (None, need.level) else f", better {need.preferred_level:g}"
    return asked + better + (" – a must" if need.must else "") + heads


def counted(found: Share) -> str:
    r"""Return so many of so many, with the share in percents and its interval.

    >>> counted(Share(7, 10))
    '7 of 10 (70\xa0%, 40–89\xa0%)'
    """
    if found.value is None or found.interval is None:
        return "none yet"
    return f"{found.count:,} of {found.total:,} ({share(found.value)}, {span(*found.interval)})"


def validity(expires: date | None, today: date) -> tuple[str, str]:
    """Return whether a certification is `valid`, running out `soon` or `expired`, and that in words."""
    if expires is None:
        return "valid", "valid, without end"
    days = (expires - today).days
    if days < 0:
        return "expired", f"expired on {day(expires)}"
    if days <= RUNNING_OUT_DAYS:
        return "soon", f"runs out {days_from(expires, today)}, on {day(expires)}"
    return "valid", f"valid until {day(expires)}"


_LINKED = ((0.85, "almost surely"), (0.6, "likely"), (0.3, "perhaps"), (0.0, "a guess"))


def linked(confidence: float) -> str:
    r"""Return how sure it is that words mean a skill, in words and in percents.

    >>> linked(0.9), linked(0.05)
    ('almost surely, 90\xa0%', 'a guess, 5\xa0%')
    """
    return f"{next(words for floor, words in _LINKED if confidence >= floor)}, {percent(confidence)}"


def waiting(seconds: int) -> str:
    """Return how long to wait before signing in again.

    >>> waiting(30)
    'Signing in has failed too often. Wait 30 seconds, then try again.'
    >>> waiting(61)
    'Signing in has failed too often. Wait 2 minutes, then try again.'
    """
    length = f"{seconds} second{'s' * (seconds != 1)}" if seconds <= 60 else f"{-(-seconds // 60)} minutes"
    return f"Signing in has failed too often. Wait {length}, then try again."


def browser(agent: str) -> str:
    """Return what a browser that so describes itself is.

    >>> browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    """
    name = next((name for part, name in BROWSERS.items() if part in agent), "")
    system = next((name for part, name in SYSTEMS.items() if part in agent), "")
    if not name:
        return "A browser" if not agent else agent[:40]
    return f"{name} on {system}" if system else name


FILTERS = {
    "chance": chance,
    "counted": counted,
    "day": day,
    "days_from": days_from,
    "in_words": in_words,
    "joined": joined,
    "level": level,
    "linked": linked,
    "local": local,
    "minutes": minutes,
    "need_name": need_name,
    "needed": needed,
    "percent": percent,
    "period": period,
    "proficiency": proficiency,
    "rung": rung,
    "share": share,
    "signed": signed,
    "span": span,
    "telephone": telephone,
    "validity": validity,
    "window": window,
}
"""What templates may say values with."""
