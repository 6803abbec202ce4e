"""From files to nouns, evidence and problems."""
