"""What helps against a silence, by the reason that its turn gave."""

from __future__ import annotations

from core.words import T, Text

# By the key of the reason's sentence: what to do, and the page that has it ("" for none).
_HELP: dict[str, tuple[Text, str]] = {
    "this persona is not open to this person": (
        T("Open it to more people on the Persona page."),
        "persona",
    ),
    "it was asked not to listen to this person": (
        T("Take them off the block list: on the Privacy page, or there with /settings people."),
        "privacy",
    ),
    "an echo talks in {place}, and nobody meant the persona": (
        T("Mention it with @, or end the echo's session there."),
        "training",
    ),
    "no persona has been chosen yet": (T("Choose one on the Persona page."), "persona"),
    "it is switched off in {place}": (
        T("Use /settings activate there, as somebody who manages the server."),
        "",
    ),
    "it was asked to be quiet in {place} for a while": (
        T("Wait, let it speak again from the tray, or use /companion quiet there with a shorter time."),
        "",
    ),
    "{who} asked {name} to be quiet": (T("Say its name and that it may speak again."), ""),
    "too many replies in this channel just now": (T("Wait a minute; no setting lifts this."), ""),
    "this person writes too much just now": (T("Wait a minute; no setting lifts this."), ""),
    "this server writes too much just now": (T("Wait a minute; no setting lifts this."), ""),
    "this person keeps trying to steer the bot": (
        T("Wait five minutes; the Privacy page shows what they wrote."),
        "privacy",
    ),
    "the reply held a secret": (
        T("Nothing got out. A larger model lets itself be talked into less."),
        "models",
    ),
    "the reply recited the prompt": (
        T("Nothing got out. A larger model lets itself be talked into less."),
        "models",
    ),
    "the reply was what it is never to say, twice": (
        T("Look at what it is never to say on the Persona page, or choose another model."),
        "persona",
    ),
    "{who} is a bot, and bots are not answered": (T("Nothing to do: two bots would talk for ever."), ""),
    "only bots have been talking for a while": (T("As soon as a person writes it listens again."), ""),
    "that was the bot's own message": (T("Nothing to do: it does not answer itself."), ""),
    "Echodeck was closed while this waited": (T("Write to it again."), ""),
}
_OTHERWISE = T("Mention it with @ to be sure of an answer."), ""


def next_step(reason: Text) -> tuple[Text, str]:
    """What the host can do about a silence, and the page that has it ("" for none)."""
    return _HELP.get(reason.key, _OTHERWISE)
