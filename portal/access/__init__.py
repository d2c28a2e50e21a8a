"""People, organisations and groups, their ties and roles, sessions, and the one table of permissions."""
