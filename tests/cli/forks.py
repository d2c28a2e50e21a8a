"""The `portal` command without its start: a process that has imported everything forks for each command.

What runs is the command itself, in a process of its own: its environment, working directory, output and exit code.
"""

import multiprocessing
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.cli.main import main
from tests.house.sources import ROOT

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["portal.cli.main", __name__])
STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


def run_forked(arguments: tuple[str, ...], environment: dict[str, str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with TemporaryDirectory() as folder:
        written = [Path(folder, name) for name in ("stdout", "stderr")]
        process = FORKING.Process(target=_command, args=(arguments, environment, *map(str, written)))
        process.start()
        process.join(timeout=100)
        assert process.exitcode is not None, f"portal {' '.join(arguments)} does not end"
        return process.exitcode, *(path.read_text() for path in written)  # type: ignore[return-value]


def _command(arguments: tuple[str, ...], environment: dict[str, str], stdout: str, stderr: str) -> None:
    """In the forked process: become the command."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for number, path in ((STANDARD_OUTPUT, stdout), (STANDARD_ERROR, stderr)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["portal", *arguments]
    main()
