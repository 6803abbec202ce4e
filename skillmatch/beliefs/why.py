"""Why a level is believed: where everybody starts, what each piece of evidence is worth today, and practice, adding up.

Nothing of the filter's mathematics is repeated here. `decompose` runs `learn` and `forget` of `filter.py` and watches
the parts that a level is made of: the general one, those that the skill shares with others, and its own. Two things
take from the worth of evidence: forgetting, which multiplies a mean and so all that the mean is made of, and newer
evidence, which leaves of what was believed before as much as it leaves of its variance. See docs/decisions.md,
"Evidence gives way to newer evidence". What counters of practice add is a sum of its own, term by term as
`filter.practice_terms` gives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from skillmatch.beliefs.evidence import Evidence, day_number
from skillmatch.beliefs.filter import (
    PRACTICE_OF_LEVEL,
    SkillState,
    WorkerState,
    forget,
    learn,
    practice_terms,
    standing,
)
from skillmatch.beliefs.params import GENERAL_PART, BeliefParams
from skillmatch.explanation import Explanation, Term, add_in_order
from skillmatch.wording import said, said_list, said_many

VISIBLE = 0.005
"""A difference in levels smaller than this does not show in two decimals."""
PRACTICE_LABELS = {
    "familiarity": said("practice not yet forgotten"),
    "recency": said("time since it was last done"),
    "exposure": said("how often she is sent to such work, against others"),
}
MOST_RELATED = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """What one fact is worth in a believed level, in levels.

    `own` goes through the skill's own part, `general` through general ability and `shared` through what the skill has
    in common with others, as much of each as is left; `then` is what they came to when the fact was new. `direct` says
    that the fact is about the skill itself.
    """

    evidence: Evidence
    own: float
    general: float
    shared: float
    then: float
    direct: bool

    @property
    def points(self) -> float:
        """What the fact is worth today, in levels."""
        return (self.own + self.general) + self.shared

    @property
    def through(self) -> str:
        """Through what its worth comes: the skill itself, what it shares with others, or general ability alone."""
        if self.direct:
            return "own"
        return "shared" if self.shared else "general"

    @property
    def key(self) -> str:
        """The key of its term: unique, because a source gives each of its facts one id."""
        return f"{self.through}:{self.evidence.key}"


@dataclass(frozen=True, slots=True)
class Basis:
    """What an estimate and its interval rest on.

    `kinds` and `sources` count the pieces of evidence about the skill itself, the most frequent first; `first` and
    `last` are the days of the oldest and newest; `others` counts what is known from elsewhere, and `related` names the
    skills nearest to it among these, where they share something with it.
    """

    kinds: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    first: date | None
    last: date | None
    others: int
    related: tuple[str, ...] = ()

    @property
    def pieces(self) -> int:
        """How many pieces of evidence are about the skill itself."""
        return sum(count for _kind, count in self.kinds)

    @classmethod
    def of(cls, pieces: Iterable[Piece], *, related: tuple[str, ...] = ()) -> Basis:
        """Return what `pieces` amount to; `related` are names of skills that what is inferred comes from."""
        kept = tuple(pieces)
        own = [piece.evidence for piece in kept if piece.direct]
        days = [fact.time.date() for fact in own]
        return cls(
            _counted(fact.KIND.replace("_", " ") for fact in own),
            _counted(fact.source for fact in own),
            min(days, default=None),
            max(days, default=None),
            len(kept) - len(own),
            related,
        )

    def describe(self) -> str:
        """Return it in one or two sentences."""
        others = said_many(
            "{num:,} piece of evidence about other work counts",
            "{num:,} pieces of evidence about other work count",
            self.others,
        )
        if self.pieces:
            told = self._told()
            besides = said("{told} Besides, {others} through {origin}.", told=told, others=others, origin=self._from())
            return besides if self.others else told
        start = said("Inferred from {origin}: there is no evidence in this skill itself", origin=self._from())
        if self.others:
            return said("{start}; {others}.", start=start, others=others)
        return said("{start}, nor in any other.", start=start)

    def _told(self) -> str:
        first, last = self.first, self.last
        source = said("one source, {source}", source=self.sources[0][0])
        return said_many(
            "Rests on {num:,} piece of evidence about this skill ({kinds}) from {sources}, {when}.",
            "Rests on {num:,} pieces of evidence about this skill ({kinds}) from {sources}, {when}.",
            self.pieces,
            kinds=said_list(_count(kind, count) for kind, count in self.kinds),
            sources=said("{count} sources", count=len(self.sources)) if len(self.sources) > 1 else source,
            when=said("on {day}", day=first)
            if first == last
            else said("between {first} and {last}", first=first, last=last),
        )

    def _from(self) -> str:
        if not self.related:
            return said("general ability")
        return said("work in {skills} and general ability", skills=", ".join(self.related))


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A believed mean and variance in logits, and what it is made of: the start, pieces of evidence, oldest first, and
    practice by what is counted. `related` are the other skills, by id, whose evidence counts through what they share
    with this one, the weightiest first.
    """

    mean: float
    var: float
    start: float
    pieces: tuple[Piece, ...]
    practice: tuple[tuple[str, float], ...]
    params: BeliefParams
    related: tuple[str, ...] = ()

    @property
    def inferred(self) -> bool:
        """Whether there is no evidence in the skill itself, so that all comes through what it shares with others."""
        return not any(piece.direct for piece in self.pieces)

    def largest(self, most: int) -> tuple[Piece, ...]:
        """Return the `most` pieces that are worth most, up or down, in this order."""
        return self._by_size()[:most]

    def explanation(self, *, most: int | None = None) -> Explanation:
        """Return the level as a sum: the average, pieces by size, and past the first `most` what the rest add up to.

        The last term, where there is one, keeps the level on the scale.
        """
        ranked = self._by_size()
        shown, rest = (ranked, ()) if most is None else (ranked[:most], ranked[most:])
        unit = self.params.logit_per_level
        start = self.params.average_level + self.start / unit
        terms = [Term("average", start, said("where everybody starts"), said("a worker of whom nothing is known"))]
        terms += [
            Term(f"practice:{name}", points / unit, PRACTICE_LABELS[name])
            for name, points in self.practice
            if points != 0.0
        ]
        terms += [*(_term(piece) for piece in shown), *_summed(rest)]
        return Explanation.of([*terms, *self._kept_on_scale()], unit="levels")

    def _by_size(self) -> tuple[Piece, ...]:
        return tuple(sorted(self.pieces, key=lambda piece: (-abs(piece.points), piece.evidence.order)))

    def _kept_on_scale(self) -> list[Term]:
        off = self.params.average_level + self.mean / self.params.logit_per_level
        kept = self.params.level_of_logit(self.mean)
        return (
            [] if kept == off else [Term("scale", kept - off, said("kept on the scale"), said("levels go from 0 to 5"))]
        )


