"""What is believed of each worker: evidence, the filter that learns from it, and the arrays ranking reads."""
