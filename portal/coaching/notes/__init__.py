"""Notes on a team with three readers: everybody on the file, coach and office, the coach alone."""
