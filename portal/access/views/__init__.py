"""Pages of people, accounts, organisations and administration."""
