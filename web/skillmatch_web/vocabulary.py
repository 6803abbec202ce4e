"""Words that the code below the pages puts into its texts by their own names, marked for the catalogues.

They are values of enumerations, kinds and columns there, so there is no place at which each stands as a text.
"""

from __future__ import annotations

from skillmatch_web.languages import N_

NOUNS = (
    N_("worker"), N_("job"), N_("job type"), N_("skill"), N_("customer"), N_("site"), N_("asset"), N_("policy"),
    N_("cause"), N_("question"), N_("account"), N_("decision"), N_("certification"), N_("plan"), N_("team"),
    N_("note"), N_("candidate for the crew"), N_("scope"), N_("title"), N_("text"),
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
STATES = (N_("open"), N_("done"), N_("cancelled"), N_("changed"), N_("gone"))
CLAIMS = (N_("approved"), N_("declined"), N_("replaced"), N_("withdrawn"), N_("taken back"))
VERDICTS = (N_("upheld"), N_("rejected"))
DISPUTES = (N_("dispute"), N_("dispute decided"))
LINKS = (N_("broader"), N_("needs"), N_("related"))
ROLES = (N_("worker"), N_("scheduler"), N_("manager"), N_("administrator"))
AUDIT = (
    N_("account added"), N_("account changed"), N_("account disabled"), N_("account enabled"), N_("invited"),
    N_("password set"), N_("signed out everywhere"), N_("single sign-on linked"), N_("single sign-on unlinked"),
    N_("token made"), N_("token revoked"), N_("token restored"), N_("recorded"), N_("created"), N_("edited"),
    N_("took back"), N_("wrote"), N_("answered"), N_("job added"), N_("job changed"), N_("job cancelled"),
    N_("called off"), N_("claim handed in"), N_("claim taken back"), N_("claim approved"), N_("claim declined"),
    N_("claim opened again"), N_("skill added"), N_("skill changed"), N_("skill linked"), N_("skill link removed"),
    N_("skill change undone"), N_("skills merged"), N_("skills taken apart"), N_("skills said to be two"),
    N_("skills may be one again"), N_("matrix taken in"), N_("matrix taken back"),
)  # fmt: skip
"""What somebody did, as the record of who did what has it."""
