"""The chunks of a PNG: text is read out of them and put into them; the picture itself is not touched."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST_TEXT = 16_000_000  # bytes of one text, unpacked
_HEAD = struct.Struct(">I4s")
_TEXT_KINDS = (b"tEXt", b"zTXt", b"iTXt")
_LONGEST_KEYWORD = 80  # bytes, its end included
_MOST_TRIES = 8  # texts that are unpacked, whatever they turn out to be


def is_png(content: bytes) -> bool:
    """Does it begin as a PNG does?"""
    return content.startswith(SIGNATURE)


def texts(content: bytes, wanted: Collection[str]) -> dict[str, bytes]:
    """The texts in a PNG of these keywords (in small letters); the first sound one of a keyword counts.

    Cards are written as `tEXt`; `zTXt` and `iTXt` are read too. Of all other texts nothing is unpacked.

    Raises:
        ValueError: it is no PNG; or there is no sound one, but one that is damaged or unpacks to more than
            LARGEST_TEXT.
    """
    if not is_png(content):
        raise ValueError("it is not a PNG")
    found: dict[str, bytes] = {}
    damaged: ValueError | None = None
    tried = 0
    for kind, data, is_sound in _chunks(content):
        keyword = data[:_LONGEST_KEYWORD].partition(b"\0")[0].decode("latin-1").lower()
        if kind not in _TEXT_KINDS or keyword not in wanted or keyword in found or tried == _MOST_TRIES:
            continue
        tried += 1
        try:
            found[keyword] = _unpacked(kind, data.partition(b"\0")[2], is_sound)
        except ValueError as error:
            damaged = error
    if not found and damaged is not None:
        raise damaged
    return found


def with_texts(content: bytes, wanted: Mapping[str, bytes]) -> bytes:
    """The picture with these texts by keyword, in the place of all texts it had.

    Raises:
        ValueError: it is no PNG, or cut off.
    """
    if not is_png(content):
        raise ValueError("it is not a PNG")
    pieces = [SIGNATURE]
    ended = False
    for kind, data, _ in _chunks(content):
        if kind == b"IEND":
            pieces += [_chunk(b"tEXt", key.encode("latin-1") + b"\0" + text) for key, text in wanted.items()]
            ended = True
        if kind not in _TEXT_KINDS:
            pieces.append(_chunk(kind, data))
    if not ended:
        raise ValueError("the picture is cut off")
    return b"".join(pieces)


def without_texts(content: bytes) -> bytes:
    """The picture alone.

    Raises:
        ValueError: it is no PNG, or cut off.
    """
    return with_texts(content, {})


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Kind, data and whether the checksum fits, up to the end or to where the file is cut off."""
    at = len(SIGNATURE)
    while at + _HEAD.size <= len(content):
        length, kind = _HEAD.unpack_from(content, at)
        end = at + _HEAD.size + length
        if end + 4 > len(content):
            return
        data = content[at + _HEAD.size : end]
        yield kind, data, zlib.crc32(kind + data) == int.from_bytes(content[end : end + 4], "big")
        if kind == b"IEND":
            return
        at = end + 4


def _chunk(kind: bytes, data: bytes) -> bytes:
    return _HEAD.pack(len(data), kind) + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _unpacked(kind: bytes, rest: bytes, is_sound: bool) -> bytes:
    if not is_sound:
        raise ValueError("a text in the picture is damaged")
    if kind == b"tEXt":
        return rest
    packed = True
    if kind == b"iTXt":  # flag, method, language, NUL, translated keyword, NUL, text
        packed, rest = rest[:1] == b"\1", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    else:  # method, text
        rest = rest[1:]
    if not packed:
        return rest
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(rest, LARGEST_TEXT)
    except zlib.error as error:
        raise ValueError("a text in the picture is damaged") from error
    if not unpacking.eof:
        raise ValueError("a text in the picture is too large, or damaged")
    return text
