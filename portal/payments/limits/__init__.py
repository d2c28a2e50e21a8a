"""Limits of what one person may release in a day."""
