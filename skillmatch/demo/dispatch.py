"""How the sample firm's dispatchers choose: certified and free, near, known to the customer, and the better the harder.

The choice is selective on purpose. Good people get the hard jobs, so their raw success rates look ordinary, and only
an estimate that knows how hard each job was can tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmatch.demo.certificates import Held
from skillmatch.demo.people import Staff

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PERCEPTION_SD = 0.35
"""How wrong a dispatcher is about somebody's ability, in logits."""
AWARENESS = (0.3, 2.8)
"""Weight of ability for the easiest and for the hardest job, in units of choice per logit."""
KEEP_FREE = 1.8
"""By how much all-round good people are kept away from the easiest jobs, in units of choice per logit."""
KM = 0.06
"""Cost of a kilometre."""
BUSY, PREFERRED, KNOWN_SITE, NEVER_LEARNED = 1.3, 1.6, 0.5, -2.5
POPULARITY_SD = 0.45
CHANCE = 0.8
"""Scale of what nobody can explain."""
FREE = 0.5
"""Share of people who are free for calls on a day; the others are on leave, on projects, on training."""
KM_PER_DEGREE = 111.2


@dataclass(slots=True)
class Dispatcher:
    """Chooses. `popularity` (workers,), `mistaken` (workers, skills), `distance` (sites, workers) in km."""

    staff: Staff
    held: Held
    popularity: Floats
    mistaken: Floats
    distance: Floats
    rng: np.random.Generator

    @classmethod
    def seat(cls, staff: Staff, held: Held, places: Floats, rng: np.random.Generator) -> Dispatcher:
        """Return a dispatcher for the sites at `places`, shape (sites, 2)."""
        workers = len(staff.workers)
        shared = rng.normal(0.0, PERCEPTION_SD, (workers, 1))
        mistaken = shared + rng.normal(0.0, 0.5 * PERCEPTION_SD, staff.stable.shape)
        popularity = rng.normal(0.0, POPULARITY_SD, workers)
        return cls(staff, held, popularity, mistaken, _distances(places, staff.homes), rng)

    def free(self, day: int) -> Flags:
        """Return who is there and free for calls on a day, shape (workers,)."""
        hours = np.array([worker.capacity for worker in self.staff.workers])
        free: Flags = self.employed(day) & (self.rng.random(len(hours)) < FREE * hours / 40.0)
        return free

    def employed(self, day: int) -> Flags:
        """Return who is with the firm on a day, shape (workers,)."""
        return (self.staff.first <= day) & (day <= self.staff.last)

    def certified(self, types: tuple[str, ...], day: int) -> Flags:
        """Return who holds all of these certifications on a day, shape (workers,)."""
        allowed = np.ones(len(self.staff.workers), dtype=bool)
        for type in types:
            since, until = self.held[type]
            allowed &= (since <= day) & (day <= until)
        return allowed

    def choose(
        self,
        candidates: Flags,
        *,
        fit: Floats,
        hardness: float,
        site: int,
        jobs_today: Floats,
        preferred: list[int],
        learned: Flags,
        knows_site: Flags,
    ) -> int:
        """Return the place of the worker to send, out of `candidates`; `hardness` from 0 to 1, arrays (workers,)."""
        weight = AWARENESS[0] + (AWARENESS[1] - AWARENESS[0]) * hardness
        wish = weight * fit - KEEP_FREE * (1.0 - hardness) * self.staff.general
        wish = wish - KM * self.distance[site] - BUSY * jobs_today + self.popularity + KNOWN_SITE * knows_site
        wish = wish + np.where(learned, 0.0, NEVER_LEARNED)
        wish[preferred] += PREFERRED
        wish = wish + CHANCE * self.rng.gumbel(0.0, 1.0, len(wish))
        return int(np.argmax(np.where(candidates, wish, -np.inf)))


def _distances(places: Floats, homes: Floats) -> Floats:
    """Return kilometres between sites and homes as the crow flies, shape (sites, workers)."""
    north = (places[:, None, 0] - homes[None, :, 0]) * KM_PER_DEGREE
    east = (places[:, None, 1] - homes[None, :, 1]) * KM_PER_DEGREE * np.cos(np.radians(places[:, None, 0]))
    distances: Floats = np.hypot(north, east)
    return distances
