"""A statement as a table and as a tagged PDF: the same lines as the page."""

from portal.coaching.models import CoachStatement
from portal.core.i18n import _
from portal.core.instants import format_hours, format_instant
from portal.core.pdf import render_pdf
from portal.core.spreadsheets import csv_bytes


def statement_csv(row: CoachStatement) -> bytes:
    """One line a session, with its minutes; the last line is the sum."""
    head = [_("Begun"), _("Teams"), _("Minutes"), _("Hours")]
    lines = [
        (format_instant(each.starts_at), each.teams, each.minutes, format_hours(each.minutes)) for each in row.lines
    ]
    return csv_bytes(head, [*lines, (_("Total"), "", row.minutes, format_hours(row.minutes))])


def statement_pdf(row: CoachStatement) -> bytes:
    """The statement as its coach hands it in with the invoice."""
    return render_pdf("coaching/statement.pdf.html", issuer=row.authority, row=row)


def name_of(row: CoachStatement, kind: str) -> str:
    """A name for the file that says the month."""
    return f"prospetto-coaching-{row.month:%Y-%m}.{kind}"
