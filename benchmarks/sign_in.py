"""How long signing in takes: `make bench`, or `python -m benchmarks.sign_in [SIGN_INS]`.

`portal serve` (gunicorn) runs in a process of its own over a fresh SQLite file, its limit by network address out of
the way; people sign in over HTTP, first one by one, then four at a time. The share of argon2 is measured by verifying
the same hash alone. Figures are printed, never asserted: they belong to the machine.
"""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from flask_migrate import upgrade
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.signing_in import HASHER
from portal.app import create_app
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.db import database

SIGN_INS = 100
AT_ONCE = 4
PASSWORD = "tre gatti sul tetto"
BUDGET_MS = 400
FIELD = re.compile(r'name="(csrf_token|idempotency_key)" value="([^"]+)"')
SERVE = """
import sys
from pathlib import Path
from portal.app import create_app
from portal.cli.servers import _Server
from benchmarks.sign_in import settings
port = int(sys.argv[2])
options = {"bind": f"127.0.0.1:{port}", "workers": 1, "threads": 4, "worker_class": "gthread", "loglevel": "error",
           "control_socket_disable": True}
_Server(create_app(settings(Path(sys.argv[1]), port)), options).run()
"""


def settings(var: Path, port: int) -> Settings:
    """As in development, without the limit by network address: everybody here comes from one."""
    url = f"sqlite:///{var / 'bench.db'}"
    return replace(Settings(), var=var, database_url=url, origin=f"http://localhost:{port}", sign_ins_per_address=0)


def main(sign_ins: int) -> None:
    """Fill the database, serve it, sign everybody in twice, tell the figures."""
    with tempfile.TemporaryDirectory() as folder:
        var, port = Path(folder), _free_port()
        hashed = _fill(settings(var, port), sign_ins)
        with _served(var, port):
            _sign_in(port, 0)
            one_by_one = [_sign_in(port, number) for number in range(sign_ins)]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                together = list(pool.map(lambda number: _sign_in(port, number), range(sign_ins)))
        _tell(one_by_one, together, _argon2(hashed))


def _fill(given: Settings, people: int) -> str:
    app = create_app(given)
    hashed = HASHER.hash(PASSWORD)
    with app.app_context():
        upgrade()
        with Session(database.engine) as session:
            for number in range(people):
                person = Person(email=_address(number), name=f"Person {number}", password_hash=hashed, created_at=now())
                session.add(person)
            session.commit()
        database.engine.dispose()
    return hashed


@contextmanager
def _served(var: Path, port: int) -> Iterator[None]:
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(var), str(port)])
    try:
        _wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _sign_in(port: int, number: int) -> float:
    """Fetch the form, then time its POST alone: milliseconds until the redirect has been read."""
    connection = http.client.HTTPConnection("localhost", port, timeout=20)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["session"]
    fields = dict(FIELD.findall(answer.read().decode())) | {"email": _address(number), "password": PASSWORD}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"session={cookie.value}",
        "Origin": f"http://localhost:{port}",
    }
    began = time.perf_counter()
    connection.request("POST", "/sign-in", urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    spent = (time.perf_counter() - began) * 1000
    connection.close()
    if answer.status != 303 or answer.headers["Location"].startswith("/sign-in"):
        raise SystemExit(f"signing in answered {answer.status}, {answer.headers['Location']}")
    return spent


def _argon2(hashed: str) -> list[float]:
    spent = []
    for _time in range(30):
        began = time.perf_counter()
        HASHER.verify(hashed, PASSWORD)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def _tell(one_by_one: list[float], together: list[float], argon2: list[float]) -> None:
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}: figures of a busy machine tell of its load")
    for name, spent in (("one by one", one_by_one), (f"{AT_ONCE} at a time", together), ("argon2 alone", argon2)):
        print(f"{name:14} {len(spent):4} times   p50 {_at(spent, 50):6.1f} ms   p95 {_at(spent, 95):6.1f} ms")
    share = statistics.median(argon2) / statistics.median(one_by_one)
    print(f"argon2 is {share:.0%} of a sign-in; the budget is p95 {BUDGET_MS} ms")


def _at(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _address(number: int) -> str:
    return f"person{number}@bench.example"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    pause = threading.Event()
    for _time in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIGN_INS)
