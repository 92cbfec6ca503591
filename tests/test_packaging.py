"""What a packaged program brings along and says about itself, as far as is seen without building it."""

from __future__ import annotations

import plistlib
import re
import struct
from pathlib import Path

import pytest

from core import VERSION
from tools import make_icons, version_resource

HOUSE = Path(__file__).resolve().parent.parent
SPEC = (HOUSE / "pyinstaller.spec").read_text("utf-8")


@pytest.fixture
def icons(tmp_path: Path, qapp: object) -> Path:
    make_icons.main(tmp_path)
    return tmp_path


def test_windows_finds_an_icon_of_every_size(icons: Path) -> None:
    kept = (icons / "echodeck.ico").read_bytes()
    reserved, kind, number = struct.unpack_from("<HHH", kept)
    assert (reserved, kind, number) == (0, 1, len(make_icons.ICO_SIZES))
    for at, size in enumerate(make_icons.ICO_SIZES):
        width, _, _, _, _, bits, length, start = struct.unpack_from("<BBBBHHII", kept, 6 + 16 * at)
        assert (width or 256, bits) == (size, 32)
        assert kept[start : start + 8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack_from(">II", kept, start + 16) == (size, size)
        assert start + length <= len(kept)


def test_macos_finds_an_icon_of_every_size(icons: Path) -> None:
    kept = (icons / "echodeck.icns").read_bytes()
    assert kept[:4] == b"icns"
    assert struct.unpack_from(">I", kept, 4) == (len(kept),)
    found, at = {}, 8
    while at < len(kept):
        name, length = struct.unpack_from(">4sI", kept, at)
        found[name] = struct.unpack_from(">I", kept, at + 8 + 16)[0]
        at += length
    assert found == make_icons.ICNS_SIZES


@pytest.mark.parametrize(
    ("version", "four"),
    [
        ("0.1.0", (0, 1, 0, 0)),
        ("2.10", (2, 10, 0, 0)),
        ("1.2.3rc4", (1, 2, 34, 0)),
        ("1.2.3.4.5", (1, 2, 3, 4)),
    ],
)
def test_a_version_is_four_numbers_to_windows(version: str, four: tuple[int, ...]) -> None:
    assert version_resource.numbers(version) == four


def test_windows_is_told_name_and_version() -> None:
    told = version_resource.for_windows()
    made: dict[str, str] = {}

    def struct_(key: str, value: str) -> None:
        made[key] = value

    known = {"StringStruct": struct_, "VSVersionInfo": dict, "FixedFileInfo": dict}
    others = ("StringFileInfo", "StringTable", "VarFileInfo", "VarStruct")
    eval(told, known | {name: lambda *_: None for name in others})  # as PyInstaller reads it
    assert made["ProductVersion"] == made["FileVersion"] == VERSION
    assert made["ProductName"] == made["FileDescription"] == "Echodeck"


def test_macos_is_told_name_and_version_and_shows_a_window() -> None:
    keys = plistlib.loads(plistlib.dumps(version_resource.for_macos()))
    assert keys["CFBundleShortVersionString"] == VERSION
    assert keys["CFBundleDisplayName"] == "Echodeck"
    assert keys["LSBackgroundOnly"] is False
    assert keys["NSHighResolutionCapable"] is True


def test_the_program_brings_everything_along_that_lies_beside_the_code() -> None:
    for brought in ('("resources", "resources")', "*guide()", "db/migrations/*.py", "*.gguf"):
        assert brought in SPEC
    for told in ("icon=", "version=", "info_plist=for_macos()"):
        assert told in SPEC


def test_pictures_of_the_guide_are_there() -> None:
    for page in (HOUSE / "docs").glob("*.md"):
        for place in re.findall(r"\]\(([\w/.-]+\.png)\)", page.read_text("utf-8")):
            assert (page.parent / place).is_file(), f"{page.name} shows {place}"
