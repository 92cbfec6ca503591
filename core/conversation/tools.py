"""Everyday tools: the time, dice, a poll, reminders, and what there is to know about the server."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated, Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from core.clock import Clock
from core.conversation.guarding import fit_to_say
from core.conversation.message import Place
from core.conversation.saying import keep_own, say_in
from core.conversation.toolbox import Arguments, At, Nothing, Refused, Tool, on_servers_only
from core.errors import PermissionMissing
from core.figures import day_for_a_model, weekday_for_a_model
from core.safety.clean import one_line
from db import channels, reminders
from db.reminders import StoredReminder

MOST_REMINDERS = 20  # open ones of one person
LONGEST_WAIT = timedelta(days=365)
_DICE = re.compile(r"\s*(\d{0,2})\s*[dw]\s*(\d{1,4})\s*([+-]\s*\d{1,4})?\s*", re.IGNORECASE)
_MARKS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟")

_POSTED = "The poll has been posted. Do not repeat its options."

log = logging.getLogger(__name__)

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=55)]


@runtime_checkable
class PollDoor(Protocol):
    """A door that has polls of its own."""

    async def poll(
        self, place: Place, question: str, options: Sequence[str], hours: int, nonce: str
    ) -> int: ...


@runtime_checkable
class ServerDoor(Protocol):
    """A door that knows more about a server than its channels: plain words and numbers."""

    def server(self, place: Place) -> dict[str, Any]: ...


# --- the time ---------------------------------------------------------------------------------------------


class TimeWanted(Arguments):
    zone: Annotated[str, Field(max_length=60, description="IANA name, e.g. Europe/Berlin; empty: here")] = ""


async def _time(takes: TimeWanted, at: At) -> str:
    zone = _zone(takes.zone) if takes.zone else at.desk.zone
    now = at.desk.clock.now().astimezone(zone)
    today = f"{weekday_for_a_model(now)}, {day_for_a_model(now)}"
    return f"{today}, {now:%H:%M} ({takes.zone or now.tzname() or 'here'})"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(f"there is no time zone called {name}") from error


# --- chance -----------------------------------------------------------------------------------------------


class Dice(Arguments):
    dice: Annotated[str, Field(max_length=20, description="e.g. d6, 2d20 or 3d6+2")] = "d6"


class Options(Arguments):
    options: Annotated[list[Short], Field(min_length=2, max_length=50, description="what to choose from")]


async def _roll(takes: Dice, at: At) -> str:
    read = _DICE.fullmatch(takes.dice)
    count, sides = (int(read[1] or 1), int(read[2])) if read else (0, 0)
    if read is None or not 1 <= count <= 20 or sides < 2:
        raise Refused("write dice like 2d6+1: at most 20 dice, with 2 sides or more")
    more = int(read[3].replace(" ", "")) if read[3] else 0
    rolled = [at.desk.chance.randint(1, sides) for _ in range(count)]
    return f"{takes.dice}: {', '.join(map(str, rolled))}; together {sum(rolled) + more}"


async def _choose(takes: Options, at: At) -> str:
    return at.desk.chance.choice(takes.options)


# --- a poll -----------------------------------------------------------------------------------------------


class Poll(Arguments):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    options: Annotated[list[Short], Field(min_length=2, max_length=10)]
    hours: Annotated[int, Field(ge=1, le=168, description="how long it is open")] = 24


async def _poll(takes: Poll, at: At) -> str:
    question, *options = [await _sayable(each, at) for each in (takes.question, *takes.options)]
    nonce = f"{at.turn_id}p"
    rows = "\n".join(f"{mark} {option}" for mark, option in zip(_MARKS, options, strict=False))
    text = f"**{question}**\n{rows}"
    active = await at.desk.personas.active()
    name = active.persona.name if active is not None else ""
    if isinstance(at.door, PollDoor):
        try:
            posted = await at.door.poll(at.place, question, options, takes.hours, nonce)
        except PermissionMissing:
            log.info("there is no right to post polls in %s; it becomes a message", at.place.channel_id)
        else:
            await keep_own(at.place, posted, text, at.door, at.desk, name)
            return _POSTED
    await say_in(at.place, text, nonce, at.door, at.desk, name)
    return _POSTED


async def _sayable(text: str, at: At) -> str:
    fit = await fit_to_say(one_line(text), at.desk)
    if fit is None:
        raise Refused("this must not be posted")
    return fit


# --- reminders --------------------------------------------------------------------------------------------


class Reminder(Arguments):
    what: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    in_minutes: Annotated[int | None, Field(ge=1, le=525_600, description="from now; or give `when`")] = None
    when: Annotated[
        str | None, Field(max_length=25, description="local time, e.g. 2026-01-06 18:00, or 18:00")
    ] = None


class Number(Arguments):
    number: Annotated[int, Field(ge=1, description="its number in the list of reminders")]


async def _remind(takes: Reminder, at: At) -> str:
    due = _due(takes, at.desk.clock, at.desk.zone)
    mine = await _mine(at)
    if len(mine) >= MOST_REMINDERS:
        raise Refused(f"they have {MOST_REMINDERS} reminders already")
    place, asker = at.place, at.asker
    reminder = StoredReminder(
        place.realm,
        place.guild_id,
        place.channel_id,
        place.channel_name,
        place.guild_name,
        asker.id,
        asker.name,
        takes.what,
        due,
        due,
        at.desk.clock.now(),
    )
    await at.desk.store.run(reminders.add, reminder)
    return f"They will be reminded {_spoken(due, at)}."


async def _reminders(takes: Nothing, at: At) -> str:
    mine = await _mine(at)
    rows = [f"{number}. {_spoken(each.due_at, at)}: {each.text}" for number, each in enumerate(mine, 1)]
    return "\n".join(rows) or "They have no reminders."


async def _cancel(takes: Number, at: At) -> str:
    mine = await _mine(at)
    if takes.number > len(mine):
        raise Refused("there is no reminder of this number")
    await at.desk.store.run(reminders.remove, mine[takes.number - 1].row_id)
    return "It is cancelled."


async def _mine(at: At) -> list[StoredReminder]:
    """The asker's own reminders, and in a channel only those that were asked for there."""
    every = await at.desk.store.run(reminders.open_of, at.place.realm, at.asker.id)
    return [each for each in every if at.place.is_direct or each.channel_id == at.place.channel_id]


