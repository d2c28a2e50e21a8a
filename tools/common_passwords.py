"""Rebuild the list of common passwords: `python -m tools.common_passwords`.

Takes the frequency lists that two packages ship (zxcvbn, MIT; Django, BSD-3-Clause), folds them as the portal folds
what people type, and writes portal/access/data/ with their licences. The portal itself needs neither package.
"""

import ast
import gzip
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from portal.access.rules.passwords import LIST, folded

SOURCES = {"zxcvbn": "4.5.0", "django": "5.2.19"}
LICENCES = {"zxcvbn": "LICENSE.txt", "django": "licenses/LICENSE"}
SHORTEST = 4
"""What is shorter is no word: it would refuse passphrases for one syllable."""
FAMOUS = (
    "correcthorsebatterystaple", "lamiapassword", "lamiapasswordsicura", "passwordsicura", "passwordsegreta",
    "nuovapassword", "questaeunapassword", "nonlaricordo", "nonmelaricordo", "cambiamisubito", "nelmezzodelcammin",
    "nelmezzodelcammindinostravita", "fratelliditalia", "quelramodellagodicomo", "tantovalagattaallardo",
)  # fmt: skip
"""Phrases that every attacker of an Italian portal would try too; written without blanks, as they are compared."""


def main() -> None:
    """Fetch both packages into a folder that is thrown away, and write the list."""
    with tempfile.TemporaryDirectory() as folder:
        wheels = {name: _fetch(name, version, Path(folder)) for name, version in SOURCES.items()}
        words = {folded(word) for word in (*_of_zxcvbn(wheels["zxcvbn"]), *_of_django(wheels["django"]), *FAMOUS)}
        _write(words)
        _write_licences(wheels)


def _fetch(name: str, version: str, folder: Path) -> zipfile.ZipFile:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*command, f"{name}=={version}"], check=True)
    return zipfile.ZipFile(next(folder.glob(f"{name}-{version}-*.whl")))


def _of_zxcvbn(wheel: zipfile.ZipFile) -> list[str]:
    """The longest text under the key "passwords" of the module that holds the lists; it is read, not run."""
    tree = ast.parse(wheel.read("zxcvbn/frequency_lists.py").decode())
    lists = next(node for node in ast.walk(tree) if isinstance(node, ast.Dict))
    kept = {ast.literal_eval(key): value for key, value in zip(lists.keys, lists.values, strict=True) if key}
    texts = [node.value for node in ast.walk(kept["passwords"]) if isinstance(node, ast.Constant)]
    return max((text for text in texts if isinstance(text, str)), key=len).split(",")


def _of_django(wheel: zipfile.ZipFile) -> list[str]:
    return gzip.decompress(wheel.read("django/contrib/auth/common-passwords.txt.gz")).decode().split()


def _write(words: Iterable[str]) -> None:
    lines = "\n".join(sorted(word for word in words if len(word) >= SHORTEST)) + "\n"
    packed = gzip.compress(lines.encode(), 9, mtime=0)
    LIST.parent.mkdir(exist_ok=True)
    LIST.write_bytes(packed)
    print(f"{LIST.name}: {lines.count(chr(10))} passwords, sha256 {hashlib.sha256(packed).hexdigest()[:16]}")


def _write_licences(wheels: dict[str, zipfile.ZipFile]) -> None:
    parts = [
        "The list beside this file is made by tools/common_passwords.py from the frequency lists of these packages.\n"
    ]
    for name, wheel in wheels.items():
        path = f"{name}-{SOURCES[name]}.dist-info/{LICENCES[name]}"
        parts.append(f"---- {name} {SOURCES[name]} ----\n\n{wheel.read(path).decode().strip()}\n")
    (LIST.parent / "LICENCES.txt").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
