"""Commission, conflicts of interest, scores and the ranking (graduatoria)."""
