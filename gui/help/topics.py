"""Which part of the guide belongs to what is seen: pages, steps of the set-up, lights of the check-up."""

from __future__ import annotations

from core.setup import Step

PAGES = {
    "session": "session",
    "practice": "practice",
    "persona": "persona",
    "memory": "memory",
    "mood": "mood",
    "people": "people",
    "training": "first-echo",
    "conversations": "conversations",
    "models": "models",
    "privacy": "your-data",
    "checkup": "troubleshooting#look-here-first",
    "safekeeping": "backups",
    "settings": "settings",
    "logs": "troubleshooting#the-log",
}

STEPS = {
    Step.WELCOME: "first-start",
    Step.TOKEN: "token",
    Step.INTENTS: "token#what-it-may-read",
    Step.INVITE: "token#invite-it-to-your-server",
    Step.BRAIN: "models",
    Step.PERSONA: "persona",
    Step.DONE: "first-start",
}

CHECKS = {
    "program": "troubleshooting#the-window-does-not-open",
    "version": "troubleshooting#the-window-does-not-open",
    "folder": "troubleshooting#the-data-folder-cannot-be-used",
    "space": "troubleshooting#the-disk-is-full",
    "key": "troubleshooting#the-key-is-missing-or-wrong",
    "keyring": "troubleshooting#the-keyring-is-locked",
    "recovery": "backups#the-recovery-passphrase",
    "store": "troubleshooting#the-data-is-damaged-or-gone",
    "backup": "backups#backups",
    "settings": "settings",
    "token": "troubleshooting#discord-does-not-accept-the-token",
    "discord": "troubleshooting#discord-cannot-be-reached",
    "intents": "troubleshooting#it-cannot-read-what-people-write",
    "permissions": "troubleshooting#it-may-not-do-something-on-the-server",
    "gateway": "troubleshooting#discord-cannot-be-reached",
    "ollama": "troubleshooting#ollama-does-not-answer",
    "loaded": "troubleshooting#replies-take-long",
    "model": "troubleshooting#there-is-no-model",
    "starter": "troubleshooting#it-talks-nonsense",
    "screen": "troubleshooting#the-window-does-not-open",
    "libraries": "troubleshooting#the-window-does-not-open",
    "clock": "troubleshooting#the-clock-is-wrong",
    "active": "speaking#in-which-channels",
    "quiet": "speaking#quiet",
    "persona": "persona",
    "talkativeness": "speaking#how-much-it-talks",
    "heard": "speaking#when-it-answers",
    "entrance": "several#who-may-talk-with-it",
    "echo": "first-echo#end-it",
}
