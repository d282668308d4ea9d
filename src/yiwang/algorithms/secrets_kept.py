"""Writing a key so that neither a power cut nor a second process leaves half of one."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp


def keep_secret(path: Path, content: bytes, *, first: bool) -> None:
    """All of ``content`` or none, on the disk before anybody finds it, for its owner alone.

    ``first``: where the file is there meanwhile, it stands; otherwise it is replaced.
    """
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handle, name = mkstemp(prefix=f"{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _put(draft, path, first=first)
    finally:
        draft.unlink(missing_ok=True)
    sync_names(path.parent)


def _put(draft: Path, path: Path, *, first: bool) -> None:
    if not first:
        draft.replace(path)
        return
    with suppress(FileExistsError):
        os.link(draft, path)


def sync_names(folder: Path) -> None:
    """Let the names in a folder be on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
