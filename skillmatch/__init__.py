"""Workforce skills inventory and job-matching engine."""

__version__ = "0.1.0"
