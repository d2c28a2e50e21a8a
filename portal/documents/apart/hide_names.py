"""A process apart: `python -m portal.documents.apart.hide_names` takes out of a PDF whoever wrote or commented it."""

from portal.core.apart import work_apart
from portal.documents.apart.pdf_metadata import without_names

if __name__ == "__main__":
    work_apart(without_names)
