"""The sample firm's customers, their sites and the machines that stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmatch.demo.catalogue import Catalogue, Sector, Town
from skillmatch.demo.dice import pick
from skillmatch.model import Asset, Customer, Place, Site

CUSTOMERS, WORKERS = 250, 300
"""The customers of a firm of this many people; a smaller firm has fewer."""
DAYS_A_YEAR = 365.25
TOWN_SPREAD = 0.035
"""Standard deviation of addresses around the middle of a town, in degrees of latitude: about 4 km."""


@dataclass(slots=True)
class Region:
    """Customers, sites and machines. Arrays: `at` (sites, 2) degrees, `age` (assets,) years on the day asked for."""

    customers: list[Customer] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    sector: list[str] = field(default_factory=list)
    """The sector of each site."""
    site_of: list[int] = field(default_factory=list)
    """The place in `sites` at which each machine stands."""
    age: list[float] = field(default_factory=list)

    def places(self) -> NDArray[np.float64]:
        """Return latitude and longitude of the sites, shape (sites, 2)."""
        return np.array([(s.place.latitude, s.place.longitude) for s in self.sites if s.place])


def found_region(catalogue: Catalogue, rng: np.random.Generator, *, workers: int, today: date) -> Region:
    """Return customers for a firm of so many workers, in the proportions of the catalogue's sectors."""
    region, names = Region(), _names(catalogue, rng)
    for sector in catalogue.sectors:
        for _ in range(max(1, round(sector.share * workers / WORKERS))):
            _add_customer(region, catalogue, sector, next(names[sector.name]), rng, today)
    if workers >= WORKERS:
        _add_what_is_missing(region, catalogue, rng, today)
    return region


def somewhere(town: Town, rng: np.random.Generator, *, spread: float = TOWN_SPREAD) -> Place:
    """Return a random place in or around a town, to four decimals (11 m)."""
    north, east = (float(part) for part in rng.normal(0.0, spread, 2))
    return Place(round(town.latitude + north, 4), round(town.longitude + 1.65 * east, 4))


def pick_town(catalogue: Catalogue, rng: np.random.Generator) -> Town:
    """Return one of the towns, larger ones more often."""
    return catalogue.towns[rng.choice(len(catalogue.towns), p=[town.share for town in catalogue.towns])]


def _names(catalogue: Catalogue, rng: np.random.Generator) -> dict[str, Iterator[str]]:
    """Return an endless supply of names for each sector, no name twice in all."""
    words, taken = catalogue.words, set[str]()

    def supply(sector: Sector) -> Iterator[str]:
        while True:
            w, v, n = (pick(rng, choices) for choices in (words.w, words.v, words.n))
            name = pick(rng, sector.names).format(w=w, v=v, n=n)
            if name not in taken:
                taken.add(name)
                yield name

    return {sector.name: supply(sector) for sector in catalogue.sectors}


def _add_customer(
    region: Region, catalogue: Catalogue, sector: Sector, name: str, rng: np.random.Generator, today: date
) -> None:
    number = len(region.customers) + 1
    customer = Customer(f"C{number:03}", name, phone=f"01632 960{number % 1000:03}")
    region.customers.append(customer)
    home = pick_town(catalogue, rng)
    count = 1 + int(rng.poisson(sector.sites - 1.0))
    for _ in range(count):
        town = home if rng.random() < (0.85 if count < 4 else 0.4) else pick_town(catalogue, rng)
        street, house = pick(rng, town.streets), pick(rng, catalogue.words.v)
        site = Site(
            f"S{len(region.sites) + 1:03}",
            customer.id,
            f"{sector.place.format(street=street, v=house)}, {town.name}",
            somewhere(town, rng),
            kind=sector.name,
        )
        region.sites.append(site)
        region.sector.append(sector.name)
        machines = [type for type, mean in sector.machines.items() for _ in range(rng.poisson(mean))]
        for type in machines or [max(sector.machines, key=lambda type: sector.machines[type])]:
            _add_asset(region, catalogue, len(region.sites) - 1, type, rng, today)


def _add_asset(
    region: Region, catalogue: Catalogue, site: int, type: str, rng: np.random.Generator, today: date
) -> None:
    age = min(float(rng.gamma(2.2, 4.5)), 35.0)
    model = f"{pick(rng, catalogue.makes)} {type[0].upper()}{rng.integers(1, 10) * 10} ({int(today.year - age)})"
    installed = today - timedelta(days=round(age * DAYS_A_YEAR))
    region.assets.append(Asset(f"A{len(region.assets) + 1:04}", region.sites[site].id, type, model, installed))
    region.site_of.append(site)
    region.age.append(age)


def _add_what_is_missing(region: Region, catalogue: Catalogue, rng: np.random.Generator, today: date) -> None:
    """Give each type of machine that chance left out a place, so that the whole firm knows all of them."""
    there = {asset.type for asset in region.assets}
    for sector in catalogue.sectors:
        for type in sector.machines:
            if type not in there:
                there.add(type)
                _add_asset(region, catalogue, region.sector.index(sector.name), type, rng, today)
