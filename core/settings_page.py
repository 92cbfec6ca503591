"""docs/settings.md, written from the table of settings: `python -m core.settings_page FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from core.settings import SECTIONS, SETTINGS, Setting
from core.words import T, say

_HEAD = """# Settings

<!-- Written by `make docs` from the table in core/settings.py. Change it there. -->

Every setting can be changed on the Settings page. On a host without a window it can come from the
environment instead; the page then shows it as fixed.
"""

_ENVIRONMENT = (
    ("ECHODECK_TOKEN", T("The bot's token. It is used instead of a kept one and never written down.")),
    ("ECHODECK_KEY", T("The key of the data: 64 characters, each 0 to 9 or a to f.")),
    ("ECHODECK_KEY_FILE", T("A file that holds the key; wins over the keyring, loses to ECHODECK_KEY.")),
    ("ECHODECK_DATA_DIR", T("The data folder, when --data-dir is not given.")),
)


def page() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD]
    for section, title in SECTIONS.items():
        parts.append(f"## {say(title)}\n")
        parts.append("| setting | what it does | default | allowed | environment |\n|---|---|---|---|---|")
        parts.extend(_row(setting) for setting in SETTINGS if setting.section == section)
        parts.append("")
    parts.append("## Only in the environment\n")
    parts.append("| name | what it is |\n|---|---|")
    parts.extend(f"| `{name}` | {say(what)} |" for name, what in _ENVIRONMENT)
    return "\n".join(parts) + "\n"


def _row(setting: Setting[str] | Setting[int] | Setting[float] | Setting[bool]) -> str:
    names = " ".join(f"`{name}`" for name in setting.environment_names)
    label = say(setting.label) + (" (advanced)" if setting.advanced else "")
    cells = (label, say(setting.help), f"`{_shown(setting.default)}`", say(setting.allowed()), names)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shown(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
