"""Leaving the window: a link in the browser, a folder in the file manager."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

DEVELOPER_PORTAL = "https://discord.com/developers/applications"
OLLAMA = "https://ollama.com/download"
OLLAMA_LIBRARY = "https://ollama.com/library"


def open_link(address: str) -> None:
    """Open a web page in the host's browser."""
    QDesktopServices.openUrl(QUrl(address))


def open_folder(folder: Path) -> None:
    """Show a folder in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def copy(text: str) -> None:
    """Put `text` on the clipboard."""
    QGuiApplication.clipboard().setText(text)
