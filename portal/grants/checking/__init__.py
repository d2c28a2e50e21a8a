"""The checks before signing: a list that the call declares, with evidence, outcome and expiry."""
