"""From free text to the skills of a taxonomy: which, how sure, by which words and by which of their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from skillmatch import wording
from skillmatch.errors import NotFound
from skillmatch.model import Skill
from skillmatch.skills.linking import features, meaning, words
from skillmatch.skills.linking.corrections import Correction, Said, balance, said
from skillmatch.skills.linking.features import MATCHED, Fits, Heard, fits, hear
from skillmatch.skills.linking.index import LEARNED, Floats, Index
from skillmatch.skills.linking.meaning import Embedder, Meaning, Vectors
from skillmatch.skills.linking.weights import CORRECTED, MEANING, WORDS, Weights
from skillmatch.skills.linking.words import Word

MEANINGS_LOOKED_AT = 60
NAMED = 3.5
"""The logit, at least, of a skill of which a whole text is a name, however little its words say: 97 %."""
MOST_SHOWN = 3
"""Where only a description speaks for a skill, so many of its words are shown."""


@dataclass(frozen=True, slots=True)
class LinkedSkill:
    """A skill that may be meant.

    Parameters
    ----------
    confidence
        Chance that somebody who knows the taxonomy would say so, from 0 to 1.
    score
        Its logit, by which links are ordered.
    words, spans
        The words that led there as they were written, and where they begin and end in the text; none when a local
        model alone finds it near in meaning.
    via
        The name of the skill that they match: its own, another one, or what people called it before.
    """

    skill: str
    name: str
    confidence: float
    score: float
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    via: str


@dataclass(frozen=True, slots=True)
class Linked:
    """The likeliest skills, best first; the chance that none is meant; and what else is to be said of the text."""

    links: tuple[LinkedSkill, ...]
    none: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A block of the text with the logit of each skill, (skills of `fits`,)."""

    words: Sequence[Word]
    heard: Heard
    fits: Fits
    figures: Floats
    logits: Floats


