"""The course of milestones in time, and how much of the project is done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Course:
    """One milestone in time: its first day (the baseline), that in force, that expected, that of its acceptance.

    `expected_on` is what the recipient foresees against the day in force; `weight` is per cent of the project.
    """

    number: int
    title: str
    first_on: date
    planned_on: date
    expected_on: date | None = None
    done_on: date | None = None
    weight: int = 0

    @property
    def last_on(self) -> date:
        """When it was accepted; else when it is expected, by the recipient or by the plan."""
        return self.done_on or self.expected_on or self.planned_on

    @property
    def days(self) -> int:
        """Days between the baseline and that; below zero where it is early."""
        return (self.last_on - self.first_on).days

    @property
    def has_moved(self) -> bool:
        """Whether the day in force is not the first one."""
        return self.planned_on != self.first_on


@dataclass(frozen=True, slots=True)
class Progress:
    """Per cent of the project that is accepted, and that the plan in force wanted by a day."""

    done: int
    wanted: int


def progress_of(courses: Sequence[Course], today: date) -> Progress:
    """By the weights of the milestones; each counts the same where no weight is given."""
    weights = [course.weight for course in courses]
    if not any(weights):
        weights = [1] * len(courses)
    whole = sum(weights) or 1
    pairs = list(zip(courses, weights, strict=True))
    done = sum(weight for course, weight in pairs if course.done_on is not None)
    wanted = sum(weight for course, weight in pairs if course.planned_on <= today)
    return Progress(done * WHOLE // whole, wanted * WHOLE // whole)


@dataclass(frozen=True, slots=True)
class Reached:
    """One indicator: what was promised and what a report said was reached, in hundredths of one; None: not yet told."""

    name: str
    unit: str
    target: int
    reached: int | None = None

    @property
    def share(self) -> int | None:
        """Per cent of the target, rounded down; it may pass 100."""
        return None if self.reached is None else self.reached * WHOLE // self.target
