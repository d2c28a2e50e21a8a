"""Months of the books: closed one after the other, each with its balances; nothing is booked in a closed one."""
