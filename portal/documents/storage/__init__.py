"""Where bytes are kept: a local folder as embedded default, any S3-compatible store beyond one machine."""

from flask import Flask, current_app

from portal.core.config import Settings
from portal.core.web.operators import readiness
from portal.documents.storage.interface import QUARANTINE, NotStored, Storage
from portal.documents.storage.local import LocalFolder
from portal.documents.storage.s3 import S3Bucket

__all__ = [
    "QUARANTINE",
    "LocalFolder",
    "NotStored",
    "S3Bucket",
    "Storage",
    "current_storage",
    "init_storage",
    "storage_for",
]


def storage_for(settings: Settings) -> Storage:
    """The store these settings name: a bucket where there is an endpoint, else a folder under `var`."""
    if not settings.s3_endpoint:
        return LocalFolder(settings.var / "files")
    return S3Bucket(
        endpoint=settings.s3_endpoint,
        bucket=settings.s3_bucket,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )


def init_storage(app: Flask, settings: Settings) -> None:
    """Give the application its store, and /readyz a look at it."""
    app.extensions["storage"] = storage_for(settings)
    readiness["storage"] = lambda: current_storage().ready()


def current_storage() -> Storage:
    """The store of the present application."""
    storage: Storage = current_app.extensions["storage"]
    return storage
