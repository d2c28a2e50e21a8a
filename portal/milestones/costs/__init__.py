"""The cost report of a grant: what was spent, line by line, how it was paid, and what the call bears of it."""
