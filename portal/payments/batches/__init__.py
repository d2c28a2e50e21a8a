"""Several tranches released together: their effect before the act, and what became of each."""
