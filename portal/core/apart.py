"""Work apart: what needs a large library, or reads what strangers send, runs in a process of its own.

Bytes in, bytes out, with little time and memory, no environment and two pipes. What brings that process down takes
nothing else with it, and the web process never loads the library.
"""

import resource
import subprocess
import sys
from collections.abc import Callable

MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 40
LONGEST_SECONDS = 60


class NotDone(Exception):
    """The process apart gave up, was ended by its limits, or answered nonsense."""


def call_apart(module: str, content: bytes, *words: str) -> bytes:
    """What the module answers to this content. Raises NotDone."""
    command = [sys.executable, "-I", "-m", module, *words]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, and nothing of our environment
            command, input=content, capture_output=True, timeout=LONGEST_SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise NotDone(module) from error
    if done.returncode != 0:
        raise NotDone(done.stderr.decode(errors="replace").strip()[-500:] or f"{module}: ended by {done.returncode}")
    return done.stdout


def work_apart(done: Callable[[bytes], bytes], *, seconds: int = MOST_SECONDS) -> None:
    """Inside: read the input, write the answer to the output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(done(sys.stdin.buffer.read()))
