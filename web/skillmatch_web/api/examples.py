"""What a body looks like, operation by operation, for the description of the API."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "create_job": {
        "call": {
            "id": "J-2001",
            "title": "No hot water",
            "text": "It makes a knocking noise and goes out.",
            "type": "boiler repair",
            "customer": "oak",
            "due": "2026-11-23",
            "priority": 2,
        },
        "needs": {
            "title": "Yearly service",
            "requirements": [{"skill": "boiler", "level": 3, "must": True}, {"certification": "gas / EU"}],
        },
    },
    "change_job": {"promise": {"due": "2026-11-24", "priority": 1}},
    "assign": {"first": {"decision": 12, "workers": ["anna"]}},
    "record_outcome": {"done": {"worker": "anna", "result": "first-time fix", "minutes": 80, "note": "New valve."}},
    "retract_outcome": {"mistake": {"reason": "It was another job."}},
    "record_evidence": {
        "self report": {"kind": "self_report", "worker": "anna", "skill": "boiler", "level": 3.5},
        "certification": {
            "kind": "certification",
            "worker": "anna",
            "type": "gas / EU",
            "issued": "2026-11-01",
            "expires": "2029-10-31",
        },
    },
    "answer": {"yes": {"yes": True}, "taken back": {"yes": None}},
    "go_with": {"cause": {"cause": "gas valve stuck"}, "back": {"cause": None}},
    "add_webhook": {"jobs": {"url": "https://example.org/skillmatch", "events": ["job.finished"]}},
    "change_webhook": {"pause": {"active": False}, "go on": {"active": True}},
    "correct_link": {"meant": {"text": "knocking in the pump", "skill": "pumps", "accepted": True}},
}
