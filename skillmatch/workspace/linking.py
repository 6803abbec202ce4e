"""The use-cases of linking: which skills somebody's words mean, and what people say of such links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from skillmatch.accounts import Account
from skillmatch.beliefs.evidence import SelfReport
from skillmatch.errors import Invalid, NotFound
from skillmatch.matching.diagnosis.marginal import Prices
from skillmatch.model import Correction, Skill
from skillmatch.skills.linking import Linked, LinkedSkill, clause_of, clean, keys
from skillmatch.store.rows import check_text
from skillmatch.store.store import Store, Transaction
from skillmatch.taxonomy import LONGEST_WORDS
from skillmatch.workspace import recording
from skillmatch.workspace.answers import Recorded
from skillmatch.workspace.base import USUAL_PRICES
from skillmatch.workspace.remembering import Progress
from skillmatch.workspace.requirements import Requirements
from skillmatch.workspace.resident_linker import MakeModel, ResidentLinker

MOST_LINKS = 1000
MORE_LINKS = 20
"""So many more are looked at where rejected ones are left out."""
LEAST_SUGGESTED = 0.02
"""What is less likely is not worth anybody's reading."""


class Linking(Requirements):
    """The part of the workspace that links words to skills."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo = UTC,
        prices: Prices = USUAL_PRICES,
        model: MakeModel | None = None,
    ) -> None:
        super().__init__(store, clock=clock, zone=zone, prices=prices)
        self._links = ResidentLinker(store, model)

    def link(self, text: str, *, limit: int = 10, progress: Progress | None = None) -> Linked:
        """Return the skills that a text may mean, best first; no text is an error, the note says what is odd about it.

        The first call makes the linker; with a local model it also embeds the names of skills that are new, which
        takes a second for some fifty, tells `progress`, and keeps them.

        Raises
        ------
        Invalid
            For a limit that is none.
        """
        if not 1 <= limit <= MOST_LINKS:
            raise Invalid(f"{limit} skills were asked for: expected 1 to {MOST_LINKS}")
        return self._links.link(text, limit, progress)

    def suggest(self, text: str, *, limit: int = 5, least: float = LEAST_SUGGESTED) -> Linked:
        """Return what `link` does without the skills that somebody rejected for these very words, or that are unlikely.

        Raises
        ------
        Invalid
            For a limit that is none.
        """
        found = self.link(text, limit=min(limit + MORE_LINKS, MOST_LINKS))
        rejected = self._links.rejected((about(text, link, accepted=False), link.skill) for link in found.links)
        links = tuple(link for link in found.links if link.confidence >= least and link.skill not in rejected)
        return replace(found, links=links[:limit])

    def correct_link(self, text: str, skill: str, *, accepted: bool, by: str = "") -> Correction:
        """Keep what somebody says of a skill for a text: it is meant, or it is not. The last word counts.

        Parameters
        ----------
        text
            Words that mean the skill, or do not; kept without mark-up and double blanks.
        skill
            Its id, or its name where no other skill has it.
        by
            Who says so.

        Raises
        ------
        NotFound
            When there is no such skill; with the nearest id or name.
        Invalid
            When several skills have the name, or the text has no word or more than 500 characters.
        """
        said = _words(text)
        with self._store.write() as transaction:
            return _keep(transaction, Correction(said, _skill_named(transaction, skill), accepted, by))

    def judge_link(self, text: str, skill: str, *, accepted: bool, by: str = "") -> Correction:
        """Keep what somebody says of a link she was shown for a text: about the words that led there, not about all.

        A skill is accepted for the very words, and rejected for the clause they stand in, since elsewhere the same
        words may well mean it. Errors are those of `correct_link`.
        """
        return self.correct_link(self._about(text, skill, accepted=accepted), skill, accepted=accepted, by=by)

    def claim_skill(self, report: SelfReport, text: str, *, by: Account | None = None) -> Recorded:
        """Record that a worker says a level of a skill that her words named, and accept that link, in one transaction.

        `by` is who was signed in, and is kept beside it.

        Raises
        ------
        NotFound, Invalid, Conflict
            As `record` and `judge_link` do; then neither is kept.
        """
        said = _words(self._about(text, report.skill, accepted=True))
        with self._store.write() as transaction:
            done = recording.record_within(transaction, report, now=self.now(), by=by)
            _keep(transaction, Correction(said, report.skill, True, report.worker))
        return done

    def _about(self, text: str, skill: str, *, accepted: bool) -> str:
        links = self.link(text, limit=MOST_LINKS).links
        found = next((link for link in links if skill in (link.skill, link.name)), None)
        return _shortened(text) if found is None else about(text, found, accepted=accepted)


def about(text: str, link: LinkedSkill, *, accepted: bool) -> str:
    """Return the part of a text that somebody speaks of who accepts or rejects a link."""
    if not link.spans:
        return _shortened(text)
    if not accepted:
        return _shortened(clause_of(text, link.spans))
    first, last = min(start for start, _ in link.spans), max(end for _, end in link.spans)
    stretch = " ".join(clean(text)[first:last].split())
    return stretch if len(stretch) <= LONGEST_WORDS else _shortened(" ".join(link.words))


def _shortened(text: str) -> str:
    """Return as many whole words of a text, from its begin, as a correction can hold."""
    words = " ".join(clean(text).split())
    if len(words) <= LONGEST_WORDS:
        return words
    return words[: LONGEST_WORDS + 1].rpartition(" ")[0] or words[:LONGEST_WORDS]


def _words(text: str) -> str:
    """Return a text as it is kept; raise Invalid for one without words."""
    said = " ".join(clean(text).split())
    check_text(said, "the text")
    if not keys(said):
        raise Invalid("there is no word in the text: expected words that mean a skill, or do not")
    return said


def _skill_named(transaction: Transaction, skill: str) -> str:
    """Return the id of a skill by its id or its name."""
    if transaction.noun(Skill, skill) is not None:
        return skill
    skills = transaction.nouns(Skill)
    found = [one.id for one in skills if one.name.casefold() == skill.strip().casefold()]
    if len(found) > 1:
        raise Invalid(f"{len(found)} skills are named {skill!r}: name one by its id, such as {found[0]!r}")
    if not found:
        raise NotFound.named("skill", skill, [name for one in skills for name in (one.id, one.name)])
    return found[0]


def _keep(transaction: Transaction, correction: Correction) -> Correction:
    transaction.save_nouns(Correction, [correction], revision=transaction.next_revision())
    return correction
