"""Guarantees of advances: recorded by the recipient, verified by finance, given back by an act."""
