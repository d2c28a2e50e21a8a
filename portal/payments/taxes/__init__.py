"""Taxes of payments: the check of tax debts (art. 48-bis DPR 602/1973) and the withholding (art. 28 DPR 600/1973)."""
