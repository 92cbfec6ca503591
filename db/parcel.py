"""Everything of a data folder in one file that a passphrase opens, for moving to another computer.

    line 1   ECHODECK-PARCEL 1
    line 2   JSON: salt and cost of the passphrase, the first half of the nonces
    the rest pieces of 1 MiB, each sealed with ChaCha20-Poly1305; a piece knows its number and whether it
             is the last, so that none can be left out, swapped or cut off (the STREAM construction)

Inside lies a tar archive: `parcel.json` (with the store's key), a copy of the store, and the other files
of the folder. Whoever has the passphrase has everything; without it the file is noise.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from secrets import token_bytes
from typing import IO, Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from db import faults
from db.complaints import fault_of
from db.sealing import COST, Cost, stretched

ENDING = "echodeck"
_MAGIC = b"ECHODECK-PARCEL 1\n"
_NOTE, _HEAD = "parcel.json", "header.json"
_PIECE = 1024 * 1024
_TAG = 16
_LONGEST_HEAD = 4096

# What is not taken along: it is made anew, belongs to this computer, or is the store itself.
_LEFT_HERE = ("backups", "damaged", "set-aside", "logs", "lock", "store.json", "window.ini")
_LEFT_BEGINNINGS = ("echodeck.db", "store.key", ".")
_LEFT_ENDINGS = (".partial", ".sock")


@dataclass(frozen=True, slots=True)
class Note:
    """What a parcel says of itself.

    Attributes:
        key: of the store in it, in hex; never shown. made_at: when, in ISO 8601. version: of Echodeck.
    """

    key: str
    made_at: str
    version: str
    counts: dict[str, int]

    def __repr__(self) -> str:
        return f"Note(made_at={self.made_at!r}, version={self.version!r}, counts={self.counts!r})"


def pack(
    target: Path,
    folder: Path,
    store: Path,
    note: Note,
    passphrase: str,
    head: Path | None = None,
    cost: Cost = COST,
    randomness: Callable[[int], bytes] = token_bytes,
) -> int:
    """Make a parcel; answers its size in bytes. It has its name only once all of it is on the disk.

    Args:
        folder: the data folder. store: the copy of the store to put in. head: the store's header.

    Raises:
        faults.FolderUnusable, faults.DiskFull
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        with partial.open("wb") as file:
            with (
                closing(_Sealing(file, passphrase, cost, randomness)) as sealed,
                tarfile.open(fileobj=cast(IO[bytes], sealed), mode="w|") as archive,
            ):
                _put(archive, _NOTE, json.dumps(asdict(note)).encode())
                if head is not None:
                    archive.add(head, _HEAD, filter=_plain)
                archive.add(store, "echodeck.db", filter=_plain)
                for path in _along(folder):
                    archive.add(path, f"files/{path.relative_to(folder).as_posix()}", filter=_plain)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o600)
        partial.replace(target)
    except OSError as error:
        raise fault_of(error) from error
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def unpack(parcel: Path, passphrase: str, into: Path) -> Note:
    """Open a parcel into an empty folder: `echodeck.db`, `header.json` and `files/…`; answers its note.

    Raises:
        faults.NoParcel, faults.WrongPassphrase, faults.FolderUnusable, faults.DiskFull
    """
    note: Note | None = None
    try:
        with (
            parcel.open("rb") as file,
            tarfile.open(
                fileobj=cast(IO[bytes], _Opened(file, passphrase, str(parcel))), mode="r|"
            ) as archive,
        ):
            for member in archive:
                if not member.isfile() or not _is_ours(member.name):
                    continue
                content = archive.extractfile(member)
                assert content is not None
                if member.name == _NOTE:
                    note = Note(**json.loads(content.read()))
                    continue
                target = into / PurePosixPath(member.name)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with target.open("wb") as out:
                    while piece := content.read(_PIECE):
                        out.write(piece)
                target.chmod(0o600)
    except (tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise faults.NoParcel(path=str(parcel)) from error
    except OSError as error:
        raise fault_of(error) from error
    if note is None or not (into / "echodeck.db").exists():
        raise faults.NoParcel(path=str(parcel))
    return note


def look(parcel: Path, passphrase: str) -> Note:
    """A parcel's note, without reading the rest.

    Raises:
        faults.NoParcel, faults.WrongPassphrase, faults.FolderUnusable
    """
    try:
        with (
            parcel.open("rb") as file,
            tarfile.open(
                fileobj=cast(IO[bytes], _Opened(file, passphrase, str(parcel))), mode="r|"
            ) as archive,
        ):
            first = archive.next()
            content = archive.extractfile(first) if first is not None and first.name == _NOTE else None
            if content is None:
                raise faults.NoParcel(path=str(parcel))
            return Note(**json.loads(content.read()))
    except (tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise faults.NoParcel(path=str(parcel)) from error
    except OSError as error:
        raise fault_of(error) from error


def is_parcel(path: Path) -> bool:
    """Does this file begin like one?"""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


class _Sealing:
    """Writes pieces, each sealed, to a file."""

    def __init__(
        self, file: IO[bytes], passphrase: str, cost: Cost, randomness: Callable[[int], bytes]
    ) -> None:
        salt, self._first = randomness(16), randomness(7)
        head = {"salt": salt.hex(), "nonce": self._first.hex(), "cost": asdict(cost)}
        file.write(_MAGIC + json.dumps(head).encode() + b"\n")
        self._file = file
        self._cipher = ChaCha20Poly1305(stretched(passphrase, salt, cost))
        self._number = 0
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > _PIECE:  # one is always held back: it may be the last
            self._put(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._first, self._number, last), piece, None))
        self._number += 1


