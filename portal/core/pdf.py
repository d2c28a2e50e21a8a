"""PDFs for people: tagged (PDF/UA-1), with language, and the same bytes for the same content."""

import hashlib
from typing import Any, Protocol, cast

from flask import render_template
from weasyprint import CSS, HTML, URLFetcher

REHEARSED = """
@page { @top-center { content: "PROVA / REHEARSAL"; font-size: 13pt; font-weight: bold; letter-spacing: 2pt;
  color: #8a1c00; } }
html { border: 3pt solid #8a1c00; }
"""
"""What marks every page of a document of a rehearsal."""


class Issuer(Protocol):
    """Whose document it is."""

    @property
    def is_twin(self) -> bool: ...


def render_pdf(template: str, *, issuer: Issuer, **context: Any) -> bytes:
    """Render templates/<template> as a tagged PDF; it holds everything it needs, no address is ever fetched.

    What the twin of an authority issues says on every page that it is of a rehearsal.
    """
    html = render_template(template, **context)
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    marks = [CSS(string=REHEARSED)] if issuer.is_twin else []
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return cast("bytes", document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, stylesheets=marks))
