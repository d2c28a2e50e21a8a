"""Storing files, and what is found out of them afterwards."""

from portal.documents.arrived import Arrived
from portal.documents.operations.examine import SCAN_JOB, SIGNATURES_JOB, read_signatures, scan_file
from portal.documents.operations.store import known_among, store_bytes, store_upload
from portal.documents.reading import FileDamaged, read_file

__all__ = [
    "SCAN_JOB",
    "SIGNATURES_JOB",
    "Arrived",
    "FileDamaged",
    "known_among",
    "read_file",
    "read_signatures",
    "scan_file",
    "store_bytes",
    "store_upload",
]
