"""The protocol register: seven-digit numbers per authority and year, without gaps (DPR 445/2000 art. 53-57)."""
