"""Sentences of job advertisements linked to the skills of ESCO."""
