"""The accompaniment between two phases of a call: its meetings, who attended, and who is invited to the next phase."""
