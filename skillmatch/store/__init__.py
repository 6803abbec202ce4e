"""The database: the only room that knows SQL. Takes and returns nouns."""
