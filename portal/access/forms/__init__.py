"""Forms of people, accounts and organisations."""
