"""Who fits a job: hard rules, objectives, policies, ranking."""
