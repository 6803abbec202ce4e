"""What is inferred of workers, against the truth."""
