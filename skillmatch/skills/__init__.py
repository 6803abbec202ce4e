"""The skills graph: which skills are parts of, need, or resemble which."""
