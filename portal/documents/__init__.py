"""Stored files, with their hashes and the state of their scan. Rights are with the room that owns the link row."""
