"""A secret in a box that a passphrase opens: Argon2id makes a key of the passphrase, ChaCha20-Poly1305
seals the box with it.

What was used lies beside the box (salt, cost), so that a later Echodeck may ask more of the computer and
still open what an older one sealed. A wrong passphrase is told from a right one by the box's own seal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from db import faults

Randomness = Callable[[int], bytes]

_SALT, _NONCE, _KEY = 16, 12, 32
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 2 * 1024 * 1024, 64, 64


@dataclass(frozen=True, slots=True)
class Cost:
    """What a try at a passphrase costs.

    Attributes:
        memory_kib: KiB of memory. passes: over that memory. lanes: side by side.
    """

    memory_kib: int = 128 * 1024
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        """Raises: ValueError: the numbers (which may come from a file) ask for what nobody would."""
        known = (
            (self.memory_kib, 8 * self.lanes, _MOST_MEMORY_KIB),
            (self.passes, 1, _MOST_PASSES),
            (self.lanes, 1, _MOST_LANES),
        )
        if not all(isinstance(value, int) and least <= value <= most for value, least, most in known):
            raise ValueError("no cost that anybody would choose")


# 128 MiB three times over: about 0.4 s on two slow cores, and beyond RFC 9106's second recommended choice
# (64 MiB, 3 passes, 4 lanes).
COST = Cost()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed box; salt, nonce and box in hex."""

    salt: str
    nonce: str
    box: str
    cost: Cost


def seal(
    passphrase: str, secret: bytes, about: str, cost: Cost = COST, randomness: Randomness = token_bytes
) -> Sealed:
    """Seal a secret. Takes as long as `cost` asks for: not for the loop's thread.

    Args:
        about: what the box is for; it opens for nothing else.
    """
    salt, nonce = randomness(_SALT), randomness(_NONCE)
    box = ChaCha20Poly1305(stretched(passphrase, salt, cost)).encrypt(nonce, secret, about.encode())
    return Sealed(salt.hex(), nonce.hex(), box.hex(), cost)


def unseal(passphrase: str, sealed: Sealed, about: str) -> bytes:
    """What is in the box.

    Raises:
        faults.WrongPassphrase: this passphrase does not open it, or somebody changed it.
    """
    try:
        key = stretched(passphrase, bytes.fromhex(sealed.salt), sealed.cost)
        return ChaCha20Poly1305(key).decrypt(
            bytes.fromhex(sealed.nonce), bytes.fromhex(sealed.box), about.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise faults.WrongPassphrase from error


def stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The key of 32 bytes that a passphrase stands for, by Argon2id (RFC 9106).

    Blanks around it and the way its letters were put together (NFKC) make no difference.
    """
    words = unicodedata.normalize("NFKC", passphrase).strip().encode()
    derived: bytes = Argon2id(
        salt=salt, length=_KEY, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(words)
    return derived
