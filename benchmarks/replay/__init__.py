"""How fast a whole history is replayed, and how much is kept of it."""
