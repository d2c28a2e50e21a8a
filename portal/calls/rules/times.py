"""Deadlines are declared as wall time in a zone and kept as instants (`domain.md` §5.10)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ACCEPTING = timedelta(seconds=120)
"""How long after the last instant a request received in time may still be accepted (P1)."""


class NoSuchTime(ValueError):
    """This wall time names no instant, or two."""


class UnknownZone(NoSuchTime):
    """Nobody knows the zone."""


class ClockLeaps(NoSuchTime):
    """The hour is skipped or doubled as summer time begins or ends."""

    def __init__(self, words: str, *, comes_twice: bool) -> None:
        super().__init__(words)
        self.comes_twice = comes_twice


def instant_of(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a wall time; NoSuchTime for an hour that summer time skips or doubles."""
    if wall.tzinfo is not None:
        raise NoSuchTime("write the local time without an offset: the zone says the rest")
    place = _zone(zone)
    early = wall.replace(tzinfo=place, fold=0)
    late = wall.replace(tzinfo=place, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if early.astimezone(UTC).astimezone(place).replace(tzinfo=None, fold=0) == wall.replace(fold=0):
        raise ClockLeaps(
            f"{wall:%d/%m/%Y %H:%M} comes twice in {zone}, as clocks go back: choose another hour", comes_twice=True
        )
    raise ClockLeaps(
        f"{wall:%d/%m/%Y %H:%M} does not exist in {zone}, as clocks go forward: choose another hour", comes_twice=False
    )


def wall_time(instant: datetime, zone: str) -> datetime:
    """What the clock on the wall shows at an instant."""
    return instant.astimezone(_zone(zone)).replace(tzinfo=None, fold=0)


def last_instant(closes_at: datetime, beyond: int | timedelta) -> datetime:
    """The latest instant of reception: the closing instant plus what the phase declares beyond it.

    `beyond` is in seconds, or what `PhaseDesign.beyond` gives (the named minute, and the grace).
    """
    return closes_at + (beyond if isinstance(beyond, timedelta) else timedelta(seconds=beyond))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(f"{name!r} is not a zone: write Europe/Rome") from error
