"""Free text to skills: names, descriptions, spelling mistakes, corrections, and a local model where there is one."""

from skillmatch.skills.linking.corrections import Correction
from skillmatch.skills.linking.linker import Linked, LinkedSkill, Linker
from skillmatch.skills.linking.meaning import Embedder, LocalModel, NamedEmbedder
from skillmatch.skills.linking.words import clause_of, clean, keys

__all__ = [
    "Correction",
    "Embedder",
    "Linked",
    "LinkedSkill",
    "Linker",
    "LocalModel",
    "NamedEmbedder",
    "clause_of",
    "clean",
    "keys",
]
