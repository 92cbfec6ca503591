"""Why isn't it replying? One channel, looked at in the order in which a message goes through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.conversation.choices import Choices, chosen_for, persona_for
from core.conversation.desk import Desk
from core.conversation.message import Place, Realm
from core.doctor.check import Check, fail, ok, warn
from core.doctor.reasons import next_step
from core.errors import EchodeckError, explain
from core.figures import Moment, Short
from core.llm.brain import Role
from core.persona.entrance import entrance_of
from core.session import DiscordReport, SessionState, SessionStatus
from core.settings import TALKATIVENESS
from core.words import T, Text
from db import channels, echo_sessions, turns
from db.channels import StoredChannel
from db.turns import TurnState


async def heard_of(desk: Desk) -> list[StoredChannel]:
    """The channels on Discord that the bot has seen, by server and name."""
    return await desk.store.read(channels.every, Realm.DISCORD)


async def why_silent(
    channel: StoredChannel, desk: Desk, status: SessionStatus, report: DiscordReport | None
) -> list[Check]:
    """What stands between a message in a channel and a reply.

    Args:
        report: what Discord says of permissions; None when it could not be asked.
    """
    place = Place(
        Realm.DISCORD,
        channel.channel_id,
        channel.name,
        guild_id=channel.guild_id,
        guild_name=channel.guild_name,
        parent_id=channel.parent_id,
    )
    choices = await chosen_for(place, desk.store)
    values = await desk.settings.every()
    return [
        _online(status),
        _hears(status),
        *_may_speak(channel, report),
        _switched_on(choices, place),
        _not_hushed(choices, place, desk),
        await _is_somebody(choices, desk),
        *await _open_to_all(choices, desk),
        *await _alone(channel, desk),
        _likes_to_talk(choices, values),
        await _has_a_model(desk),
        await _last_heard(channel, desk),
    ]


def _online(status: SessionStatus) -> Check:
    if status.state is SessionState.ONLINE:
        return ok("gateway", T("It is online as {name}.", name=status.name))
    if status.trouble is not None:
        return fail("gateway", status.trouble.what, status.trouble.step, "session")
    return fail("gateway", T("It is not online."), T("Open the Session page and press Start."), "session")


def _hears(status: SessionStatus) -> Check:
    if status.reads_everything:
        return ok("intents", T("It may read what is written."))
    return warn(
        "intents",
        T("Discord gives it the text of mentions, replies and direct messages only."),
        T("Mention it by name with @, or switch on Message Content Intent with the set-up guide."),
        "guide",
    )


def _may_speak(channel: StoredChannel, report: DiscordReport | None) -> list[Check]:
    if report is None:
        return []
    wanted = {channel.channel_id, channel.parent_id}
    lacking = next((each for each in report.channels if each.channel_id in wanted), None)
    if lacking is None:
        return [ok("permissions", T("It may read and write here."))]
    missing = ", ".join(lacking.missing)
    return [
        fail(
            "permissions",
            T("Here it lacks: {missing}.", missing=missing),
            T("Give the bot's role these in the channel's settings on Discord."),
        )
    ]


def _switched_on(choices: Choices, place: Place) -> Check:
    if choices.active:
        return ok("active", T("It is switched on here."))
    off = T("It is switched off in {place}.", place=place.title)
    return fail("active", off, T("Use /settings activate there, as somebody who manages the server."))


def _not_hushed(choices: Choices, place: Place, desk: Desk) -> Check:
    until = choices.muted_until
    if until is None or until <= desk.clock.now():
        return ok("quiet", T("Nobody asked it to be quiet."))
    told = T("It was asked to be quiet until {until} UTC.", until=Moment(until))
    return fail(
        "quiet",
        told,
        T("Wait, let it speak again from the tray, or use /companion quiet there with a shorter time."),
    )


async def _is_somebody(choices: Choices, desk: Desk) -> Check:
    kept = await persona_for(choices, desk.personas)
    if kept is None:
        nobody = T("No persona has been chosen yet.")
        return fail("persona", nobody, T("Choose one on the Persona page."), "persona")
    return ok("persona", T("It is {name} here.", name=kept.persona.name))


async def _open_to_all(choices: Choices, desk: Desk) -> list[Check]:
    kept = await persona_for(choices, desk.personas)
    if kept is None or (await entrance_of(kept.id, desk.store)).use.everyone:
        return []
    told = T("{name} is open to chosen people or servers only.", name=kept.persona.name)
    return [warn("entrance", told, T("Open it to more people on the Persona page."), "persona")]


async def _alone(channel: StoredChannel, desk: Desk) -> list[Check]:
    if channel.guild_id is None:
        return []
    talking = await desk.store.run(echo_sessions.active, channel.realm, channel.guild_id)
    if not any(session.channel_id == channel.channel_id for session in talking):
        return []
    told = T("An echo talks here; meanwhile it answers only those who mean it.")
    return [warn("echo", told, T("Mention it with @, or end the echo's session there."), "training")]


def _likes_to_talk(choices: Choices, values: Mapping[str, Any]) -> Check:
    talks = float(values[TALKATIVENESS.key]) if choices.talkativeness is None else choices.talkativeness
    if talks > 0:
        return ok(
            "talkativeness", T("It answers when it is meant, and joins in at {n} of 10.", n=Short(talks))
        )
    return warn(
        "talkativeness",
        T("It answers here only when it is meant: by mention, reply or name."),
        T("Raise its talkativeness in Settings, if it is to join in by itself."),
        "settings",
    )


async def _has_a_model(desk: Desk) -> Check:
    if not desk.speaks:
        return fail("model", T("It was started without a model."), T("Start it without --brain none."))
    try:
        chosen = await desk.roles.choose(Role.CHAT)
    except EchodeckError as error:
        told = explain(error)
        return fail("model", told.what, told.step, "models")
    if chosen.fallback is not None:
        because = T("{model} answers, because {why}", model=chosen.model, why=chosen.fallback)
        return warn("model", because, T("Install Ollama and a model for replies that make sense."), "models")
    return ok("model", T("{model} writes its replies.", model=chosen.model))


async def _last_heard(channel: StoredChannel, desk: Desk) -> Check:
    turn = await desk.store.read(turns.newest_in, channel.realm, channel.channel_id)
    if turn is None:
        return warn(
            "heard",
            T("It has not heard anything here yet."),
            T("Mention it there. If nothing appears on the Session page, look at its permissions."),
        )
    reason = Text(turn.reason.get("key", ""), turn.reason.get("params", {}))
    minutes = max(0, round((desk.clock.now() - turn.arrived_at).total_seconds() / 60))
    if turn.state is TurnState.SENT:
        return ok("heard", T("{minutes} minutes ago it replied to {who}.", minutes=minutes, who=turn.person))
    if turn.state is TurnState.FAILED:
        failed = T(
            "{minutes} minutes ago a reply to {who} failed: {why}",
            minutes=minutes,
            who=turn.person,
            why=reason,
        )
        return fail("heard", failed, T("Look at the lines above; the Logs page has the details."), "logs")
    silent = T(
        "{minutes} minutes ago it stayed silent when {who} wrote: {why}.",
        minutes=minutes,
        who=turn.person,
        why=reason,
    )
    step, page = next_step(reason)
    return warn("heard", silent, step, page)
