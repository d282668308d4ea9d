"""What a backup says of itself, and the backups of a folder.

A backup is a folder ``yiwang-<instance>-<time>``: ``manifest.json``, the database, ``files/`` with
``files.sha256`` (which ``sha256sum -c`` reads), and ``keys/`` unless they are kept apart.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, LIST, FILES, KEYS = "manifest.json", "files.sha256", "files", "keys"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_NAME = re.compile(r"yiwang-(?P<instance>[0-9a-f]{8})-(?P<at>\d{8}T\d{6}Z)")
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Trail:
    """The trail in a backup: how many entries, the newest, and one digest over all of theirs."""

    entries: int
    newest: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Sizes in bytes, digests in SHA-256, moments in UTC. ``keys``: the fingerprint of each."""

    instance: str
    at: str
    program: str
    database: str
    database_version: str
    database_size: int
    database_digest: str
    files: int
    files_size: int
    files_new: int
    files_digest: str
    trail: Trail
    counts: dict[str, int]
    migrations: list[str]
    keys: dict[str, str]
    keys_included: bool
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Into the folder of the backup."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises ``OSError``, ``ValueError`` or ``TypeError`` for what is no manifest of ours."""
        values: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return cls(**{**values, "trail": Trail(**values["trail"])})


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup by its name alone: where it is, and of which moment."""

    folder: Path
    at: datetime


def name_of(instance: str, at: datetime) -> str:
    """What the folder of a backup is called."""
    return f"yiwang-{instance}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def backups_in(target: Path, instance: str) -> list[Kept]:
    """The finished backups of an instance, newest first; empty where the folder is not there."""
    names = target.iterdir() if target.is_dir() else ()
    found = [(folder, _NAME.fullmatch(folder.name)) for folder in names]
    kept = [Kept(folder, datetime.strptime(match["at"], "%Y%m%dT%H%M%S%z"))
            for folder, match in found if match and match["instance"] == instance]
    return sorted(kept, key=lambda one: one.at, reverse=True)


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def size_of(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
