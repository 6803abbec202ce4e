"""The command line: one command per use-case, the same numbers as the pages."""

from skillmatch.cli.main import main

__all__ = ["main"]
