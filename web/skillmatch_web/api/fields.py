"""What values of the API may be: strict, so that what is taken is what the schema says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    WithJsonSchema,
)

from skillmatch.model import ID_LENGTH

MOST_NUMBER = 1e15
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or (isinstance(value, float) and value % 1):
        raise ValueError("expected a whole number")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("expected a number")
    if not abs(value) <= MOST_NUMBER:
        raise ValueError(f"expected a number up to {MOST_NUMBER:g}")
    return float(value)


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError("expected a day such as 2026-11-23")
    return date.fromisoformat(value)


def _time(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, str) or not TIME.fullmatch(value):
        raise ValueError("expected a time with its offset, such as 2026-11-23T08:00:00Z")
    try:
        return datetime.fromisoformat(value.upper().replace(" ", "T")).astimezone(UTC)
    except OverflowError:
        raise ValueError("expected a time within the years 1 to 9999") from None


def _typed(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,10}", value):
        raise ValueError("expected a whole number")
    return value


Id = Annotated[
    StrictStr,
    Field(min_length=1, max_length=ID_LENGTH, pattern=r"^\S(.*\S)?$"),
]
"""An id of the company's."""
Text = Annotated[StrictStr, Field(max_length=2000)]
LongText = Annotated[StrictStr, Field(max_length=20_000)]
Title = Annotated[StrictStr, Field(min_length=1, max_length=500)]
AS_WHOLE = BeforeValidator(_whole)
"""Takes whole numbers only. It and its like stand behind the limits of a field: pydantic knows no schema for others."""
AS_NUMBER = BeforeValidator(_number)
AS_TYPED = BeforeValidator(_typed)
"""Takes whole numbers as they stand in an address."""
Number = Annotated[float, Field(ge=-MOST_NUMBER, le=MOST_NUMBER), AS_NUMBER]
Level = Annotated[float, Field(ge=0, le=5), AS_NUMBER]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Time = Annotated[datetime, BeforeValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"})]
Flag = StrictBool


class In(BaseModel):
    """A body that is taken: nothing more than it names."""

    model_config = ConfigDict(extra="forbid")


class Query(BaseModel):
    """What may stand behind the question mark; what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """A body that is answered, made of any object with such attributes."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")
