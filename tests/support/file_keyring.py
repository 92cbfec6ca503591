"""A keyring that outlives its process: what it keeps lies in a file."""

from __future__ import annotations

import json
from pathlib import Path


class FileKeyring:
    """A keyring for tests that kill the program."""

    priority = 5

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def kept(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._put(self.kept | {username: password})

    def delete_password(self, service: str, username: str) -> None:
        self._put({name: kept for name, kept in self.kept.items() if name != username})

    def _put(self, kept: dict[str, str]) -> None:
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps(kept))
        partial.replace(self._path)
