"""Fail when a catalogue lacks a message of the sources, keeps a stale one, or holds a fuzzy or broken one."""

import sys
from collections.abc import Iterator

from babel.messages import Catalog, Message

from tools.messages import LANGUAGES, extracted, path_of, read


def faults(language: str, sources: Catalog, catalogue: Catalog) -> Iterator[str]:
    """One line for each fault of a catalogue."""
    wanted = {key(message): message for message in sources if message.id}
    present = {key(message): message for message in catalogue if message.id}
    for missing in sorted(wanted.keys() - present.keys()):
        yield f"{language}: not in the catalogue: {missing!r}"
    for stale in sorted(present.keys() - wanted.keys()):
        yield f"{language}: no longer in the sources: {stale!r}"
    for name, message in sorted(present.items()):
        yield from (f"{language}: {fault}: {name!r}" for fault in faults_of(message, catalogue))


def faults_of(message: Message, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with one message."""
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(strings):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    yield from (str(error) for error in message.check(catalogue))


def key(message: Message) -> str:
    """The text that names a message: its singular."""
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def main() -> int:
    """Print the faults; 1 when there is any."""
    sources = extracted()
    found = [
        fault
        for language in LANGUAGES
        for fault in (
            faults(language, sources, read(language))
            if path_of(language).exists()
            else [f"{language}: no catalogue at {path_of(language).name}"]
        )
    ]
    if found:
        print(*found, f"{len(found)} faults. `make messages` brings the catalogues up to date.", sep="\n")
    else:
        print(f"translations: {len(sources)} messages, {', '.join(LANGUAGES)} complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
