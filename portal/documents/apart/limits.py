"""What a process apart may use: little time and memory, no environment, nothing to reach but its two pipes."""

import resource
import sys
from collections.abc import Callable

MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 40


def work(done: Callable[[bytes], bytes]) -> None:
    """Read the file from the input, write the answer to the output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(done(sys.stdin.buffer.read()))