class _Opened(io.RawIOBase):
    """Reads what `_Sealing` wrote.

    Raises:
        faults.NoParcel: it is none, or is not whole. faults.WrongPassphrase
    """

    def __init__(self, file: IO[bytes], passphrase: str, name: str) -> None:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise faults.NoParcel(path=name)
        try:
            head = json.loads(file.readline(_LONGEST_HEAD))
            key = stretched(passphrase, bytes.fromhex(head["salt"]), Cost(**head["cost"]))
            self._first = bytes.fromhex(head["nonce"])
        except (ValueError, KeyError, TypeError) as error:
            raise faults.NoParcel(path=name) from error
        self._file, self._name = file, name
        self._cipher = ChaCha20Poly1305(key)
        self._number = 0
        self._ended = False
        self._ahead = file.read(_PIECE + _TAG)
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._ended:
            self._ready = self._next()
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def _next(self) -> bytes:
        piece, self._ahead = self._ahead, self._file.read(_PIECE + _TAG)
        last = not self._ahead
        try:
            opened = self._cipher.decrypt(_nonce(self._first, self._number, last), piece, None)
        except InvalidTag as error:
            fault = faults.NoParcel(path=self._name) if self._number else faults.WrongPassphrase()
            raise fault from error
        self._number += 1
        self._ended = last
        return opened


def _nonce(first: bytes, number: int, last: bool) -> bytes:
    return first + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _along(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        left = path.name in _LEFT_HERE or path.name.startswith(_LEFT_BEGINNINGS)
        if not left and not path.name.endswith(_LEFT_ENDINGS):
            yield path


def _is_ours(name: str) -> bool:
    """A name that leads nowhere else: of a file that we put in."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        return False
    if name in (_NOTE, _HEAD, "echodeck.db"):
        return True
    inside = path.parts[0] == "files" and len(path.parts) > 1
    return inside and path.parts[1] not in _LEFT_HERE and not path.parts[1].startswith(_LEFT_BEGINNINGS)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files and folders only, and nothing of whose they were."""
    if not (member.isfile() or member.isdir()):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