def _due(takes: Reminder, clock: Clock, zone: tzinfo) -> datetime:
    now = clock.now()
    if takes.in_minutes is not None:
        return now + timedelta(minutes=takes.in_minutes)
    due = _local(takes.when or "", now.astimezone(zone)).astimezone(UTC)
    if not now < due <= now + LONGEST_WAIT:
        raise Refused("give a time within the next year, as in_minutes or as when")
    return due


def _local(when: str, now: datetime) -> datetime:
    """A time of day, the next there is, or a date with a time."""
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", when):
            hour, minute = map(int, when.split(":"))
            due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
            return due if due > now else due + timedelta(days=1)
        due = datetime.fromisoformat(when)
    except ValueError as error:
        raise Refused("write the time like 2026-01-06 18:00, or give in_minutes") from error
    return due if due.tzinfo is not None else due.replace(tzinfo=now.tzinfo)


def _spoken(moment: datetime, at: At) -> str:
    local = moment.astimezone(at.desk.zone)
    return f"{weekday_for_a_model(local)}, {day_for_a_model(local, year=False)}, {local:%H:%M}"


# --- the server -------------------------------------------------------------------------------------------


async def _server(takes: Nothing, at: At) -> str:
    """Only what everybody on the server can see."""
    place = at.place
    assert place.guild_id is not None
    known = await at.desk.store.read(channels.every, place.realm, place.guild_id)
    names = [one_line(each.name) for each in known if each.is_public and each.parent_id is None]
    more = at.door.server(place) if isinstance(at.door, ServerDoor) else {}
    rows = {"server": one_line(place.guild_name), "here": one_line(place.channel_name), **more}
    rows["channels"] = ", ".join(names[:40]) or "-"
    return "\n".join(f"{key}: {value}" for key, value in rows.items())


def _on_server(place: Place) -> bool:
    return place.guild_id is not None


def everyday_tools() -> tuple[Tool[Any], ...]:
    """The tools that need nothing but the desk."""
    return (
        Tool("time", "The date and time, here or in another time zone.", TimeWanted, _time),
        Tool("roll_dice", "Roll dice.", Dice, _roll),
        Tool("choose", "Choose one of several options by chance.", Options, _choose),
        Tool("remind", "Remind the person you are answering of something later.", Reminder, _remind),
        Tool("reminders", "List the reminders of the person you are answering.", Nothing, _reminders),
        Tool("cancel_reminder", "Cancel one of their reminders by its number.", Number, _cancel),
        Tool("poll", "Post a poll, when somebody asks for one.", Poll, _poll, on_servers_only, _on_server, 1),
        Tool(
            "server_info",
            "What this server and its channels are called.",
            Nothing,
            _server,
            on_servers_only,
            _on_server,
        ),
    )
