"""Lists of people as files."""

from collections.abc import Iterable

from portal.access.labels import ROLES
from portal.access.queries.roles import RoleLine
from portal.core.i18n import _
from portal.core.instants import format_instant
from portal.core.spreadsheets import csv_bytes


def roles_csv(lines: Iterable[RoleLine]) -> bytes:
    """Every role with everybody who had a hand in it."""
    head = (
        _("Authority"), _("Name"), _("E-mail"), _("Role"), _("From"), _("Until"), _("Stands in for"), _("Granted by"),
        _("Confirmed by"), _("Reason"), _("Ended by"), _("Reason of the end"),
    )  # fmt: skip
    return csv_bytes(head, (_cells(line) for line in lines))


def _cells(line: RoleLine) -> tuple[object, ...]:
    grant = line.grant
    return (
        line.authority, line.person.name, line.person.email, ROLES[grant.role], format_instant(grant.since),
        format_instant(grant.until), line.stands_in_for, line.granted_by or _("a command on the server"),
        line.confirmed_by, grant.reason, line.ended_by, grant.end_reason,
    )  # fmt: skip
