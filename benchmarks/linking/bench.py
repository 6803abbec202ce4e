"""Sentences of job advertisements linked to 13,896 skills of ESCO: how good, sure and fast, beside plain TF-IDF."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.linking.data import Query, labelled, taxonomy, validation
from benchmarks.linking.fitting import Example, Remembering, held_out, names_of, of_all_sizes
from benchmarks.report import Report, Row
from skillmatch.errors import Invalid
from skillmatch.model import Skill
from skillmatch.skills.linking import Correction, Embedder, Linker, LocalModel
from skillmatch.skills.linking.index import Floats
from skillmatch.skills.linking.linker import chance
from skillmatch.taxonomy import LONGEST_WORDS

DEPTH = 200
"""Skills further down than this count as not found."""
SHOWN = 10
BINS = 10
MISSPELT = 200
LOADED = 3

Rank = Callable[[str], Sequence[str]]


def run(data: Path) -> Report:
    """Return the figures on the files of ESCO and of the labelled sentences in `data`."""
    skills, learned = taxonomy(data), validation(data)
    tested = [query for query in labelled(data, "tech_test") if query.skills]
    plain, alternatives = tfidf(skills, names=False), tfidf(skills, names=True)
    baselines = [quality(rank, tested) for rank in (plain, alternatives)]
    linker, seconds, size = loaded(skills, None)
    own = quality(ranked_by(linker), tested)
    corrected = Linker(skills, corrections=accepted(learned))
    rows = [
        *figures("", own, baselines, (0.44, 0.44, 0.56)),
        Row("ms", "one sentence, median", spent(linker, tested), "ms", "<= 20", {"TF-IDF": spent_on(plain, tested)}),
        Row("load_seconds", "a linker of 13,896 skills from their names and descriptions", seconds, "s", "<= 2"),
        Row("load_mb", "what it holds", size, "MB", "<= 300"),
        *sureness("", skills, learned, None),
        Row("misspelt", "a name with one or two letters wrong, found first", first(linker, skills), "", "",
            {"TF-IDF": first_by(plain, skills)}),
        Row("mrr_corrected", "mrr when the links of the validation files were accepted before",
            quality(ranked_by(corrected), tested)[0], "", "", {"without": own[0]}),
    ]  # fmt: skip
    notes = [
        f"{len(tested)} sentences, none of which is among the {len(learned)} texts the weights were fitted on, nor one "
        "that shares six words in ten",
        "ece: sentences much alike are held out together; small taxonomies are drawn from the whole",
    ]
    try:
        embedder = LocalModel(threads=1)
    except Invalid as error:
        return Report("linking", tuple(rows), (*notes, str(error)))
    rows += with_model(skills, tested, learned, embedder, own)
    return Report("linking", tuple(rows), tuple(notes))


def with_model(
    skills: Sequence[Skill], tested: Sequence[Query], learned: Sequence[Query], embedder: Embedder, own: Sequence[float]
) -> list[Row]:
    """Return the figures with the local model; vectors are made once and then loaded, as a caller would."""
    started = time.perf_counter()
    vectors = dict(Linker(skills, embedder=embedder).vectors)
    embedded = time.perf_counter() - started
    linker, seconds, size = loaded(skills, embedder, vectors)
    return [
        *figures("_model", quality(ranked_by(linker), tested), [own], (0.52, 0.52, 0.64)),
        Row("ms_model", "one sentence with the model, one thread, median", spent(linker, tested), "ms", "<= 60"),
        Row("load_seconds_model", "the same linker with the vectors that were kept", seconds, "s", "<= 2"),
        Row("load_mb_model", "what it holds besides the model", size, "MB", "<= 300"),
        Row("embed_seconds", "the vectors of all skills, made once", embedded, "s"),
        *sureness("_model", skills, learned, Remembering(embedder)),
        Row("misspelt_model", "a misspelt name, with the model", first(linker, skills), ""),
    ]


def figures(
    suffix: str, own: Sequence[float], others: Sequence[Sequence[float]], reach: tuple[float, float, float]
) -> list[Row]:
    """Return the rows of reciprocal rank and precision."""
    keys = ("mrr", "rp5", "rp10")
    what = ("mean reciprocal rank", "relevant in the first 5 of min(5, relevant)", "the same for the first 10")
    names = ("words alone",) if suffix else ("TF-IDF", "TF-IDF, all names")
    return [
        Row(f"{key}{suffix}", words, own[number], "", f">= {reach[number]}",
            {name: other[number] for name, other in zip(names, others, strict=True)})
        for number, (key, words) in enumerate(zip(keys, what, strict=True))
    ]  # fmt: skip


def quality(rank: Rank, queries: Iterable[Query]) -> tuple[float, float, float]:
    """Return mean reciprocal rank and R-precision at 5 and at 10."""
    found = []
    for query in queries:
        places = [place for place, skill in enumerate(rank(query.text)) if skill in query.skills]
        share = [sum(place < top for place in places) / min(top, len(query.skills)) for top in (5, 10)]
        found.append((1.0 / (places[0] + 1.0) if places else 0.0, *share))
    mrr, five, ten = np.mean(found, axis=0).tolist()
    return mrr, five, ten


def ranked_by(linker: Linker) -> Rank:
    """Return the ranking of a linker."""
    return lambda text: [link.skill for link in linker.link(text, DEPTH).links]


def tfidf(skills: Sequence[Skill], *, names: bool) -> Rank:
    """Return the ranking by the cosine of pieces of 2 to 5 letters, of the name or of the best of all names."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    named = [(number, name) for number, skill in enumerate(skills) for name in (skill.name, *skill.alt_names)]
    if not names:
        named = [(number, skill.name) for number, skill in enumerate(skills)]
    numbers = np.array([number for number, _name in named])
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    matrix = vectorizer.fit_transform([name for _number, name in named])

    def rank(text: str) -> list[str]:
        scores = (matrix @ vectorizer.transform([text]).T).toarray().ravel()
        best = np.zeros(len(skills))
        np.maximum.at(best, numbers, scores)
        return [skills[int(number)].id for number in np.argsort(-best, kind="stable")[:DEPTH]]

    return rank


