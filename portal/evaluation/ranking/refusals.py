"""Why a ranking is not computed: the sheets are not what the assignments call for."""

from typing import NamedTuple

from portal.core.errors import Conflict
from portal.core.i18n import lazy_

_SHOWN = 5  # entries named in the message; all of them are in the attribute


class Cell(NamedTuple):
    """One place of a score sheet."""

    candidate: str
    evaluator: str
    criterion: str


class SheetsFaulty(Conflict):
    """Base of the refusals below; `cells` lists every place concerned, in order."""

    default = lazy_("The score sheets are not in order.")

    def __init__(self, message: object, cells: tuple[Cell, ...]) -> None:
        super().__init__(message)
        self.cells = cells


class ScoresMissing(SheetsFaulty):
    """An assigned evaluator has not scored something; a missing score is never a zero."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__(
            lazy_(
                "%(count)d scores are missing: %(places)s. Ask for them, or record a recusal or replacement.",
                count=len(cells),
                places=places(cells),
            ),
            cells,
        )


class ScoresUnexpected(SheetsFaulty):
    """Scores of an unknown application or criterion, or of an evaluator who was not assigned."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__(
            lazy_(
                "%(count)d scores were not asked for: %(places)s. Record the assignment, or remove them.",
                count=len(cells),
                places=places(cells),
            ),
            cells,
        )


class ScoresTwice(SheetsFaulty):
    """Two scores in one place: the version that counts must be chosen before ranking."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__(lazy_("More than one score for %(places)s. Keep one.", places=places(cells)), cells)


class PointsOutOfRange(SheetsFaulty):
    """Points below zero, above the criterion's maximum, not a number, or finer than a millionth."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__(
            lazy_("Points outside the range of their criterion: %(places)s. Correct them.", places=places(cells)),
            cells,
        )


class NobodyScored(Conflict):
    """An admissible application is left without any evaluator."""

    def __init__(self, candidates: tuple[str, ...]) -> None:
        super().__init__(
            lazy_(
                "No evaluator is left for %(names)s. Assign a substitute.",
                names=", ".join(candidates[:_SHOWN]),
            )
        )
        self.candidates = candidates


def places(cells: tuple[Cell, ...]) -> str:
    """The first few places, and a sign that there are more."""
    named = "; ".join(" / ".join(cell) for cell in cells[:_SHOWN])
    return f"{named}; …" if len(cells) > _SHOWN else named
