"""Messages between a team and the office about an application: read by these two sides, never by evaluators."""
