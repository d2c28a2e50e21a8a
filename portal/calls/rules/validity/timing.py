"""Time: hours that exist, ends after starts, phases in their order, a flow that fits its phases."""

from datetime import datetime
from itertools import pairwise

from portal.calls.rules.design import CallDesign, Flow, PhaseDesign, PhaseGate
from portal.calls.rules.times import ClockLeaps, NoSuchTime, UnknownZone, instant_of
from portal.calls.rules.validity.fault import Fault, Faults, at_least_one, per_cent_of
from portal.core.i18n import lazy_

LONGEST_GRACE = 3600
LATER = lazy_("Write a later moment.")


def phases(design: CallDesign) -> Faults:
    """Each phase: its opening, its deadlines, what follows it."""
    for index, phase in enumerate(design.phases):
        place = f"phases.{index}"
        if not 0 <= phase.grace_seconds <= LONGEST_GRACE:
            yield Fault(f"{place}.grace_seconds", lazy_("%(value)s is out of bounds.", value=phase.grace_seconds),
                        lazy_("Write seconds, from 0 to 3600."))  # fmt: skip
        if not phase.deadlines:
            yield Fault(f"{place}.deadlines", lazy_("The list is empty."), lazy_("Write one at least."))
        yield from _times(place, phase)
        for number, deadline in enumerate(phase.deadlines):
            if number and (deadline.act is None or deadline.reason is None):
                yield Fault(f"{place}.deadlines.{number}", lazy_("An extension has no act or no reason."),
                            lazy_("Write both its act and its reason."))  # fmt: skip
        yield from _accompaniment(place, phase)


def _times(place: str, phase: PhaseDesign) -> Faults:
    walls = [(f"{place}.opens", phase.opens)]
    walls += [(f"{place}.deadlines.{n}.closes", deadline.closes) for n, deadline in enumerate(phase.deadlines)]
    yield from _in_order(walls, phase.zone)
    batches = [(f"{place}.batches.{n}.closes", batch.closes) for n, batch in enumerate(phase.batches)]
    yield from _in_order(batches, phase.zone)
    for number, batch in enumerate(phase.batches):
        where = f"{place}.batches.{number}"
        yield from at_least_one(f"{where}.places", batch.places)
        if phase.deadlines and not phase.opens < batch.closes <= phase.deadlines[-1].closes:
            yield Fault(f"{where}.closes", lazy_("The batch closes outside its phase."),
                        lazy_("Write a moment between the opening and the last deadline."))  # fmt: skip


def _in_order(walls: list[tuple[str, datetime]], zone: str) -> Faults:
    instants = []
    for where, wall in walls:
        try:
            instants.append((where, instant_of(wall, zone)))
        except NoSuchTime as error:
            yield _no_such(where, wall, zone, error)
    for (earlier, one), (later, other) in pairwise(instants):
        if one >= other:
            yield Fault(later, lazy_("This moment must come after %(earlier)s.", earlier=earlier), LATER)


def _no_such(where: str, wall: datetime, zone: str, error: NoSuchTime) -> Fault:
    if isinstance(error, UnknownZone):
        return Fault(f"{where.split('.', maxsplit=1)[0]}.{where.split('.')[1]}.zone",
                     lazy_("“%(zone)s” is not a zone.", zone=zone), lazy_("Write Europe/Rome."))  # fmt: skip
    shown = {"wall": f"{wall:%d/%m/%Y %H:%M}", "zone": zone}
    if isinstance(error, ClockLeaps):
        words = (
            lazy_("%(wall)s comes twice in %(zone)s, as clocks go back.", **shown)
            if error.comes_twice
            else lazy_("%(wall)s does not exist in %(zone)s, as clocks go forward.", **shown)
        )
        return Fault(where, words, lazy_("Choose another hour."))
    return Fault(where, lazy_("The time has an offset."), lazy_("Write the local time alone: the zone says the rest."))


def _accompaniment(place: str, phase: PhaseDesign) -> Faults:
    given = phase.accompaniment
    if given is None:
        return
    where = f"{place}.accompaniment"
    yield from at_least_one(f"{where}.hours", given.hours)
    yield from per_cent_of(f"{where}.minimum_attendance", given.minimum_attendance)
    if given.starts and given.ends and given.starts > given.ends:
        yield Fault(f"{where}.ends", lazy_("It ends before it starts."), LATER)
    if given.starts and phase.deadlines and given.starts <= phase.deadlines[-1].closes.date():
        yield Fault(f"{where}.starts", lazy_("It starts before the phase has closed."), LATER)


def order(design: CallDesign) -> Faults:
    """A later phase opens after the earlier one closed and its accompaniment ended; only a later one has gates."""
    for index, (earlier, later) in enumerate(pairwise(design.phases), 1):
        place = f"phases.{index}"
        if earlier.deadlines and later.opens <= earlier.deadlines[-1].closes:
            yield Fault(f"{place}.opens", lazy_("This phase opens before the earlier one has closed."), LATER)
        between = earlier.accompaniment
        if between and between.ends and later.deadlines and later.deadlines[-1].closes.date() <= between.ends:
            yield Fault(f"{place}.deadlines", lazy_("This phase closes before the accompaniment has ended."), LATER)
        if PhaseGate.ATTENDED in later.entry and between is None:
            yield Fault(f"{place}.entry", lazy_("Nothing was to be attended before this phase."),
                        lazy_("Declare the accompaniment of the earlier phase, or take away attended."))  # fmt: skip
    if design.phases and design.phases[0].entry:
        yield Fault("phases.0.entry", lazy_("The first phase follows nothing."), lazy_("Take this key away."))
    if design.phases and design.phases[-1].accompaniment:
        yield Fault(f"phases.{len(design.phases) - 1}.accompaniment",
                    lazy_("No phase comes after this accompaniment."),
                    lazy_("Add the later phase, or use coaching, which goes with grants."))  # fmt: skip


def flow(design: CallDesign) -> Faults:
    """The flow fits the number of phases, and only a sportello has batches."""
    many = len(design.phases) > 1
    if many != (design.flow is Flow.TWO_STAGE) and design.phases:
        yield Fault("flow", lazy_("The flow does not fit the phases, which are %(count)s.", count=len(design.phases)),
                    lazy_("Write two_stage for several phases; single or sportello for one."))  # fmt: skip
    for index, phase in enumerate(design.phases):
        if bool(phase.batches) != (design.flow is Flow.SPORTELLO):
            yield Fault(f"phases.{index}.batches", lazy_("Batches and the flow do not fit."),
                        lazy_("A sportello has one batch at least; no other flow has any."))  # fmt: skip
