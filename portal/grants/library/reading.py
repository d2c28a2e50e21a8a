"""A text of the library as a page shows it: its tables laid out, which Markdown leaves bare."""

from markupsafe import Markup

from portal.core.web.markdown import to_html

BARE, LAID_OUT = Markup("<table>"), Markup('<table class="table table-sm">')


def readable(text: str) -> Markup:
    """Safe HTML, as `to_html` makes it."""
    return to_html(text).replace(BARE, LAID_OUT)
