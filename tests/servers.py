"""Real servers: an S3 store (the JuiceFS gateway), the portal over HTTP, and Debian's Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from flask import Flask
from werkzeug.serving import make_server

from tests.engines import Portals
from tests.machine import once, wait_until

STORE_USER, STORE_PASSWORD = "vivaio-tests", "a-secret-of-the-tests-only"

# ---- the S3 store ----


@dataclass(frozen=True)
class Store:
    """An S3-compatible store with one empty bucket of this worker."""

    endpoint: str
    bucket: str
    access_key: str = STORE_USER
    secret_key: str = STORE_PASSWORD

    @property
    def client(self) -> Any:
        """boto3, set as the portal must set it."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


@pytest.fixture(scope="session")
def s3_store(worker_id: str) -> Store:
    """A real S3 server, started once a run; the bucket is this worker's."""
    store = Store(once("juicefs", _start_juicefs)["url"], f"bucket-{worker_id}")
    store.client.create_bucket(Bucket=store.bucket)
    return store


def _start_juicefs(folder: Path) -> dict[str, str]:
    juicefs = str(Path(sys.executable).parent / "juicefs")
    meta, port = f"sqlite3://{folder}/meta.db", free_port()
    secrets = {"MINIO_ROOT_USER": STORE_USER, "MINIO_ROOT_PASSWORD": STORE_PASSWORD}
    environment = {**os.environ, **secrets, "HOME": str(folder)}
    files = str(folder / "files") + "/"
    done = subprocess.run(
        [juicefs, "format", "--storage", "file", "--bucket", files, meta, "vivaio"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    options = ["--no-usage-report", "--multi-buckets", "--keep-etag", "--object-meta", "--object-tag"]
    options += ["--cache-dir", str(folder / "cache"), "--log", str(folder / "gateway.log")]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [juicefs, "gateway", *options, meta, f"127.0.0.1:{port}"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: _answers(f"{url}/minio/health/live"), "the JuiceFS gateway")
    server.returncode = 0  # it outlives this worker: the run ends it
    return {"url": url, "pid": str(server.pid)}


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


# ---- the portal over HTTP ----


SOON = 0.02
"""Seconds between two looks whether the server is to stop: each test waits for the last."""


@dataclass(frozen=True)
class Live:
    """The portal as a browser reaches it."""

    app: Flask
    url: str


@pytest.fixture(scope="session")
def live_port() -> int:
    """One port a worker: the address of the portal is among its settings."""
    return free_port()


@pytest.fixture
def live(portals: Portals, live_port: int) -> Iterator[Live]:
    """The portal on http://localhost, threaded, over a fresh SQLite file, under the system's clock."""
    url = f"http://localhost:{live_port}"
    app = portals.fresh("sqlite", "live", origin=url)
    server = make_server("127.0.0.1", live_port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[SOON], daemon=True)
    thread.start()
    yield Live(app, url)
    server.shutdown()
    thread.join()
    server.server_close()


# ---- Chromium ----

CHROMIUM_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


def chromium() -> str:
    """Where the system's Chromium is, without a screen if there is one such; $CHROMIUM names another."""
    names = (os.environ.get("CHROMIUM", ""), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, "no Chromium: apt-get install chromium, or name one in CHROMIUM"
    return found
