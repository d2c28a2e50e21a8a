"""Finance's home: what can be paid today, what holds the rest, terms, what will be paid when, money by fund."""
