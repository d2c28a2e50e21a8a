"""How a plan goes: what was first planned, what is in force, what the recipient expects, what was reached and when."""
