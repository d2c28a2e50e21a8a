"""Milestones (traguardi): planned, reported with evidence, returned or accepted."""
