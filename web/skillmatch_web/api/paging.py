"""Long lists, part by part: what is asked for, and where the next part is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar
from urllib.parse import quote, urlencode

from flask import request
from pydantic import Field

from skillmatch_web.api.fields import AS_TYPED, Query

MOST = 100
LAST_PAGE = 10_000_000
T = TypeVar("T")


class PageQuery(Query):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many on a page"), AS_TYPED] = 25
    page: Annotated[int, Field(ge=1, le=LAST_PAGE, description="Counts from 1"), AS_TYPED] = 1

    @property
    def offset(self) -> int:
        """How many come before."""
        return (self.page - 1) * self.limit

    def part(self, rows: Sequence[T]) -> Sequence[T]:
        """Return the rows of this page of all."""
        return rows[self.offset : self.offset + self.limit]


def links(page: int, limit: int, total: int) -> dict[str, str]:
    """Return the header that says where other pages are (RFC 8288), and how many rows there are on all."""
    last = max(1, -(-total // limit))
    wanted = {"first": 1, "prev": page - 1 if page > 1 else 0, "next": page + 1 if page < last else 0, "last": last}
    found = [f'<{address(page=number)}>; rel="{name}"' for name, number in wanted.items() if number]
    return {"Link": ", ".join(found), "X-Total-Count": str(total)}


def address(**changes: object) -> str:
    """Return the address of this request with other parameters."""
    kept = {name: value for name, value in request.args.items(multi=True) if name not in changes}
    path = request.path.encode("utf-8", "surrogatepass")
    return f"{quote(path, safe='/~')}?{urlencode({**kept, **changes})}"
