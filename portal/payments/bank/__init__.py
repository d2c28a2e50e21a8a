"""Back from the bank: its files, what each says of our payments, and whether its books agree with ours."""
