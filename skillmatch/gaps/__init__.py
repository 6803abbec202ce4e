"""Is the ranking right, and where is the firm thin."""
