"""Addresses of static files, looked up once: a page names two dozen of them."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # ships none
    """Hashed, compressed files; what a name leads to does not change while a process lives."""

    @lru_cache(maxsize=1024)  # noqa: B019  (one storage a process)
    def url(self, name: str | None, force: bool = False) -> str:
        """The address under which the file with its hash is served."""
        address: str = super().url(name, force)
        return address
