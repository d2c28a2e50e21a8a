"""Which rooms say where a file is used (documents.places)."""

from portal.access.file_places import of_documents
from portal.applications.file_places import of_applications
from portal.calls.file_places import on_pages_of_calls
from portal.documents import places
from portal.documents.places import Source
from portal.grants.file_places import of_grants
from portal.milestones.costs.file_places import of_costs
from portal.milestones.file_places import of_reports
from portal.payments.irregularities.file_places import of_irregularities

FILE_PLACES: tuple[Source, ...] = (
    of_documents, on_pages_of_calls, of_applications, of_grants, of_reports, of_costs, of_irregularities,
)  # fmt: skip


def know_file_places() -> None:
    """Hand them to the room of documents; `portal.app` does it once."""
    places.sources[:] = FILE_PLACES
