"""Words that the code below the pages puts into its texts by their own names, marked for the catalogues.

They are values of enumerations, kinds and columns there, so there is no place at which each stands as a text.
"""

from __future__ import annotations

from skillmatch_web.languages import N_

NOUNS = (
    N_("worker"), N_("job"), N_("job type"), N_("skill"), N_("customer"), N_("site"), N_("asset"), N_("policy"),
    N_("cause"), N_("question"), N_("account"), N_("decision"), N_("certification"), N_("plan"), N_("team"),
)  # fmt: skip
"""What can be missing."""
EVIDENCE = (
    N_("job outcome"), N_("job outcomes"), N_("customer rating"), N_("customer ratings"), N_("self report"),
    N_("self reports"), N_("assessment"), N_("assessments"), N_("endorsement"), N_("endorsements"), N_("override"),
    N_("overrides"), N_("training"), N_("trainings"), N_("certifications"), N_("retraction"), N_("retractions"),
)  # fmt: skip
"""Kinds of evidence, one and several."""
RESULTS = (N_("first-time fix"), N_("done with help"), N_("rework"), N_("handed on"), N_("failed"))
UNITS = (N_("points"), N_("log-odds"), N_("levels"), N_("percent"), N_("cost"), N_("chance"))
SEASONS = (N_("winter"), N_("spring"), N_("summer"), N_("autumn"))
AGES = (
    N_("under 3 years"),
    N_("3 to 7 years"),
    N_("7 to 12 years"),
    N_("12 to 18 years"),
    N_("over 18 years"),
)
ANSWERS = (N_("yes"), N_("no"))
STATES = (N_("open"), N_("done"), N_("cancelled"), N_("gone"))
ROLES = (N_("worker"), N_("scheduler"), N_("manager"), N_("administrator"))