def decompose(worker: str, facts: Iterable[Evidence], params: BeliefParams, *, skill: str, day: float) -> Decomposition:
    """Return what is believed of `worker` in `skill` on `day`, piece by piece.

    In a skill that none of her evidence is about, that is her general ability alone.

    Parameters
    ----------
    facts
        All that counts of her evidence, in any order.
    day
        Days since 1970, not before the last fact.
    """
    state = WorkerState.fresh(worker, params)
    loads = {loading.part: loading.load for loading in params.shared(skill)}
    steps = [_watch(state, fact, params, skill, loads) for fact in sorted(facts, key=lambda fact: fact.order)]
    row = _copy(state, skill, day, params)
    own_kept = _forget(row, day, params, skill)
    kept = dict.fromkeys((GENERAL_PART, *loads), 1.0)
    pieces = []
    for step in reversed(steps):
        if step.direct or any(move.worth != 0.0 for move in step.parts.values()):
            pieces.append(step.piece(own_kept, kept, loads, params))
        own_kept = own_kept * step.own.kept
        for part, move in step.parts.items():
            kept[part] = kept[part] * move.kept
    found = standing(state, skill, day, params)
    practice = tuple(term for term in practice_terms(state, skill, day, params) if term[0] in PRACTICE_OF_LEVEL)
    return Decomposition(
        found.mean, found.var, found.start, tuple(reversed(pieces)), practice, params, _related(pieces, loads, params)
    )


def _related(pieces: Iterable[Piece], loads: Mapping[str, float], params: BeliefParams) -> tuple[str, ...]:
    """Return the other skills whose evidence is worth most through what they share with this one."""
    worth: Counter[str] = Counter()
    for piece in pieces:
        if not piece.direct and piece.shared:
            for skill in piece.evidence.skills():
                if any(loading.part in loads for loading in params.shared(skill)):
                    worth[skill] += abs(piece.shared)  # type: ignore[assignment]
    return tuple(skill for skill, _points in worth.most_common(MOST_RELATED))


class _Move(NamedTuple):
    """What a fact did to a mean: new mean = `kept` * old mean + `worth`, in logits."""

    worth: float
    kept: float


UNMOVED = _Move(0.0, 1.0)


def _move(mean: float, new_mean: float, var: float, new_var: float) -> _Move:
    """Return what led from one mean to the next, given how the variance shrank.

    For Gaussian evidence the quotient of the variances is exactly the weight of what was believed before. The two add
    up to the new mean whatever the quotient, so nothing rests on that. A fact that raised a mean never counts against
    it, though it may lie below the average: then it is worth what it moved.
    """
    kept = min(max(new_var / var, 0.0), 1.0)
    worth, moved = new_mean - kept * mean, new_mean - mean
    return _Move(worth, kept) if worth * moved > 0.0 else _Move(moved, 1.0)


