"""Measurements of speed and quality, each in a folder of its own with a `bench.py` that has `run`."""
