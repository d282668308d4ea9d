"""The keys of an instance in a backup: whoever holds them reads its sealed personal data."""

import hashlib
import shutil
from pathlib import Path

SIGNING = "signing"


def fingerprints(folder: Path) -> dict[str, str]:
    """By name, enough of a digest to tell keys apart and too little to find one."""
    if not folder.is_dir():
        return {}
    return {path.name: _short(path.read_bytes()) for path in sorted(folder.iterdir())
            if path.is_file() and "." not in path.name}


def instance_of(folder: Path) -> str:
    """What an instance is known by: eight hexadecimal digits made from its signing key."""
    return fingerprints(folder).get(SIGNING, "0" * 8)


def copy_keys(source: Path, target: Path) -> None:
    """Every key, readable by its owner alone."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in fingerprints(source):
        draft = target / f"{name}.new"
        draft.touch(mode=0o600)
        shutil.copyfile(source / name, draft)
        draft.replace(target / name)


def _short(key: bytes) -> str:
    return hashlib.sha256(b"yiwang instance " + key).hexdigest()[:8]