def loaded(
    skills: Sequence[Skill], embedder: Embedder | None, vectors: dict[str, np.ndarray] | None = None
) -> tuple[Linker, float, float]:
    """Return a linker that has answered once, the median seconds until then, and the megabytes it holds."""
    Linker(skills[:10]).link("so that libraries are loaded")
    seconds = []
    for _ in range(LOADED):
        started = time.perf_counter()
        linker = Linker(skills, embedder=embedder, vectors=vectors)
        linker.link("anything")
        seconds.append(time.perf_counter() - started)
    gc.collect()
    tracemalloc.start()
    measured = Linker(skills, embedder=embedder, vectors=vectors)
    measured.link("anything")
    size = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return linker, statistics.median(seconds), size


def sureness(suffix: str, skills: Sequence[Skill], learned: Sequence[Query], embedder: Embedder | None) -> list[Row]:
    """Return how far confidences are off where they were not learned."""
    found, names = of_all_sizes(skills, learned, embedder), names_of(embedder)
    every = [example for own in found.values() for example in own]
    errors = {size: calibration(held_out(own, every, names), SHOWN) for size, own in found.items()}
    whole = errors.pop(len(skills))
    leading = calibration(held_out(found[len(skills)], every, names), 1)
    small = {f"among {size} skills": error for size, error in errors.items()}
    what = "how far the confidence of the links shown is off, on validation texts held out in turn"
    return [
        Row(f"ece{suffix}", what, whole, "", "<= 0.05", small),
        Row(f"ece_first{suffix}", "the same for the first link alone", leading, ""),
    ]


def calibration(pairs: Iterable[tuple[Example, Floats]], shown: int) -> float:
    """Return the expected calibration error of the first links of each example, over ten bins of equal width."""
    sure, right = [], []
    for example, logits in pairs:
        for place in np.argsort(-logits, kind="stable")[:shown]:
            sure.append(chance(float(logits[place])))
            right.append(float(example.meant[place]))
    bins = np.minimum((np.array(sure) * BINS).astype(int), BINS - 1)
    gap = np.bincount(bins, np.array(sure) - np.array(right), minlength=BINS)
    return float(np.abs(gap).sum() / len(sure))


def accepted(queries: Iterable[Query]) -> list[Correction]:
    """Return every label of the validation files as a link that somebody accepted."""
    said = ((query.text[:LONGEST_WORDS].strip(), query.skills) for query in queries)
    return [Correction(text, skill, True) for text, skills in said for skill in sorted(skills)]


def spent(linker: Linker, queries: Sequence[Query]) -> float:
    """Return the median milliseconds for a sentence, each linked for the first time."""
    return spent_on(lambda text: [link.skill for link in linker.link(text).links], queries)


def spent_on(rank: Rank, queries: Sequence[Query]) -> float:
    """Return the median milliseconds of a ranking."""
    found = []
    for query in queries[::2]:
        started = time.perf_counter()
        rank(query.text)
        found.append(time.perf_counter() - started)
    return 1e3 * statistics.median(found)


def first(linker: Linker, skills: Sequence[Skill]) -> float:
    """Return the share of misspelt names for which the skill comes first."""
    return first_by(lambda text: [link.skill for link in linker.link(text, 1).links], skills)


def first_by(rank: Rank, skills: Sequence[Skill]) -> float:
    """Return the share of misspelt names that a ranking puts right."""
    random = Random(1)
    asked = random.sample(list(skills), MISSPELT)
    return sum(list(rank(misspelt(skill.name, random)))[:1] == [skill.id] for skill in asked) / MISSPELT


def misspelt(name: str, random: Random) -> str:
    """Return a name with a letter changed, left out, put in or swapped; twice when it is long."""
    letters = list(name)
    for _ in range(1 if len(letters) < 12 else 2):
        place, letter = random.randrange(len(letters) - 1), random.choice("abcdefghijklmnopqrstuvwxyz")
        cut = random.choice(([letter], [], [letter, letters[place]], None))
        if cut is None:
            letters[place : place + 2] = letters[place : place + 2][::-1]
        else:
            letters[place : place + 1] = cut
    return "".join(letters)
