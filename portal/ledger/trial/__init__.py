"""The trial balance: what stands on each kind of account and on each account, now or at the end of a closed month."""
