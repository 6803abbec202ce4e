"""Skills of a company with copies under other names: misspelt, in other words, in another order, shortened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from skillmatch.model import Skill

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misspelt(skill: Skill, random: Random) -> str | None:
    """Return the name with one letter left out, doubled, changed, or swapped with the next, within a longer word."""
    words = skill.name.split()
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return None
    place = random.choice(long)
    word = words[place]
    at = random.randrange(1, len(word) - 1)
    words[place] = random.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + random.choice(LETTERS) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)


def plural(skill: Skill, _random: Random) -> str | None:
    """Return the name with its last word in the other number."""
    return skill.name[:-1] if skill.name.endswith("s") else f"{skill.name}s"


def written_otherwise(skill: Skill, random: Random) -> str | None:
    """Return the name in capitals, or with hyphens for blanks."""
    return random.choice((skill.name.upper(), skill.name.replace(" ", "-"), skill.name.title()))


def turned(skill: Skill, _random: Random) -> str | None:
    """Return the name as an index has it: "repair, compressor"."""
    first, blank, rest = skill.name.partition(" ")
    return f"{rest}, {first.lower()}" if blank else None


def other_name(skill: Skill, random: Random) -> str | None:
    """Return another name that the company has for the skill."""
    return random.choice(skill.alt_names) if skill.alt_names else None


def initials(skill: Skill, _random: Random) -> str | None:
    """Return the first letters of a name of three words or more."""
    words = skill.name.replace("-", " ").split()
    return "".join(word[0] for word in words).upper() if len(words) >= 3 else None


def wordier(skill: Skill, random: Random) -> str | None:
    """Return the name with a word that says that a skill is meant."""
    return f"{random.choice(('basic', 'advanced', 'experience with', 'knowledge of'))} {skill.name.lower()}"


Way = Callable[[Skill, Random], str | None]
WAYS: tuple[Way, ...] = (misspelt, plural, written_otherwise, turned, other_name, initials, wordier)


def planted(skills: Sequence[Skill], seed: int, *, share: float = 0.5) -> tuple[list[Skill], dict[frozenset[str], str]]:
    """Return the skills with copies of a share of them, and the pairs that are one, with the way each was made."""
    random = Random(seed)
    taken = {skill.name for skill in skills}
    every, pairs = list(skills), {}
    for number, skill in enumerate(random.sample(list(skills), round(share * len(skills)))):
        way = WAYS[number % len(WAYS)]
        name = way(skill, random) or misspelt(skill, random)
        if name is None or name in taken:
            continue
        taken.add(name)
        copy = replace(skill, id=f"copy {number}", name=name, alt_names=(), description="", source_uri=None)
        pairs[frozenset((skill.id, copy.id))] = way.__name__
        every.append(copy)
    random.shuffle(every)
    return every, pairs
