"""The belief filter beside the libraries that somebody would take otherwise."""
