"""Applications (domande): drafts, submission once and in time, admissibility."""
