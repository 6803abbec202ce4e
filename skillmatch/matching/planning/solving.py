"""Many jobs for many workers: who does what and when, over a whole day or for one slot each.

`solve` plans with times: it begins as a dispatcher would (`greedy`), fills the plan by regret, and then takes parts out
and puts them back in another way for as long as there is time; now and then it chooses the best combination of all the
routes it has met. `assign_slots` and `prices` answer for one slot each, exactly. `check` recalculates a plan by code of
its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from skillmatch.errors import Invalid
from skillmatch.matching.planning.arrays import (
    CREW_SEEN,
    PLACED,
    STAMP,
    State,
    World,
    empty_memory,
    empty_state,
    encode,
    in_order,
)
from skillmatch.matching.planning.check import check
from skillmatch.matching.planning.columns import Pool, hint_of, program_of, state_of
from skillmatch.matching.planning.compiled import compiled
from skillmatch.matching.planning.fixed import settled
from skillmatch.matching.planning.greedy import fill_greedily
from skillmatch.matching.planning.model import Flags, Floats, Plan, Problem, Terms, Unassigned, Visit
from skillmatch.matching.planning.program import Program, bounding
from skillmatch.matching.planning.result import finish
from skillmatch.matching.planning.search import BY_RATE_ANEW, BY_REGRET, DESTROYERS, REPAIRERS, copy
from skillmatch.matching.planning.slots import Scarcity, Slots, marginal_losses
from skillmatch.matching.planning.validation import validate

__all__ = [
    "Plan",
    "Problem",
    "Scarcity",
    "Slots",
    "Terms",
    "Unassigned",
    "Visit",
    "assign_slots",
    "check",
    "greedy",
    "prices",
    "solve",
]

Progress = Callable[[float, float, str], None]
"""Called with the seconds that have passed, the best total so far, and what was done."""
CHUNK = 100
"""Rounds between two looks at the clock, and at whether to stop."""
LARGEST = 40
"""At most this many jobs are taken out at once."""
HOT, COLD = 0.60, 0.03
"""Loss accepted with a chance of 1/e at the beginning and at the end, as a share of what an average visit brings."""
COMBINE_AT = (0.25, 0.45, 0.65, 0.85)
"""When the best combination of routes is chosen, in shares of the time."""
MOST_COLUMNS = 6000
MOST_BOUNDED = 20_000
"""Pairs of job and shift above which the bound is not calculated: it would take seconds."""
COMBINE_SECONDS, COMBINE_WORK = 0.06, 1.0
"""Share of the time that one combination may take; its limit in a run with a limit of work, in units of CP-SAT."""


def greedy(problem: Problem, *, keep_promised: bool = True) -> Plan:
    """Return the plan of a dispatcher who gives out one job after the other; locks and promises come first.

    Jobs come in the order of value, then of id. Each goes to the best-ranked candidate (points, with the travel term
    from home) who still has time, at the earliest.

    Raises
    ------
    Invalid
        As `solve` does.
    """
    began = time.perf_counter()
    validate(problem)
    ordered = in_order(problem)
    world = encode(ordered)
    state = settled(ordered, world, keep_promised=keep_promised)
    fill_greedily(world, state, empty_memory(world, state))
    return replace(finish(ordered, world, state), seconds=time.perf_counter() - began)


def solve(
    problem: Problem,
    *,
    seconds: float = 10.0,
    seed: int = 0,
    keep_promised: bool = True,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    rounds: int | None = None,
) -> Plan:
    """Return the best plan found; it is never worse than that of `greedy`.

    Parameters
    ----------
    seconds
        Time to search, above 0. The plan of `greedy` is there in a part of a second. The first call on a machine
        compiles the search, which takes longer than that; only then is the limit exceeded.
    seed
        The same seed and `rounds` give the same plan; with a limit of time it also depends on the clock.
    keep_promised
        Whether promised visits that are still possible stay as they are. Otherwise they move where that brings more
        than `change_cost`.
    progress
        Told of every better plan; the last total it is told is at most that of the plan returned.
    stop
        Asked now and then; when it says True, the best plan so far is returned.
    rounds
        Work to do instead of a limit of time.

    Raises
    ------
    Invalid
        When the problem cannot be planned with: the message names the job or worker, what was expected and what to do.
    """
    if rounds is None and not seconds > 0.0:
        raise Invalid(f"seconds is {seconds}: expected a time above 0 to search")
    search = _Search(problem, keep_promised=keep_promised, seed=seed, progress=progress)
    search.begin(seconds if rounds is None else np.inf)
    while (spent := search.spent(seconds, rounds)) < 1.0 and not (stop is not None and stop()):
        search.advance(spent, rounds)
        if search.combined < len(COMBINE_AT) and spent >= COMBINE_AT[search.combined]:
            search.combine(COMBINE_SECONDS * seconds if rounds is None else None)
    return search.result()


class _Search:
    """One run of `solve`: the plan worked on, the best one, and the routes met."""

    def __init__(self, problem: Problem, *, keep_promised: bool, seed: int, progress: Progress | None) -> None:
        self.began = time.perf_counter()
        validate(problem)
        self.problem, self.progress = in_order(problem), progress
        self.world: World = encode(self.problem)
        self.fixed: State = settled(self.problem, self.world, keep_promised=keep_promised)
        self.memory = empty_memory(self.world, self.fixed)
        self.rng = np.random.default_rng(seed)
        self.luck: Floats = np.ones((2, max(DESTROYERS, REPAIRERS)))
        self.best, self.state, self.spare = (empty_state(self.world) for _ in range(3))
        self.pool = Pool(self.world, MOST_COLUMNS)
        self.rounds = self.combined = 0

    def begin(self, seconds: float) -> None:
        """Make the first plans and keep the best."""
        copy(self.fixed, self.best)
        fill_greedily(self.world, self.fixed_copy(), self.memory)
        self._keep_if_better("given out one by one", always=True)
        if not len(self.world.option) or self.elapsed() > seconds:
            return
        for kind in (BY_REGRET, BY_RATE_ANEW):
            compiled().fill(self.world, self.fixed_copy(), self.memory, self.rng, kind, 0.0)
            self._keep_if_better("filled by regret")
        self._work_on(self.best)

    def fixed_copy(self) -> State:
        """Start over from what is fixed."""
        self._work_on(self.fixed)
        return self.state

    def advance(self, spent: float, rounds: int | None) -> None:
        """Go on from where the search stands; `spent` is the share of the time that has passed."""
        before = float(self.best.total[0])
        mean = max(1.0, before / max(1, int(self.best.marks[PLACED].sum())))
        heat = mean * HOT * (COLD / HOT) ** spent
        count = CHUNK if rounds is None else min(CHUNK, rounds - self.rounds)
        compiled().search(
            self.world, self.state, self.best, self.spare, self.memory, self.rng, count, heat, LARGEST, self.luck
        )
        self.rounds += count
        self.pool.add(self.state)
        if self.best.total[0] > before:
            self.pool.add(self.best)
            self._report("improved")

    def combine(self, seconds: float | None) -> None:
        """Choose the best combination of the routes met, and go on from it when it is the best plan so far."""
        self.combined += 1
        columns = self.pool.columns(self.best)
        program = program_of(self.world, columns)
        chosen = _choose(program, hint_of(self.world, columns), seconds)
        if chosen is None:
            return
        state = state_of(self.world, [column for column, takes in zip(columns, chosen, strict=False) if takes])
        if state.clock[1] == 0 and state.total[0] > self.best.total[0] + 1e-9:
            copy(state, self.best)
            self._report("combined")
            self._work_on(self.best)

    def spent(self, seconds: float, rounds: int | None) -> float:
        """Return the share of the time or work that is over; 1 when there is nothing to search."""
        if not len(self.world.option):
            return 1.0
        return self.elapsed() / seconds if rounds is None else self.rounds / max(rounds, 1)

    def elapsed(self) -> float:
        """Return the seconds since the search began."""
        return time.perf_counter() - self.began

    def result(self) -> Plan:
        """Return the best plan."""
        plan = finish(self.problem, self.world, self.best)
        small = len(self.world.option) <= MOST_BOUNDED
        bound = _solve_bound(bounding(self.problem, self.world, self.fixed)) if small else None
        return replace(plan, bound=bound, seconds=self.elapsed(), rounds=self.rounds)

    def _keep_if_better(self, what: str, *, always: bool = False) -> None:
        if always or self.state.total[0] > self.best.total[0]:
            copy(self.state, self.best)
            self._report(what)

    def _work_on(self, source: State) -> None:
        """Go on from `source`; what is remembered of insertions belongs to other routes and is forgotten."""
        copy(source, self.state)
        routes = self.state.route.shape[1]
        self.state.route[STAMP] = self.state.clock[0] + 1 + np.arange(routes)
        self.state.clock[0] += routes + 1
        self.memory.crew_found[CREW_SEEN] = -1

    def _report(self, what: str) -> None:
        if self.progress is not None:
            broken = self.world.change * len(self.problem.promised)
            self.progress(self.elapsed(), float(self.best.total[0]) - broken, what)


def _choose(program: Program, hint: Flags, seconds: float | None) -> Flags | None:
    """Return which variables are 1 in the best solution found of a program of zeros and ones, None for none.

    CP-SAT begins with `hint`, so what it returns in a short time is no worse; HiGHS, which begins with nothing, had
    found less than that after three times as long. Without `seconds` a limit of work makes every run the same.
    """
    from ortools.sat.python import cp_model

    if not program.gain.size:
        return None
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in program.gain]
    entries: list[list[tuple[int, int]]] = [[] for _ in program.low]
    for row, column, value in zip(program.rows, program.columns, program.values, strict=True):
        entries[row].append((int(column), round(float(value))))
    for row, items in enumerate(entries):
        whole = cp_model.LinearExpr.weighted_sum([variables[c] for c, _value in items], [value for _c, value in items])
        low, high = program.low[row], program.high[row]
        model.add_linear_constraint(whole, int(low), int(high) if np.isfinite(high) else len(items))
    for variable, chosen in zip(variables, hint, strict=True):
        model.add_hint(variable, bool(chosen))
    model.maximize(cp_model.LinearExpr.weighted_sum(variables, [round(1000.0 * gain) for gain in program.gain]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    if seconds is None:
        solver.parameters.max_deterministic_time = COMBINE_WORK
    else:
        solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([bool(solver.value(variable)) for variable in variables])


def _solve_bound(program: Program) -> float | None:
    """Return the optimum of the linear relaxation of `program`, None when it was not found."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    if not program.gain.size:
        return 0.0
    matrix = csr_array((program.values, (program.rows, program.columns)), shape=(len(program.low), len(program.gain)))
    found = linprog(-program.gain, A_ub=matrix, b_ub=program.high, bounds=(0.0, 1.0), method="highs")
    return float(-found.fun) if found.success else None


