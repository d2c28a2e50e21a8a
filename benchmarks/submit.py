"""Autosave and sending: `make bench`, or `python -m benchmarks.submit [SENDERS] [SECONDS]`

First every process answers for the first time, a few people at once: these cold requests are told apart. Then one after
the other, without load: a section saved while typing, an application sent. Then SENDERS (1 000) people
send within the last SECONDS (60) before the deadline, each at an instant of their own, and twenty more come too late.
Each waits from the instant at which it meant to send: time in a queue counts. A server of its own answers
(`BENCH_PROCESSES`, two a core on PostgreSQL; one on SQLite, as the portal demands). A fresh SQLite file;
`BENCH_DATABASE_URL` names an empty PostgreSQL database instead. Figures are printed, with the load of the machine: they
belong to it.
"""

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.crowd import (
    Sender,
    close_at,
    engine_name,
    free_port,
    get,
    make_crowd,
    percentile,
    post,
    server,
    workers_of,
)
from portal.applications.models import Submission
from portal.core.clock import now
from portal.core.db import database
from portal.register.checks import broken as broken_register
from tests.markup import parsed

SENDERS, SECONDS, LATE, ALONE, TEXT = 1_000, 60, 20, 60, 20_000
ROUNDS, ANSWERED = 6, 0.1
"""So many rounds at most until every process has answered: has worked for so many seconds since it began."""


def warm(port: int, senders: list[Sender], running: "subprocess.Popen[bytes]") -> int:
    """The first requests of every process, as many at once as there are processes; returns how many were sent."""
    workers = workers_of(running)
    _settle(workers)
    began, saved, sent, spent = {each: _worked(each) for each in workers}, [], [], 0
    for start in range(0, len(senders), len(workers)):
        group = senders[start : start + len(workers)]
        with ThreadPoolExecutor(len(group)) as pool:
            saved += list(pool.map(lambda each: _autosave(port, _section_of(port, each), each, 0), group))
            sent += list(pool.map(lambda each: _sent(port, each), group))
        spent += len(group)
        cold = [each for each in workers if _worked(each) - began[each] < ANSWERED]
        if not cold:
            break
    told = "all of them had answered" if not cold else f"{len(cold)} had still not answered"
    print(f"cold: the first {spent} of each, {len(workers)} at once, until {told}")
    print(f"  autosave p50 {percentile(saved, 0.5):6.0f} ms   worst {max(saved) * 1000:6.0f} ms")
    print(f"  submit   p50 {percentile(sent, 0.5):6.0f} ms   worst {max(sent) * 1000:6.0f} ms")
    return spent


def _settle(workers: list[int]) -> None:
    """Wait until the processes have begun, and rest."""
    before, now_is = -1.0, 0.0
    while before != now_is:
        before = now_is
        time.sleep(0.5)
        now_is = sum(_worked(each) for each in workers)


def _worked(process: int) -> float:
    """Seconds of work that a process has done."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _section_of(port: int, sender: Sender) -> str:
    """The address of the first section of a draft."""
    path = sender.path.removesuffix("/send")
    return str(next(link for link in parsed(get(port, path, sender)).xpath("//a/@href") if "/sections/" in link))


def _sent(port: int, sender: Sender) -> float:
    began = time.perf_counter()
    status, _there = post(port, sender.path, sender, {})
    assert status == 303, status
    return time.perf_counter() - began


def alone(port: int, senders: list[Sender]) -> None:
    """Without load: one request after the other."""
    address = _section_of(port, senders[0])
    saved = [_autosave(port, address, senders[0], number) for number in range(ALONE)]
    sent = [_sent(port, sender) for sender in senders]
    print(f"autosave   p50 {percentile(saved, 0.5):6.0f} ms   p95 {percentile(saved, 0.95):6.0f} ms   budget 60 ms")
    print(f"submit     p50 {percentile(sent, 0.5):6.0f} ms   p95 {percentile(sent, 0.95):6.0f} ms   budget 300 ms")


def _autosave(port: int, address: str, sender: Sender, number: int) -> float:
    """The form of a section as it stands, with one more word."""
    form = parsed(get(port, address, sender)).xpath("//form[@data-autosave]")[0]
    fields = {name: value for name, value in form.form_values() if name not in ("csrf_token", "idempotency_key")}
    text = next(name for name, _value in fields.items() if form.xpath(f".//textarea[@name='{name}']"))
    fields[text] = f"{fields[text][:300]} {number}"
    began = time.perf_counter()
    status, _there = post(port, address, sender, {**fields, "idempotency_key": "", "stay": "1"})
    spent = time.perf_counter() - began
    assert status in (200, 303, 422), status
    return spent


def crowd(port: int, senders: list[Sender], seconds: float) -> tuple[list[float], dict[int, int]]:
    """Everybody at an instant of their own; waiting is counted from there."""
    chance, start = random.Random(1), time.monotonic() + 1
    waiting = sorted((start + chance.random() * seconds, each.key, each) for each in senders)
    lock, spent, found = threading.Lock(), [], dict[int, int]()

    def client(at: float, sender: Sender) -> None:
        time.sleep(max(0.0, at - time.monotonic()))
        try:
            status, _there = post(port, sender.path, sender, {})
        except OSError:
            status = 0
        with lock:
            spent.append(time.monotonic() - at)
            found[status] = found.get(status, 0) + 1

    clients = [threading.Thread(target=client, args=(at, sender)) for at, _key, sender in waiting]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return spent, found


def main(number: int, seconds: float) -> None:
    """Fill, measure, tell."""
    with tempfile.TemporaryDirectory() as place:
        folder, port = Path(place), free_port()
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder / 'vivaio.db'}"
        processes = (
            1 if engine_name(url) == "sqlite" else int(os.environ.get("BENCH_PROCESSES", 2 * (os.cpu_count() or 1)))
        )
        app, senders = make_crowd(folder, url, port, ROUNDS * processes + number + ALONE + LATE, TEXT)
        first, senders = senders[: ROUNDS * processes], senders[ROUNDS * processes :]
        with server(folder, url, port, processes, threads=4) as running:
            print(f"{engine_name(url)}, {processes} process(es) of 4 threads, load {os.getloadavg()[0]:.1f}")
            before = warm(port, first, running) + ALONE
            alone(port, senders[:ALONE])
            deadline = now() + timedelta(seconds=seconds + 2)
            close_at(app, deadline)
            spent, found = crowd(port, senders[ALONE : ALONE + number], seconds)
            time.sleep(max(0.0, (deadline - now()).total_seconds() + 0.01))
            _late, refused = crowd(port, senders[-LATE:], 0.1)
        figures = "   ".join(f"p{share} {percentile(spent, share / 100):6.0f} ms" for share in (50, 95, 99))
        print(f"{number} in {seconds:.0f} s   {figures}   budget p95 1 000, p99 3 000   load {os.getloadavg()[0]:.1f}")
        print(f"answers {found}, of these kept in a queue past the term: {found.get(423, 0)}; sent too late {refused}")
        with app.app_context(), Session(database.engine) as opened:
            rows = opened.scalar(select(func.count(Submission.id))) or 0
            different = opened.scalar(select(func.count(func.distinct(Submission.application_id)))) or 0
            late = opened.scalar(select(func.count(Submission.id)).where(Submission.received_at > deadline))
            gaps = list(broken_register(opened))
        lost = found.get(303, 0) + before - rows
        print(
            f"registered {rows}: lost {lost}, late {late}, twice {rows - different}, gaps in the register {len(gaps)}"
        )


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(given[0] if given else SENDERS, given[1] if len(given) > 1 else SECONDS)
