"""The collector of garbage, told what this program is like: much that stays, and pages that make thousands of rows."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50
"""How much is made before it looks again; its own 700 interrupts every longer page, and adds a tenth to it."""


def settle() -> None:
    """What has been loaded stays: the collector looks through it no more, and seldom at the rest."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.enable()
