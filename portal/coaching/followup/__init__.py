"""After the end: a short form without sign-in, and what the office makes of the answers."""
