"""Answers of pupils to exercises: the public test of estimators of proficiency."""
