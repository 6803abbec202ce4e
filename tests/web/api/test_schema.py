"""schemathesis over the whole API, as every role: what is sent is what the schema allows and what it does not, and all
answers are what the schema says. `SKILLMATCH_API_EXAMPLES` makes it look longer.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from tests.web.api.conftest import PEOPLE, token_of

EXAMPLES = int(os.environ.get("SKILLMATCH_API_EXAMPLES", "4"))
RULES_BEYOND_SCHEMAS = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
"""What a request may be answered that keeps to the schema: a day in the future, a skill that is not there, are refused
by rules that no schema can say.
"""


def from_everywhere(inner: Any) -> Any:
    """Let each request come from another address: who tries wrong tokens, as this does, has to wait otherwise."""
    numbers = count()

    def called(environ: dict[str, Any], start_response: Any) -> Any:
        number = next(numbers)
        return inner({**environ, "REMOTE_ADDR": f"10.0.{number // 250 % 250}.{number % 250}"}, start_response)

    return called


def description_of(workspace: Workspace) -> Any:
    """Return the schema, with an application behind it to try it on."""
    app = create_app(workspace, secret_key="x")
    app.wsgi_app = from_everywhere(app.wsgi_app)  # type: ignore[method-assign]
    known = {"positive_data_acceptance": {"expected-statuses": RULES_BEYOND_SCHEMAS}}
    config = SchemathesisConfig.from_dict({"checks": known})
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_answer_is_what_the_schema_says(workspace: Workspace, who: str):
    schema, headers = description_of(workspace), {"Authorization": f"Bearer {token_of(workspace, who)}"}
    seen: Counter[str] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            def answered(case: Any) -> None:
                answer = case.call_and_validate(headers=headers)
                seen[f"{case.method} {case.path} {answer.status_code}"] += 1

            try:
                answered()
            except BaseException as error:
                if type(error).__name__ == "Unsatisfiable" or "skip" in type(error).__name__.lower():
                    continue  # nothing can be sent that breaks the schema
                raise
    if os.environ.get("SKILLMATCH_API_EXAMPLES"):
        print(*sorted(seen.items()), sep="\n")
