"""Pictures of every page, taken from the code's own list of addresses: `python3 dev.py screens`."""
