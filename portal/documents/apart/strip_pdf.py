"""A process apart: `python -m portal.documents.apart.strip_pdf` takes out of a PDF what its author left in it."""

from portal.core.apart import work_apart
from portal.documents.apart.pdf_metadata import without_metadata

if __name__ == "__main__":
    work_apart(without_metadata)