@dataclass(frozen=True, slots=True)
class _Step:
    """What learning one fact did to the skill's own part, forgetting before it included, and to the parts it shares."""

    evidence: Evidence
    own: _Move
    parts: Mapping[str, _Move]
    direct: bool

    def piece(
        self, own_kept: float, kept: Mapping[str, float], loads: Mapping[str, float], params: BeliefParams
    ) -> Piece:
        """Return the fact as it counts when these parts of its worth are left."""
        unit = params.logit_per_level
        own, general = self.own.worth, self.parts[GENERAL_PART].worth
        shared = {part: load * self.parts[part].worth for part, load in loads.items()}
        return Piece(
            self.evidence,
            own * own_kept / unit,
            general * kept[GENERAL_PART] / unit,
            add_in_order(worth * kept[part] for part, worth in shared.items()) / unit,
            ((own + general) + add_in_order(shared.values())) / unit,
            self.direct,
        )


def _watch(state: WorkerState, fact: Evidence, params: BeliefParams, skill: str, loads: Mapping[str, float]) -> _Step:
    """Learn a fact and return what that did to the parts of the ability in `skill`."""
    day = day_number(fact.time)
    before, known = _copy(state, skill, day, params), skill in state.skills
    priors = {GENERAL_PART: params.general_var, **{part: params.part_var(part) for part in loads}}
    were = {part: state.parts.get(part, (0.0, prior, 0.0))[:2] for part, prior in priors.items()}
    learn(state, fact, params)
    moves = {}
    for part, (mean, var) in were.items():
        new_mean, new_var = state.parts.get(part, (mean, var))[:2]
        drift = params.general_drift if (new_mean, new_var) != (mean, var) else 0.0
        moves[part] = _move(mean, new_mean, var, new_var - drift) if var > 0.0 else UNMOVED
    after = state.skills.get(skill)
    if after is None or (known and after.values() == before.values()):
        return _Step(fact, UNMOVED, moves, direct=False)
    faded = _forget(before, day, params, skill)
    own = _move(before.mean, after.mean, before.var, after.var - params.skill_drift)
    return _Step(fact, _Move(own.worth, faded * own.kept), moves, direct=True)


def _copy(state: WorkerState, skill: str, day: float, params: BeliefParams) -> SkillState:
    stored = state.skills.get(skill)
    return SkillState(*stored.values()) if stored else SkillState(0.0, params.skill_var, day)


def _forget(row: SkillState, day: float, params: BeliefParams, skill: str) -> float:
    """Carry a row to `day` and return the part of its mean that is kept, 0 to 1.

    The quotient is safe however small the mean: forgetting multiplies it by a factor up to one, so the quotient is
    that factor, even where large pieces of evidence cancel to a mean of nearly nothing.
    """
    mean = row.mean
    forget(row, day, params, skill)
    return row.mean / mean if mean != 0.0 else 1.0


def _term(piece: Piece) -> Term:
    fact = piece.evidence
    detail = [said("{day}, {source}", day=fact.time.date(), source=fact.source)]
    if piece.through == "shared":
        detail.append(said("through what the skills share and general ability"))
    elif not piece.direct:
        detail.append(said("through general ability"))
    if abs(piece.then - piece.points) >= VISIBLE:
        sign = "−" if piece.then < 0 else "+"
        detail.append(said("{sign}{size:.2f} when it was new", sign=sign, size=abs(piece.then)))
    return Term(piece.key, piece.points, fact.describe(), said_list(detail))


def _summed(pieces: Iterable[Piece]) -> list[Term]:
    """Return the pieces added up, apart what raised the level and what lowered it, and where it comes from."""
    groups: dict[tuple[str, bool], list[float]] = {}
    for piece in pieces:
        groups.setdefault((piece.through, piece.points >= 0.0), []).append(piece.points)
    return [
        Term(
            f"{through}:{'raised' if raised else 'lowered'}",
            add_in_order(points),
            said(_MORE_RAISED if raised else _MORE_LOWERED, count=len(points)),
            _WHERE[through],
        )
        for (through, raised), points in sorted(groups.items(), key=_by_place)
    ]


def _by_place(group: tuple[tuple[str, bool], list[float]]) -> tuple[int, bool]:
    (through, raised), _points = group
    return list(_WHERE).index(through), not raised


_MORE_RAISED = said("{count:,} more that raised it")
_MORE_LOWERED = said("{count:,} more that lowered it")
_WHERE = {
    "own": said("evidence in this skill"),
    "shared": said("evidence in related work, through what the skills share and general ability"),
    "general": said("evidence in other work, through general ability"),
}


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _count(kind: str, count: int) -> str:
    if count == 1:
        return said("{count:,} {kind}", count=count, kind=said(kind))
    several = f"{kind}s"
    return said("{count:,} {kind}", count=count, kind=said(several))
