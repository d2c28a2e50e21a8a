"""Coaching (accompagnamento): engagements with an allowance of minutes, sessions that the team confirms."""
