"""Agreements: composed from clauses, signed and countersigned, in force from one day to the next version."""
