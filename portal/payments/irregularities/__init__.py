"""Irregularities of grants: while one is open, no money moves towards the grant."""
