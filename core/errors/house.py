"""What can go wrong with the app itself."""

from __future__ import annotations

from core.errors.base import EchodeckError
from core.words import T


class AlreadyRunning(EchodeckError):
    sentence = T("Echodeck is already running with this data folder.").key
    next_step = T("Use the window that is open, or close it first.").key
    topic = "troubleshooting#the-data-folder-cannot-be-used"


class FolderUnusable(EchodeckError):
    sentence = T("The data folder {path} cannot be used: {detail}.").key
    next_step = T("Choose another folder with --data-dir, or free the folder.").key
    topic = "troubleshooting#the-data-folder-cannot-be-used"


class SystemLibraryMissing(EchodeckError):
    sentence = T("A system library that the window needs is missing: {package}.").key
    next_step = T("Install it with: sudo apt install {package}").key
    topic = "troubleshooting#the-window-does-not-open"


class AutostartRefused(EchodeckError):
    sentence = T("The list of what starts with the computer could not be changed: {detail}.").key
    next_step = T("Add or remove Echodeck in the computer's own settings.").key
    topic = "troubleshooting#it-does-not-start-with-the-computer"


class NoScreen(EchodeckError):
    sentence = T("There is no screen here, so the window cannot open.").key
    next_step = T("Use the practice chat (main.py chat) or host without a window (main.py --headless).").key
    topic = "troubleshooting#the-window-does-not-open"


class Unexpected(EchodeckError):
    sentence = T("Something unexpected happened ({name}).").key
    next_step = T("Open Logs for the details. Nothing was lost.").key
    topic = "troubleshooting#something-unexpected-happened"
