"""A list of the portal as a file for spreadsheets: CSV or a workbook."""

from collections.abc import Iterable, Sequence

from flask import Response

from portal.core.spreadsheets import csv_parts
from portal.core.workbooks import xlsx_parts

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a list can be taken away as, with the type a browser is told."""


def table_file(kind: str, name: str, title: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """The answer that is saved as `name`, with the ending of its kind; an unknown kind is a workbook."""
    kind = kind if kind in KINDS else "xlsx"
    parts = csv_parts(head, rows) if kind == "csv" else xlsx_parts(title, head, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(b"".join(parts), content_type=KINDS[kind], headers=headers)
