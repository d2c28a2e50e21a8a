"""The sheet after a save: new versions in place, or the other window's version beside what was typed."""

from collections.abc import Sequence
from dataclasses import replace

from portal.evaluation.forms import Shown
from portal.evaluation.operations import StaleScore
from portal.evaluation.points import Entry


def saved_sheet(sheet: Sequence[Shown], saved: Sequence[Entry]) -> list[Shown]:
    """What was typed, upon the versions that stand now; a fault stays with its field."""
    versions = {entry.criterion: entry.version for entry in saved}
    return [replace(each, version=versions[each.criterion.key]) for each in sheet]


def collided(sheet: Sequence[Shown], stale: StaleScore) -> list[Shown]:
    """The typed sheet, none of it saved, with the stored version beside the criterion that collides.

    Its version becomes the stored one: saving again keeps what was typed.
    """
    theirs = stale.stored
    return [
        replace(each, theirs=theirs, version=theirs.version) if each.criterion.key == theirs.criterion else each
        for each in sheet
    ]
