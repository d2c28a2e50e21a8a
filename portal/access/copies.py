"""The copy of somebody's data as one archive: JSON for machines, a page for people."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from flask import render_template

from portal.core.privacy import PURPOSES

JSON_NAME, PAGE_NAME = "data.json", "data.html"


def archive_of(document: dict[str, Any], *, at: datetime) -> bytes:
    """A zip of the document; the page needs no network and no script."""
    page = render_template("privacy/copy.html", document=document, purposes=PURPOSES)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in ((JSON_NAME, json.dumps(document, ensure_ascii=False, indent=1)), (PAGE_NAME, page)):
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def archive_name(at: datetime) -> str:
    """What the file is called: it names nobody."""
    return f"vivaio-{at:%Y-%m-%d}.zip"
