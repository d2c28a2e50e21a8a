"""The end of a grant: its final account, approved by a second person, and what follows until nothing is open."""
