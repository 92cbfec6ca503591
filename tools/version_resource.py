"""What a packaged program says about itself to Windows (a version resource) and to macOS (Info.plist)."""

from __future__ import annotations

from typing import Any

from core import VERSION

NAME = "Echodeck"
ABOUT = "A human-like Discord persona, hosted on your own computer"
COPYRIGHT = "The Echodeck authors, MIT licence"
IDENTIFIER = "io.github.echodeck.Echodeck"


def numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """A version as Windows counts: four numbers."""
    parts = [int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")[:4]]
    first, second, third, fourth = (*parts, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def for_windows(version: str = VERSION) -> str:
    """The text of a version file, as PyInstaller reads it."""
    said = {
        "CompanyName": COPYRIGHT.split(",")[0],
        "FileDescription": NAME,  # what the task manager and the firewall show
        "FileVersion": version,
        "InternalName": NAME.lower(),
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{NAME.lower()}.exe",
        "ProductName": NAME,
        "ProductVersion": version,
        "Comments": ABOUT,
    }
    structs = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in said.items())
    four = numbers(version)
    return (
        "VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, flags=0x0, OS=0x40004,\n"
        "    fileType=0x1, subtype=0x0, date=(0, 0)),\n"
        f"  kids=[StringFileInfo([StringTable('040904B0', [{structs}])]),\n"
        "    VarFileInfo([VarStruct('Translation', [1033, 1200])])],\n"
        ")\n"
    )


def for_macos(version: str = VERSION) -> dict[str, Any]:
    """The keys of Info.plist. `LSBackgroundOnly`: a program with a console is none to PyInstaller."""
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleLocalizations": ["en", "de", "es"],
        "LSApplicationCategoryType": "public.app-category.social-networking",
        "LSBackgroundOnly": False,
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": COPYRIGHT,
        "NSSupportsAutomaticGraphicsSwitching": True,
    }
