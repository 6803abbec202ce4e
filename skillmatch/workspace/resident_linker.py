"""The linker in memory, kept up with the database by revision, as the company's arrays are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from threading import RLock

from skillmatch.errors import Invalid
from skillmatch.model import Correction, Merge, Skill
from skillmatch.skills.linking import Linked, Linker, NamedEmbedder
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.remembering import Progress, Remembering

MakeModel = Callable[[], NamedEmbedder]


@dataclass(frozen=True, slots=True)
class Known:
    """What a linker is made of: skills by id, corrections by words and skill, as of a revision."""

    revision: int = -1
    skills: dict[str, Skill] = field(default_factory=dict)
    corrections: dict[tuple[str, str], Correction] = field(default_factory=dict)

    def pulled(self, transaction: Transaction) -> Known:
        """Return what is known once all is pulled that was written since."""
        since = self.revision
        # A merge hides a skill, or shows it again, without a change to the skill itself.
        whole = since < 0 or bool(transaction.nouns(Merge, since=since))
        skills = transaction.nouns(Skill) if whole else transaction.nouns(Skill, since=since)
        corrections = transaction.nouns(Correction) if whole else transaction.nouns(Correction, since=since)
        return Known(
            transaction.revision(),
            {**({} if whole else self.skills), **{skill.id: skill for skill in skills}},
            {**({} if whole else self.corrections), **{(one.text, one.skill): one for one in corrections}},
        )

    def says_as(self, newer: Known) -> bool:
        """Return whether `newer` says the same."""
        return self.skills == newer.skills and self.corrections == newer.corrections

    def only_grown(self, newer: Known) -> bool:
        """Return whether `newer` says all that this says, and perhaps more."""
        return all(newer.skills.get(id) == skill for id, skill in self.skills.items()) and all(
            key in newer.corrections and newer.corrections[key].accepted == one.accepted
            for key, one in self.corrections.items()
        )


MOST_ANSWERS = 1000
"""So many texts are linked once for as long as no skill and no correction changes: pages repeat what customers said."""


class ResidentLinker:
    """Links texts to the skills of a database as they are now. Safe to share between threads.

    It has a lock of its own: nobody who ranks waits while names are embedded. It is made when it is first used.

    Parameters
    ----------
    make_model
        Loads a local model of language; None links by words alone, and so does an installation without the model.
    """

    def __init__(self, store: Store, make_model: MakeModel | None) -> None:
        self._store = store
        self._make_model = make_model
        self._lock = RLock()
        self._known = Known()
        self._linker: Linker | None = None
        self._model: Remembering | None = None
        self._note = ""
        self._answers: dict[tuple[str, int], Linked] = {}

    def link(self, text: str, limit: int, progress: Progress | None = None) -> Linked:
        """Return the skills that a text may mean, by what is in the database now."""
        with self._lock:
            linker = self._fresh()
            if self._model is not None:
                self._model.progress = progress
            found = self._answers.get((text, limit)) or linker.link(text, limit)
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[text, limit] = found
        return replace(found, note="; ".join(filter(None, (found.note, self._note)))) if self._note else found

    def rejected(self, links: Iterable[tuple[str, str]]) -> set[str]:
        """Return the skills, of pairs of words and skill, that somebody rejected for these very words."""
        with self._lock:
            self._fresh()
            known = self._known.corrections
        return {key[1] for key in links if key in known and not known[key].accepted}

    def _fresh(self) -> Linker:
        """Return the linker, brought up to the database's revision."""
        with self._store.read() as transaction:
            if self._linker is not None and transaction.revision() == self._known.revision:
                return self._linker
            newer = self._known.pulled(transaction)
        linker, before = self._linker, self._known
        if linker is not None and before.says_as(newer):
            self._known = newer
            return linker
        self._answers.clear()
        # What fails halfway leaves nothing behind that the next one would build on.
        self._linker, self._known = None, Known()
        if linker is not None and before.only_grown(newer):
            _grow(linker, before, newer)
        else:
            linker = self._made(newer.skills.values(), newer.corrections.values())
        self._linker, self._known = linker, newer
        return linker

    def _made(self, skills: Iterable[Skill], corrections: Iterable[Correction]) -> Linker:
        if self._make_model is not None and self._model is None and not self._note:
            try:
                self._model = Remembering(self._store, self._make_model())
            except Invalid as error:
                self._note = f"linked by words alone: {error}"
        return Linker(skills, corrections=corrections, embedder=self._model)


def _grow(linker: Linker, before: Known, newer: Known) -> None:
    for id, skill in newer.skills.items():
        if id not in before.skills:
            linker.add(skill)
    for key, correction in newer.corrections.items():
        if key not in before.corrections:
            linker.correct(correction)
