"""What Discord says of the bot: its token, what it may read, where it may speak, and its way in."""

from __future__ import annotations

from core.doctor.check import Check, fail, ok, skip, warn
from core.doctor.patient import Patient
from core.session import SessionState
from core.words import T, Text

FEW_STARTS = 50
NAMED = 3  # channels that are named in a sentence; the others are counted

_UNASKED = T("Discord was not asked; add --online to ask it.")


async def token(patient: Patient) -> Check:
    """A bot token is kept."""
    if patient.environ.get("ECHODECK_TOKEN"):
        return ok("token", T("The bot's token comes from the environment."))
    if await patient.token() is None:
        return warn(
            "token",
            T("There is no bot token yet."),
            T("Open the set-up guide and paste the token of your bot."),
            "guide",
        )
    return ok("token", T("A bot token is kept."))


async def discord(patient: Patient) -> Check:
    """Discord accepts the token."""
    report = await patient.discord()
    if report is None:
        return await _not_asked("discord", patient)
    known = report.token
    return ok(
        "discord", T("Discord knows {name}, on {servers} servers.", name=known.name, servers=known.servers)
    )


async def intents(patient: Patient) -> Check:
    """The bot may read what is written."""
    report = await patient.discord()
    if report is None:
        return await _not_asked("intents", patient)
    missing = ", ".join(report.token.missing_intents)
    if not missing:
        return ok("intents", T("Discord lets the bot read what is written."))
    return warn(
        "intents",
        T(
            "{name} may not read everything: {missing} is switched off.",
            name=report.token.name,
            missing=missing,
        ),
        T("Switch it on in the Developer Portal under Bot, or let the set-up guide do it."),
        "guide",
    )


async def permissions(patient: Patient) -> Check:
    """The bot may read and write in the channels of its servers."""
    report = await patient.discord()
    if report is None:
        return await _not_asked("permissions", patient)
    if not report.token.servers:
        invite = T("Invite it with the link in the set-up guide.")
        return warn("permissions", T("The bot is on no server yet."), invite, "guide")
    if not report.channels:
        return ok("permissions", T("It may read and write in all {n} channels.", n=report.looked_at))
    shown = "; ".join(
        f"{each.server} #{each.name}: {', '.join(each.missing)}" for each in report.channels[:NAMED]
    )
    lacking = T(
        "In {n} of {all} channels it lacks a permission: {shown}.",
        n=len(report.channels),
        all=report.looked_at,
        shown=shown,
    )
    give = T("Give the bot's role these in the server's settings, where it is to speak.")
    return warn("permissions", lacking, give)


async def gateway(patient: Patient) -> Check:
    """The connection over which the bot hears."""
    status = patient.session
    if status is not None and status.state is not SessionState.STOPPED:
        return _connected(status.state, status.latency_ms, status.trouble.what if status.trouble else None)
    report = await patient.discord()
    if report is None:
        return await _not_asked("gateway", patient)
    if report.starts_left < FEW_STARTS:
        few = T("Discord lets the bot go online {n} more times today.", n=report.starts_left)
        return warn("gateway", few, T("Do not start and stop it more than needed until tomorrow."))
    return ok("gateway", T("Discord's gateway lets the bot in."))


def _connected(state: SessionState, latency_ms: int | None, trouble: Text | None) -> Check:
    if state is SessionState.ONLINE:
        told = T("Online, answers in {ms} ms.", ms=latency_ms) if latency_ms is not None else T("Online.")
        return ok("gateway", told)
    if state is SessionState.FAILED:
        went_wrong = trouble or T("The bot went offline.")
        return fail("gateway", went_wrong, T("Open the Session page and press Start."), "session")
    on_its_way = trouble or T("The bot is connecting.")
    return warn("gateway", on_its_way, T("Check the internet connection. Echodeck keeps trying."))


async def _not_asked(name: str, patient: Patient) -> Check:
    if patient.ask_discord is None:
        return skip(name, _UNASKED)
    return skip(name, T("There is no bot token yet."))
