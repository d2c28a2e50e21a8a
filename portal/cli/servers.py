"""`portal serve` and `portal worker`."""

import gc
import signal
import threading

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from portal.cli.context import the_app
from portal.core.clock import now
from portal.core.collector import settle
from portal.core.db import database
from portal.core.jobs import Rounds, work_until_stopped


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with the settings of the command line; threads, since no proxy stands before it by default."""

    def __init__(self, application: object, options: dict[str, object]) -> None:
        self.application = application
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> object:
        return self.application


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--processes", type=click.IntRange(min=1), default=1, show_default=True, envvar="WEB_PROCESSES")
@click.option("--threads", type=click.IntRange(min=1), default=4, show_default=True, envvar="WEB_THREADS")
def serve(host: str, port: int, processes: int, threads: int) -> None:
    """Serve the portal until stopped (Ctrl-C, SIGTERM)."""
    options: dict[str, object] = {
        "bind": f"{host}:{port}",
        "workers": processes,
        "threads": threads,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": _settle,
    }
    app = the_app(PORT=str(port), WEB_PROCESSES=str(processes))
    if processes > 1:
        _compile_templates(app)
    _Server(app, options).run()


def _compile_templates(app: Flask) -> None:
    """Once, before processes part: else each makes the first people it serves wait for every page anew."""
    for name in app.jinja_env.list_templates(extensions=["html", "txt"]):
        app.jinja_env.get_template(name)


def _settle(_worker: object) -> None:
    """Nothing that was loaded before people come is looked through again."""
    gc.collect()
    settle()


@click.command()
def worker() -> None:
    """Run background work until stopped (Ctrl-C, SIGTERM); the job in hand is finished first."""
    app = the_app()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with app.app_context():
        _settle(None)
        rounds = Rounds(database.engine)

        def each_round() -> None:
            database.session.remove()
            rounds.start_due(now())

        work_until_stopped(database.engine, clock=now, stop=stop, each_round=each_round)
