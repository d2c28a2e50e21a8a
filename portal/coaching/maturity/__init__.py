"""Maturity: ratings side by side, the stage that follows from facts, early warnings."""
