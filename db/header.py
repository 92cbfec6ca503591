"""The small file beside the store that says which store it is and where its key is kept.

It holds no secret: the key's fingerprint is a keyed hash of 32 random bytes, which tells nothing of
them. It is what tells a wrong key from a damaged first page.
"""

from __future__ import annotations

import hmac
import json
import os
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from db import faults
from db.complaints import fault_of
from db.sealing import Cost, Sealed

HEADER_FILE = "store.json"


class KeySource(StrEnum):
    """Where a store's key is kept."""

    ENVIRONMENT = "environment"
    ENVIRONMENT_FILE = "environment file"
    KEYRING = "keyring"
    KEY_FILE = "key file"


@dataclass(frozen=True, slots=True)
class Turning:
    """The journal of a change of keys: while it stands here, either key may be the one that opens.

    Attributes:
        fingerprint: tells whether a key is the new one.
        recovery: the new key in a box of its own, when there is a recovery passphrase.
    """

    fingerprint: str
    recovery: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a store before it is opened.

    Attributes:
        store: the store's id, by which the keyring names its key.
        source: where the key is kept; never changed by itself.
        keyring: the name of the keyring's backend, or empty.
        created: when, in ISO 8601.
        fingerprint: tells whether a key is this store's.
        schema: the schema last written; 0 until the store was first made.
        said: the host was told that the key lies in a file.
        recovery: the key once more, in a box that the recovery passphrase opens; None without one.
        turning: the key is being changed.
        reminded: the host was told what a recovery passphrase is for.
    """

    store: str
    source: KeySource
    keyring: str
    created: str
    fingerprint: str
    schema: int = 0
    said: bool = False
    recovery: Sealed | None = None
    turning: Turning | None = None
    reminded: bool = False

    def fits(self, key: bytes) -> bool:
        """Is this the store's key?"""
        return hmac.compare_digest(self.fingerprint, fingerprint(self.store, key))

    def will_fit(self, key: bytes) -> bool:
        """Is this the key that it is being changed to?"""
        turning = self.turning
        return turning is not None and hmac.compare_digest(turning.fingerprint, fingerprint(self.store, key))


def fresh(source: KeySource, keyring: str, key: bytes, at: datetime, schema: int = 0) -> Header:
    """The header of a store under a new id; `schema` is 0 when the store is yet to be made."""
    store = str(uuid.uuid4())
    return Header(store, source, keyring, at.isoformat(), fingerprint(store, key), schema)


def fingerprint(store: str, key: bytes) -> str:
    """The first 64 bits of HMAC-SHA-256 of the store's id under its key, in hex."""
    return hmac.digest(key, f"echodeck store {store}".encode(), "sha256")[:8].hex()


def read(folder: Path) -> Header | None:
    """The folder's header, or None when there is none.

    Raises:
        faults.FolderUnusable: it is there and cannot be read.
    """
    return read_file(folder / HEADER_FILE)


def read_file(path: Path) -> Header | None:
    """A header in a file of this name, or None when there is none; backups carry one along.

    Raises:
        faults.FolderUnusable: it is there and cannot be read.
    """
    try:
        values = json.loads(path.read_text("utf-8"))
        return Header(
            **{
                **values,
                "source": KeySource(values["source"]),
                "recovery": _sealed(values.get("recovery")),
                "turning": _turning(values.get("turning")),
            }
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise faults.FolderUnusable(detail=f"{path.name}: {error}") from error


def _sealed(values: dict[str, Any] | None) -> Sealed | None:
    return None if values is None else Sealed(**{**values, "cost": Cost(**values["cost"])})


def _turning(values: dict[str, Any] | None) -> Turning | None:
    return None if values is None else Turning(values["fingerprint"], _sealed(values["recovery"]))


def write(folder: Path, header: Header) -> None:
    """Put a header beside the store, whole or not at all.

    Raises:
        faults.FolderUnusable
    """
    write_file(folder / HEADER_FILE, header)


def write_file(path: Path, header: Header) -> None:
    """Put a header into a file of this name, whole or not at all.

    Raises:
        faults.FolderUnusable
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(header), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise fault_of(error) from error


def note_schema(folder: Path, schema: int) -> None:
    """Write down the schema that the store has now, where there is a header."""
    header = read(folder)
    if header is not None and header.schema != schema:
        write(folder, replace(header, schema=schema))


def note_said(folder: Path) -> None:
    """The host was told that the key lies in a file; they need not hear it again."""
    header = read(folder)
    if header is not None and not header.said:
        write(folder, replace(header, said=True))
