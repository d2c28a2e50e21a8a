"""Rehearsing a call: the whole of it lived through once, in a marked twin of the authority, with invented people."""