def assign_slots(points: Floats, allowed: Flags, value: Floats) -> Slots:
    """Return the best way to give each worker at most one job and each job at most one worker.

    Parameters
    ----------
    points, allowed
        Match scores and who may do what, shape (jobs, workers).
    value
        Points gained by doing a job at all, shape (jobs,). A pair that brings nothing in sum is left apart.

    Raises
    ------
    Invalid
        When the shapes differ, or a number is not finite where allowed.
    """
    from scipy.optimize import linear_sum_assignment

    gain = _gains(points, allowed, value)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    taken = gain[rows, columns] > 0.0
    worker = np.full(len(gain), -1, dtype=np.int64)
    worker[rows[taken]] = columns[taken]
    loss, _end = marginal_losses(gain, worker)
    done = np.flatnonzero(worker >= 0)
    job_price = np.zeros(len(gain))
    job_price[done] = gain[done, worker[done]] - loss[worker[done]]
    return Slots(worker, float(gain[rows, columns].sum()), job_price, loss)


def prices(points: Floats, allowed: Flags, value: Floats) -> Scarcity:
    """Return what it costs the other open jobs to take each worker away, exactly.

    The price is the optimum of `assign_slots` with her less the optimum without her; leave the job that she is
    considered for out of the arrays.

    Raises
    ------
    Invalid
        As `assign_slots` does.
    """
    slots = assign_slots(points, allowed, value)
    gain = _gains(points, allowed, value)
    _loss, end = marginal_losses(gain, slots.worker)
    job = np.full(gain.shape[1], -1, dtype=np.int64)
    job[slots.worker[slots.worker >= 0]] = np.flatnonzero(slots.worker >= 0)
    needed = slots.worker_price > 1e-9
    only = needed & (np.asarray(allowed).sum(axis=1)[job] == 1) if gain.shape[0] else needed
    return Scarcity(slots.worker_price, np.where(needed, job, -1), np.where(needed, end, -1), only)


def _gains(points: Floats, allowed: Flags, value: Floats) -> Floats:
    if np.shape(points) != np.shape(allowed) or np.shape(value) != np.shape(points)[:1] or np.ndim(points) != 2:
        found = f"points {np.shape(points)}, allowed {np.shape(allowed)}, value {np.shape(value)}"
        raise Invalid(f"the shapes are {found}: expected (jobs, workers) twice, and (jobs,); make them agree")
    gain = np.where(allowed, points + np.asarray(value, dtype=np.float64)[:, None], 0.0)
    if not np.isfinite(gain).all():
        job, worker = np.argwhere(~np.isfinite(gain))[0]
        found = f"row {job} and column {worker} give {gain[job, worker]} points"
        raise Invalid(f"{found}: expected a finite number wherever allowed; correct it")
    return np.maximum(gain, 0.0)
