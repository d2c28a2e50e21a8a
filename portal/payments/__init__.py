"""Tranches: gates, release by two people, payment files, what the bank says."""
