"""What every store promises, on a folder and on a real S3 server."""

import dataclasses
import http.client
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from portal.core.config import Settings
from portal.core.db import new_id
from portal.core.errors import Unavailable
from portal.documents.storage import LocalFolder, NotStored, S3Bucket, Storage, storage_for
from tests.servers import Store, free_port

BYTES = bytes(range(256)) * 4096


def bucket(store: Store, **changed: Any) -> S3Bucket:
    """The bucket of this worker, through the settings of the environment."""
    settings = Settings(
        s3_endpoint=store.endpoint,
        s3_bucket=store.bucket,
        s3_access_key=store.access_key,
        s3_secret_key=store.secret_key,
    )
    made = storage_for(dataclasses.replace(settings, **changed))
    assert isinstance(made, S3Bucket)
    return made


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each kind of store."""
    if request.param == "folder":
        return storage_for(Settings(var=tmp_path))
    return bucket(request.getfixturevalue("s3_store"))


@pytest.fixture
def key() -> str:
    """A key as the portal makes them."""
    return new_id().hex


def answer(address: str) -> tuple[int, bytes, dict[str, str]]:
    """What a visitor without any key gets."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


def test_what_was_put_comes_back(storage, key):
    storage.put(key, BYTES)
    assert storage.get(key) == BYTES
    assert storage.ready() is None


def test_what_was_deleted_is_gone_and_deleting_again_does_nothing(storage, key):
    storage.put(key, BYTES)
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(NotStored):
        storage.get(key)


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "/" + "a" * 31])
def test_only_keys_of_ours_reach_a_store(storage, wrong):
    for call in (storage.get, storage.delete, lambda key: storage.put(key, b"x")):
        with pytest.raises(ValueError, match="not a storage key"):
            call(wrong)


def test_a_folder_holds_whole_files_two_levels_deep(tmp_path, key):
    folder = LocalFolder(tmp_path / "files")
    folder.put(key, BYTES)
    assert [path.relative_to(folder.folder).parts for path in folder.folder.rglob("*") if path.is_file()] == [
        (key[-2:], key[-4:-2], key)
    ]
    assert folder.presigned(key, name="a.pdf") is None


def test_a_write_that_fails_leaves_no_piece_behind(tmp_path, key, monkeypatch):
    folder = LocalFolder(tmp_path / "files")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.documents.storage.local.os.fsync", full)
    with pytest.raises(Unavailable):
        folder.put(key, BYTES)
    assert [path for path in folder.folder.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_used_says_so(tmp_path, key):
    (tmp_path / "files").write_text("a file where the folder should be")
    folder = LocalFolder(tmp_path / "files")
    assert "folder of files" in str(folder.ready())
    with pytest.raises(Unavailable):
        folder.put(key, b"x")
    with pytest.raises(Unavailable):
        folder.get(key)


def test_nobody_reads_the_bucket_without_a_signature(s3_store, key):
    bucket(s3_store).put(key, BYTES)
    status, body, _ = answer(f"{s3_store.endpoint}/{s3_store.bucket}/{key}")
    assert status == 403
    assert BYTES[:64] not in body
    assert answer(f"{s3_store.endpoint}/{s3_store.bucket}/")[0] == 403


def test_a_presigned_address_opens_one_file_as_an_attachment(s3_store, key):
    storage = bucket(s3_store)
    storage.put(key, BYTES)
    address = str(storage.presigned(key, name='città "a".pdf', seconds=86_400))
    assert "X-Amz-Expires=300" in address
    status, body, headers = answer(address)
    assert (status, body) == (200, BYTES)
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''citt%C3%A0%20%22a%22.pdf"


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("X-Amz-Expires=300", "X-Amz-Expires=86400"),
        ("attachment", "inline"),
        ("application%2Foctet-stream", "text%2Fhtml"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
    ],
)
def test_a_presigned_address_that_was_altered_opens_nothing(s3_store, key, part, other):
    storage = bucket(s3_store)
    storage.put(key, BYTES)
    address = str(storage.presigned(key, name="a.pdf"))
    assert part in address
    status, body, _ = answer(address.replace(part, other, 1))
    assert status in {400, 403}
    assert BYTES[:64] not in body


def test_a_presigned_address_opens_no_other_file_and_ends(s3_store, key):
    storage = bucket(s3_store)
    other = new_id().hex
    for each in (key, other):
        storage.put(each, BYTES)
    address = str(storage.presigned(key, name="a.pdf", seconds=1))
    assert answer(address.replace(key, other))[0] == 403
    time.sleep(2.1)
    assert answer(address)[0] == 403


@pytest.mark.parametrize(
    "changed", [{"s3_secret_key": "wrong"}, {"s3_access_key": "nobody"}, {"s3_bucket": "elsewhere"}]
)
def test_wrong_settings_are_said_by_readiness_and_store_nothing(s3_store, key, changed):
    storage = bucket(s3_store, **changed)
    assert "does not answer" in str(storage.ready())
    with pytest.raises(Unavailable):
        storage.put(key, b"x")
    with pytest.raises(NotStored):
        bucket(s3_store).get(key)


def test_a_server_that_is_down_is_refused_at_once(s3_store, key):
    storage = bucket(s3_store, s3_endpoint=f"http://127.0.0.1:{free_port()}")
    began = time.monotonic()
    for call in (lambda: storage.put(key, b"x"), lambda: storage.get(key), lambda: storage.delete(key)):
        with pytest.raises(Unavailable):
            call()
    assert storage.ready()
    assert time.monotonic() - began < 10


def test_a_server_that_stalls_is_given_up_within_ten_seconds(s3_store, key):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        storage = bucket(s3_store, s3_endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(Unavailable):
            storage.put(key, BYTES * 16)
        assert time.monotonic() - began < 10


def test_readyz_names_the_store(app, client, monkeypatch, tmp_path):
    assert client.get("/readyz").status_code == 200
    (tmp_path / "files").write_text("")
    monkeypatch.setitem(app.extensions, "storage", LocalFolder(tmp_path / "files"))
    answered = client.get("/readyz")
    assert answered.status_code == 503
    assert "folder of files" in answered.get_json()["faults"]["storage"]
