"""Changing people, roles, sessions and organisations."""
