"""What may be behind a call, whom to send while that is uncertain, and which question would help."""
