"""A folder of this machine: each file written aside, forced to disk, then named."""

import os
import shutil
import tempfile
from pathlib import Path

from portal.core.errors import Unavailable
from portal.documents.storage.interface import LONGEST_LINK, NotStored, checked

ROOM_TO_SPARE = 100 * 1024 * 1024
"""Bytes that must be free for the folder to count as ready."""


class LocalFolder:
    """Files in two levels of folders, named by the end of their key (the beginning is the time)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Where the bytes of a key lie."""
        if "/" in checked(key):
            return self.folder / key
        return self.folder / key[-2:] / key[-4:-2] / key

    def put(self, key: str, content: bytes) -> None:
        """Write, force to disk, rename, force the folder: after a crash the file is whole or absent."""
        path = self.path(key)
        try:
            self._make(path.parent)
            self._write(path, content)
        except OSError as error:
            raise Unavailable from error

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True)
        for above in (folder.parent, folder.parent.parent, self.folder.parent):
            _force(above)

    def _write(self, path: Path, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        aside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        _force(path.parent)

    def get(self, key: str) -> bytes:
        """Read the file."""
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotStored(key) from error
        except OSError as error:
            raise Unavailable from error

    def presigned(self, key: str, *, name: str, seconds: int = LONGEST_LINK) -> str | None:
        """A folder has no addresses."""
        return None

    def delete(self, key: str) -> None:
        """Remove the file."""
        try:
            self.path(key).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable from error

    def ready(self) -> str | None:
        """Whether the folder can be written and has room."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            return f"the folder of files cannot be used: {error.strerror}"
        if not os.access(self.folder, os.W_OK | os.X_OK):
            return "the folder of files cannot be written"
        return None if free >= ROOM_TO_SPARE else "the disk of the folder of files is full: free some space"


def _force(folder: Path) -> None:
    """Force the names in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