class Linker:
    """Links texts to skills. The answer depends on skills, corrections and embedder alone.

    Without an embedder that is so to the bit: in which order skills and corrections came makes no difference.

    Parameters
    ----------
    skills
        What can be linked. A later skill replaces one with the same id.
    corrections
        What people said about earlier links, kept by the caller; those for skills that are not there wait for them.
    embedder
        A local model of language, see `meaning.LocalModel`.
    vectors
        What `vectors` gave earlier, so that only new names are embedded.

    Examples
    --------
    >>> linker = Linker([Skill("cool", "refrigerant handling"), Skill("el", "electrical safety")])
    >>> [(link.skill, link.words) for link in linker.link("Handeling of refrigerants", limit=1).links]
    [('cool', ('Handeling', 'refrigerants'))]
    """

    def __init__(
        self,
        skills: Iterable[Skill] = (),
        *,
        corrections: Iterable[Correction] = (),
        embedder: Embedder | None = None,
        vectors: Mapping[str, Vectors] | None = None,
        weights: Weights | None = None,
    ) -> None:
        self._skills = {skill.id: skill for skill in skills}
        self._corrections = list(corrections)
        self._embedder = embedder
        self._vectors = dict(vectors or {})
        self._weights = weights or (WORDS if embedder is None else MEANING)
        self._build()

    def _build(self) -> None:
        self._index = Index()
        self._said: dict[int, list[Said]] = {}
        self._meaning = None if self._embedder is None else Meaning(self._embedder, self._vectors)
        for skill in self._skills.values():
            self._enter(skill)
        for correction in self._corrections:
            self._hear_out(correction)

    def _enter(self, skill: Skill) -> None:
        self._index.add(skill)
        if self._meaning is not None:
            self._meaning.add(skill)

    def _hear_out(self, correction: Correction) -> None:
        number = self._index.place_of.get(correction.skill)
        if number is None:
            return
        one = said(self._index, correction)
        if one is not None:
            self._said.setdefault(number, []).append(one)
            if one.accepted:
                self._index.call(number, correction.text, LEARNED)

    def __len__(self) -> int:
        return len(self._skills)

    @property
    def vectors(self) -> Mapping[str, Vectors]:
        """Return the vectors of the skills' texts, to be kept by the caller; empty without an embedder."""
        if self._meaning is None:
            return {}
        self._meaning.complete()
        return self._meaning.vectors

    def add(self, skill: Skill) -> None:
        """Add a skill, which can be linked at once; one with the same id is replaced, which builds all anew."""
        known = skill.id in self._skills
        self._skills[skill.id] = skill
        if known:
            self._vectors = dict(self.vectors)
            self._build()
            return
        self._enter(skill)
        for correction in self._corrections:
            if correction.skill == skill.id:
                self._hear_out(correction)

    def remove(self, skill: str) -> None:
        """Take a skill out, which builds all anew.

        Raises
        ------
        NotFound
            When there is no such skill.
        """
        if skill not in self._skills:
            raise NotFound.named("skill", skill, self._skills)
        self._vectors = dict(self.vectors)
        del self._skills[skill]
        self._build()

    def correct(self, correction: Correction) -> None:
        """Take in what somebody said about a link; it counts from the next text on."""
        self._corrections.append(correction)
        self._hear_out(correction)

    def link(self, text: str, limit: int = 10) -> Linked:
        """Return the skills that a text may mean, best first, equal ones by id; never an exception for a text."""
        note = "" if len(text) <= words.MOST_CHARACTERS else (
            wording.said("only the first {most:,} of {length:,} characters were read",
                most=words.MOST_CHARACTERS,
                length=len(text),
            )
        )  # fmt: skip
        if not self._skills:
            return Linked((), 1.0, wording.said("there are no skills to link to"))
        best: dict[int, tuple[float, Scored, int]] = {}
        none = 1.0
        cleaned = words.clean(text)
        for block in self.scored(cleaned):
            none = min(none, self._none(block.logits))
            for row, (skill, logit) in enumerate(zip(block.fits.skills.tolist(), block.logits.tolist(), strict=True)):
                if skill not in best or logit > best[skill][0]:
                    best[skill] = (logit, block, row)
        if not best:
            return Linked((), 1.0, note or _why_nothing(cleaned))
        ids = self._index.skills
        order = sorted(best, key=lambda skill: (-best[skill][0], ids[skill].id))[: max(limit, 0)]
        return Linked(tuple(self._shown(text, skill, *best[skill]) for skill in order), none, note)

    def scored(self, cleaned: str) -> Iterator[Scored]:
        """Yield the blocks of a cleaned text with every skill that was looked at; what weights are learned from."""
        all = words.read(cleaned)
        named = self._index.called(word.key for word in all)
        for block, parts in words.blocks(all):
            heard = hear(self._index, block)
            balances = {number: balance(self._index, heard, own) for number, own in self._said.items()}
            extra = [number for number, value in balances.items() if value > 0.0]
            near = None
            if self._meaning is not None:
                near = self._meaning.near(cleaned[block[0].start : block[-1].end])
                extra += np.argsort(-near, kind="stable")[:MEANINGS_LOOKED_AT].tolist()
            found = fits(self._index, heard, parts, np.array(extra, np.int64))
            figures = found.figures
            if near is not None:
                figures = np.concatenate((figures, meaning.figures(near, found.skills)), axis=1)
            # Not by BLAS, where the last bit of a row depends on the rows around it.
            logits = (figures * self._column).sum(axis=1) + self._weights.intercept
            for number in named:
                there = found.skills == number
                logits[there] = np.maximum(logits[there], NAMED - np.log(len(named)))
            for number, value in balances.items():
                logits[found.skills == number] += CORRECTED * value
            yield Scored(block, heard, found, figures, logits)

    def id_of(self, number: int) -> str:
        """Return the id of the skill with this number, as `scored` gives it."""
        return self._index.skills[number].id

    @property
    def _column(self) -> Floats:
        names = features.FEATURES if self._meaning is None else (*features.FEATURES, *meaning.FEATURES)
        return np.array([self._weights.figures.get(name, 0.0) for name in names])

    def _none(self, logits: Floats) -> float:
        if not len(logits):
            return 1.0
        return chance(self._weights.none_intercept + self._weights.none_slope * float(logits.max()))

    def _shown(self, text: str, number: int, logit: float, block: Scored, row: int) -> LinkedSkill:
        skill, name = self._index.skills[number], int(block.fits.names[row])
        places = self._led_by(block, number, name)
        spans = tuple((block.words[place].start, block.words[place].end) for place in places)
        via = self._index.names[name] if name >= 0 else skill.name
        written = tuple(text[start:end] for start, end in spans)
        return LinkedSkill(skill.id, skill.name, chance(logit), logit, written, spans, via)

    def _led_by(self, block: Scored, number: int, name: int) -> list[int]:
        """Return the places of the words that speak for a name, or for a description when no name is matched."""
        if name >= 0:
            alike = block.heard.alike[self._index.words_of(name)]
            hit = alike.max(axis=1) >= MATCHED
            if hit.any():
                return sorted(set(alike[hit].argmax(axis=1).tolist()))
        arrays = self._index.arrays
        column = arrays.texts[:, [number]].tocoo()
        order = np.argsort(arrays.alphabet[column.row])
        speaks = (column.data[order, None] * block.heard.alike[column.row[order]]).sum(axis=0)
        best = np.argsort(-speaks, kind="stable")[:MOST_SHOWN]
        return sorted(int(place) for place in best if speaks[place] > 0.0)


def chance(logit: float) -> float:
    """Return the chance with this logit."""
    return 1.0 / (1.0 + exp(-max(min(logit, 700.0), -700.0)))


def _why_nothing(cleaned: str) -> str:
    if not cleaned.strip():
        return "the text is empty"
    return "no word of it resembles a word of any skill" if words.WORD.search(cleaned) else "there is no word in it"
