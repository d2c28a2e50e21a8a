"""How long a file of 10 MB takes to arrive, and a signed PDF to be read: `make bench`, or `python -m benchmarks.upload`

The upload is a whole request through the test client: parsed, hashed, judged by its content, forced to disk, recorded.
A fresh SQLite file and a local folder. Figures are printed, never asserted: they belong to the machine.
"""

import io
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import structlog
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from portal.access.operations.signing_in import sign_in
from portal.app import create_app
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.db import database
from portal.documents.apart import signatures_in, stripped_pdf
from portal.documents.rules import SignatureKind
from tests.factories.applications import World
from tests.factories.documents import PDF
from tests.factories.signing import real_pdf, sign_envelope, sign_pdf
from tests.markup import parsed

TIMES, TEN_MB = 20, 10 * 1024 * 1024 - 1024


def large_pdf(number: int) -> bytes:
    """A PDF of nearly 10 MB, never the same twice."""
    filling = b"%" + f"{number:06}".encode() * (TEN_MB // 6) + b"\n"
    return PDF.replace(b"xref", filling + b"xref", 1)


def measured(what: str, work: Callable[[int], object], times: int = TIMES) -> None:
    """Print median and 95th percentile in milliseconds."""
    spent = []
    for number in range(times):
        started = time.perf_counter()
        work(number)
        spent.append((time.perf_counter() - started) * 1000)
    print(f"{what:44} median {statistics.median(spent):7.0f} ms   p95 {sorted(spent)[int(times * 0.95) - 1]:7.0f} ms")


def visitor(app: Flask) -> tuple[FlaskClient, str]:
    """Somebody signed in, and the address to which a document of their draft is sent."""
    with app.app_context(), Session(database.engine) as session:
        world = World(session, now())
        draft = world.draft(whole=False)
        token, _ = sign_in(session, person=world.owner, user_agent="", now=now(), strong=True)
        whose, address = str(world.owner.id), f"/applications/{draft.id}/documents"
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["whose"] = token, whose
    return client, address


def main() -> None:
    """Measure and print."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/bench.db", var=Path(folder)))
        with app.app_context():
            upgrade()
        client, address = visitor(app)
        token = parsed(client.get(address).text).xpath("//input[@name='csrf_token']/@value")[0]

        def send(number: int) -> None:
            data = {
                "csrf_token": token,
                "idempotency_key": uuid4().hex,
                "file": (io.BytesIO(large_pdf(number)), "a.pdf"),
            }
            answer = client.post(f"{address}/statute", data=data, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 303, answer.status_code

        measured("10 MB sent, judged, stored, recorded", send, times)
        measured("the same 10 MB sent again", lambda _number: send(times - 1), times)
    pdf = real_pdf(author="Rosa Bianchi")
    signed, packed = sign_pdf(pdf), sign_envelope(large_pdf(0))
    measured("signatures of a PDF, in the process apart", lambda _: signatures_in(signed, SignatureKind.PADES), times)
    measured("signatures of a .p7m of 10 MB, apart", lambda _: signatures_in(packed, SignatureKind.CADES), times)
    measured("a PDF without its author, apart", lambda _: stripped_pdf(pdf), times)


if __name__ == "__main__":
    main()
