"""Speed, detection and coverage, measured beside something else."""
