"""The officers' list of applications: its lines, filters, search, saved filters, acts on several, places."""
