"""The sample company: an invented field-service firm with two years of history, and the truth to score estimates by."""

from skillmatch.demo.company import Company, generate
from skillmatch.demo.truth import Truth
from skillmatch.demo.writing import Summary, read_truth, write_company

__all__ = ["Company", "Summary", "Truth", "generate", "read_truth", "write_company"]
