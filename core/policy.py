"""The privacy policy, made from the settings in force: it says what this copy of the program does, and
changes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.keeping import CONTACT, KEEP_ARCHIVE, KEEP_LOGS, KEEP_MESSAGES, KEEP_TRACES
from core.settings import CONVERSATION_FILES, OLLAMA_HOST, SEARCH_URL, Settings
from core.words import T, Text, say

_AT_HOME = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the sentences below it."""

    heading: Text
    lines: tuple[Text, ...]


async def in_force(settings: Settings, name: str = "") -> tuple[Section, ...]:
    """The policy by the settings of this moment; see `policy`."""
    return policy(await settings.every(), name)


def policy(values: Mapping[str, Any], name: str = "") -> tuple[Section, ...]:
    """The policy.

    Args:
        values: the settings in force, by key. name: the bot's name, when it is known.
    """
    return (
        _about(values, name),
        Section(T("What is kept"), _kept(values)),
        Section(T("For how long"), _how_long(values)),
        Section(T("Where it lies and who reads it"), _where(values)),
        Section(T("What it is not used for"), _not_for()),
        Section(T("What you can do"), _rights()),
    )


def as_text(sections: tuple[Section, ...]) -> str:
    """In the current language, as Markdown: headings with #, a sentence a line."""
    return "\n\n".join(
        f"## {say(section.heading)}\n\n" + "\n".join(f"- {say(line)}" for line in section.lines)
        for section in sections
    )


def _about(values: Mapping[str, Any], name: str) -> Section:
    who = (
        T("{name} is a bot that talks like a person and remembers what was said to it.", name=name)
        if name
        else T("This is a bot that talks like a person and remembers what was said to it.")
    )
    contact = str(values[CONTACT.key]).strip()
    run = (
        T("One person runs it on their own computer. They can be reached here: {contact}.", contact=contact)
        if contact
        else T("One person runs it on their own computer. Ask those who run this server who that is.")
    )
    return Section(T("Who this is about"), (who, run))


def _kept(values: Mapping[str, Any]) -> tuple[Text, ...]:
    lines = [
        T("Messages in channels it can read, with author, time and place, so that it can follow a talk."),
        T("What it makes of them: facts about people, memories of talks, and what it felt about both."),
        T("How each reply came about, so that the person who runs it can see why it said something."),
        T("What commands leave behind: reminders, settings, warnings, tickets."),
        T("No health, religion, politics, sexuality or origin is inferred, nor who knows whom."),
    ]
    if values[CONVERSATION_FILES.key]:
        lines.append(T("Finished conversations also lie as plain, unencrypted files on that computer."))
    return tuple(lines)


def _how_long(values: Mapping[str, Any]) -> tuple[Text, ...]:
    return (
        _span(
            values[KEEP_MESSAGES.key],
            T("Messages are kept until somebody deletes them: on Discord, or here."),
            T("Messages are deleted after one day, and with them what was learnt from them alone."),
            T("Messages are deleted after {days} days, and with them what was learnt from them alone."),
        ),
        _span(
            values[KEEP_ARCHIVE.key],
            T("Finished conversations are kept as long as the messages in them may be."),
            T("Finished conversations are deleted after one day."),
            T("Finished conversations are deleted after {days} days."),
        ),
        _span(
            values[KEEP_TRACES.key],
            T("How a reply came about is kept as long as the turn itself."),
            T("Of how a reply came about only figures are left after one day."),
            T("Of how a reply came about only figures are left after {days} days."),
        ),
        _span(
            values[KEEP_LOGS.key],
            T("The program's log holds no messages; it is overwritten when it is full."),
            T("The program's log holds no messages; its lines are deleted after one day."),
            T("The program's log holds no messages; its lines are deleted after {days} days."),
        ),
        T("Safety copies are encrypted and thinned out. Who is erased is erased there too, by night."),
    )


def _where(values: Mapping[str, Any]) -> tuple[Text, ...]:
    lines = [
        T("Everything lies encrypted on the computer of whoever runs it, who alone can read it."),
        _brain(str(values[OLLAMA_HOST.key])),
        T("Discord carries the messages and keeps them by its own policy: https://discord.com/privacy"),
    ]
    if values[SEARCH_URL.key]:
        lines.append(
            T(
                "When it looks something up on the web, the words it searches for go to {host}.",
                host=_host(str(values[SEARCH_URL.key])),
            )
        )
    return tuple(lines)


def _not_for() -> tuple[Text, ...]:
    return (
        T("No model is trained with what people write on Discord."),
        T("Nothing is sold, shared, or used for advertising."),
        T("Nobody is imitated without their own yes; it can be taken back, and all of it goes then."),
    )


def _rights() -> tuple[Text, ...]:
    return (
        T("/privacy kept shows in numbers what is kept of you; /privacy export sends you all of it."),
        T("/privacy opt-out: nothing you write is kept or answered. /privacy opt-in takes it back."),
        T("/privacy delete erases everything about you. It cannot be undone."),
        T("Delete a message on Discord, and what was learnt from it alone goes too."),
        T("/privacy report tells the person who runs it that something is wrong."),
    )


def _brain(address: str) -> Text:
    host = _host(address)
    if host in _AT_HOME:
        return T("Replies are written by a model on that same computer; nothing is sent to a cloud.")
    return T("A model on another computer, {host}, writes the replies and reads what it answers.", host=host)


def _host(address: str) -> str:
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or address
    except ValueError:
        return address


def _span(days: int, ever: Text, one: Text, many: Text) -> Text:
    if not days:
        return ever
    return one if days == 1 else Text(many.key, {"days": days})
