"""Web pages and REST API of skillmatch."""
