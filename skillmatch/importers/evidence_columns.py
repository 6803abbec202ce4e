"""The tables of evidence, read off the fields of its classes: a new kind of evidence has its table at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from hashlib import sha256
from types import NoneType
from typing import Any, get_args, get_type_hints

from skillmatch.beliefs import evidence
from skillmatch.importers import forms
from skillmatch.importers.columns import Column, Kind
from skillmatch.importers.forms import Form
from skillmatch.model import ID_LENGTH

DEFAULT_SOURCE = "import"
_TABLE_NAMES = {
    "job_outcome": "outcomes",
    "declined": "declined",
    "learning_wish": "learning_wishes",
    "dispute_decided": "dispute_decisions",
    "skill_declined": "skills_declined",
}
_FILLED_IN = ("demands", "job_type", "customer", "site", "estimate", "listed")
_NOT_IN_TABLES = {("customer_rating", "demands"), *(("job_outcome", name) for name in _FILLED_IN)}
"""What the workspace takes from the job."""
_SOURCE_OF_TARGET = {
    "retraction": "retracts_source",
    "dispute": "disputes_source",
    "dispute_decided": "decides_source",
}
_MAY_BE_EMPTY = {("certification", "time"), *_SOURCE_OF_TARGET.items()}  # known from other columns
_NATURAL_KEYS = {
    "job_outcome": ("job", "worker", "time"),
    "customer_rating": ("job", "worker", "time"),
    "self_report": ("worker", "skill", "time"),
    "assessment": ("worker", "skill", "rater", "time"),
    "endorsement": ("worker", "skill", "rater", "time"),
    "override": ("worker", "skill", "rater", "time"),
    "certification": ("worker", "type", "issued"),
    "training": ("worker", "skill", "course", "time"),
    "revocation": ("worker", "type", "time"),
    "exemption": ("worker", "type", "time"),
    "declined": ("job", "worker", "time"),
    "learning_wish": ("worker", "skill", "time"),
    "skill_declined": ("worker", "skill", "time"),
    "retraction": ("retracts_source", "retracts_id"),
    "dispute": ("disputes_source", "disputes_id"),
    "dispute_decided": ("decides_source", "decides_id", "time"),
}
_FORMS_BY_NAME = {"level": forms.LEVEL, "minutes": forms.MINUTES, "stars": forms.STARS, "time": forms.TIME}
_FORMS_BY_FIELD = {("job_outcome", "used"): forms.USED, ("job_outcome", "cause"): forms.ID}
_IDS = {
    *("id", "worker", "source", "job", "skill", "type", "customer", "granted_by", "decided_by"),
    *("retracts_source", "retracts_id", "disputes_source", "disputes_id", "decides_source", "decides_id"),
}
_FORMS_BY_TYPE: dict[Any, Form] = {
    str: forms.TEXT,
    bool: forms.FLAG,
    float: forms.NUMBER,
    date: forms.DATE,
    datetime: forms.TIME,
    tuple[str, ...]: forms.LIST,
}


def _form(name: str, hint: Any) -> Form:
    if NoneType in get_args(hint):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if name in _IDS:
        return forms.ID
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return forms.choice(hint)
    return _FORMS_BY_NAME.get(name) or _FORMS_BY_TYPE[hint]


def evidence_kind(cls: type[evidence.Evidence]) -> Kind:
    """Return the kind of table whose rows are evidence of class `cls`."""
    hints = get_type_hints(cls)
    columns = []
    for field in fields(cls):
        if (cls.KIND, field.name) in _NOT_IN_TABLES:
            continue
        required = field.default is MISSING and field.name != "id" and (cls.KIND, field.name) not in _MAY_BE_EMPTY
        form = _FORMS_BY_FIELD.get((cls.KIND, field.name)) or _form(field.name, hints[field.name])
        columns.append(Column(field.name, form, required, repeats=field.name not in ("id", "time", "note")))
    return Kind(_TABLE_NAMES.get(cls.KIND, cls.KIND + "s"), cls, tuple(columns), _builder(cls))


def _builder(cls: type[evidence.Evidence]) -> Callable[[dict[str, Any]], Sequence[Any]]:
    def build(values: dict[str, Any]) -> Sequence[Any]:
        values.setdefault("source", DEFAULT_SOURCE)
        if cls is evidence.CertificationGranted:
            values.setdefault("time", datetime.combine(values["issued"], time(), UTC))
        if issubclass(cls, evidence.ABOUT_FACTS):
            values.setdefault(_SOURCE_OF_TARGET[cls.KIND], values["source"])
        if "id" not in values:
            values["id"] = natural_id(cls.KIND, values)
        return (cls(**values),)

    return build


def natural_id(kind: str, values: dict[str, Any]) -> str:
    """Return the id of evidence that was given none: its kind and what tells it from others of that kind.

    >>> natural_id("training", {"worker": "ana", "skill": "a/c", "time": datetime(2026, 3, 1, tzinfo=UTC)})
    'training:ana/a%2Fc//2026-03-01'
    """
    names = _NATURAL_KEYS.get(kind) or sorted(values.keys() - {"source"})
    id = f"{kind}:" + "/".join(_part(values.get(name, "")) for name in names)
    if len(id) <= ID_LENGTH and id.isprintable():
        return id
    return f"{kind}:sha256:{sha256(id.encode()).hexdigest()}"


def _part(value: Any) -> str:
    if isinstance(value, datetime):
        text = value.replace(tzinfo=None).isoformat()
        return text.removesuffix("T00:00:00")
    return str(value).replace("%", "%25").replace("/", "%2F")
