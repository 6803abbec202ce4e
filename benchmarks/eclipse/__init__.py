"""Eclipse's bug history as a company: developers are workers, bugs are jobs, hand-overs are outcomes."""
