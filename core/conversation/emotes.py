"""Emotes: the standard ones and a server's own, offered by mood, and only those posted that the bot may use.

A model writes `:name:`, as it reads them in the transcript; what Discord needs is put in at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from core.conversation.message import Place


@dataclass(frozen=True, slots=True)
class Emote:
    """An emote of a server.

    Attributes:
        name: as it stands between colons. id: Discord's.
    """

    name: str
    id: int
    animated: bool = False

    @property
    def code(self) -> str:
        """What Discord shows as the picture."""
        return f"<{'a' if self.animated else ''}:{self.name}:{self.id}>"


@runtime_checkable
class EmoteDoor(Protocol):
    """A door that knows which emotes the bot may use in a place."""

    def emotes(self, place: Place) -> tuple[Emote, ...]: ...


def usable(door: object, place: Place) -> tuple[Emote, ...]:
    """The server's emotes that the bot may use in a place; none where the door knows of none."""
    return door.emotes(place) if isinstance(door, EmoteDoor) else ()


# The standard ones by mood: what stands between the colons, and the sign.
_BY_MOOD: dict[str, str] = {
    "happy": "smile:😄 grin:😁 blush:😊 smiley:😃 partying_face:🥳 tada:🎉 sunglasses:😎 star_struck:🤩",
    "laughing": "joy:😂 rofl:🤣 laughing:😆 sweat_smile:😅",
    "loving": "heart:❤️ heart_eyes:😍 hugging:🤗 kissing_heart:😘 sparkling_heart:💖 two_hearts:💕",
    "calm": "slight_smile:🙂 relieved:😌 tea:🍵 coffee:☕ innocent:😇",
    "sad": "cry:😢 sob:😭 pensive:😔 disappointed:😞 broken_heart:💔 pleading_face:🥺",
    "angry": "angry:😠 rage:😡 triumph:😤 face_with_symbols_over_mouth:🤬",
    "afraid": "fearful:😨 scream:😱 cold_sweat:😰 grimacing:😬",
    "surprised": "open_mouth:😮 astonished:😲 flushed:😳 exploding_head:🤯 eyes:👀",
    "bored": "neutral_face:😐 unamused:😒 rolling_eyes:🙄 expressionless:😑",
    "tired": "sleeping:😴 yawning_face:🥱 sleepy:😪 zzz:💤",
    "thinking": "thinking:🤔 face_with_monocle:🧐 shrug:🤷 person_shrugging:🤷",
    "teasing": "wink:😉 smirk:😏 stuck_out_tongue:😛 stuck_out_tongue_winking_eye:😜 upside_down:🙃",
    "agreeing": "thumbsup:👍 +1:👍 ok_hand:👌 clap:👏 100:💯 fire:🔥 muscle:💪 raised_hands:🙌 pray:🙏",
    "refusing": "thumbsdown:👎 -1:👎 no_entry:⛔ x:❌ nauseated_face:🤢",
    "greeting": "wave:👋 handshake:🤝 salute:🫡 saluting_face:🫡",
    "sorry": "facepalm:🤦 person_facepalming:🤦 see_no_evil:🙈 skull:💀",
}
# Words that call a mood, in a message or in what is said of the bot's feelings.
_CALLS: dict[str, str] = {
    "happy": "happy glad cheerful joy nice great yay pleased birthday party congrats proud lively won",
    "laughing": "lol lmao haha hahaha funny joke laugh gleeful hilarious",
    "loving": "love loving fond cute sweet adore hug grateful thanks charmed warm dear",
    "calm": "calm relaxed gentle fine okay peaceful tea even",
    "sad": "sad sorry lonely miss upset cry lost died grief hurt regret disappointed blue",
    "angry": "angry furious hate mad annoyed irritable unfair stupid disapproving",
    "afraid": "afraid scared fear anxious worried nervous scary dread",
    "surprised": "wow omg what surprised really unbelievable sudden impressed whoa",
    "bored": "bored boring listless meh whatever aloof cool again",
    "tired": "tired sleep sleepy night bed exhausted late yawn",
    "thinking": "think maybe wonder why how question hm guess curious",
    "teasing": "tease kidding silly joking wink flirt cheeky",
    "agreeing": "yes agree right exactly good true deal works perfect well",
    "refusing": "no never refuse disgusting gross bad wrong ew put",
    "greeting": "hi hello hey morning bye welcome goodbye evening",
    "sorry": "oops mistake embarrassed ashamed fail forgot awkward",
}


def _table() -> dict[str, tuple[str, str]]:
    rows: dict[str, tuple[str, str]] = {}
    for mood, pairs in _BY_MOOD.items():
        for pair in pairs.split():
            name, sign = pair.split(":")
            rows.setdefault(name, (sign, mood))
    return rows


STANDARD: dict[str, tuple[str, str]] = _table()
_MOODS_OF = {
    word: frozenset(mood for mood, calls in _CALLS.items() if word in calls.split() or word == mood)
    for calls in (*_CALLS.values(), " ".join(_CALLS))
    for word in calls.split()
}

_CODE_OR_LINK = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`|https?://\S+", re.DOTALL)
_NAMED = re.compile(r"<a?:(\w{2,32}):\d{1,21}>?|(?<![\w:/])(?::[+-]?\w{1,40}:)+(?![\w:/])")
_GONE = "\0"
_LEFT_OUT = re.compile(rf"(\A|\n){_GONE}+ ?| ?{_GONE}")


def rendered(text: str, own: Sequence[Emote]) -> str:
    """`text` with emotes as Discord shows them.

    A name that stands for nothing the bot may use goes, colons and all; what stands in code or in a link
    stays as it is.

    Args:
        own: the server's emotes that the bot may use here.
    """
    pieces, end = [], 0
    for code in _CODE_OR_LINK.finditer(text):
        pieces += [_shown(text[end : code.start()], own), code.group()]
        end = code.end()
    return "".join((*pieces, _shown(text[end:], own)))


def plain(text: str) -> str:
    """`text` with emotes by their names, as a model reads and writes them."""
    return re.sub(r"<a?(:\w{2,32}:)\d{15,21}>", r"\1", text)


def offer(own: Sequence[Emote], mood_words: Iterable[str], text: str, k: int = 6) -> tuple[str, ...]:
    """A few names that fit what was written and how the bot feels, the most fitting first.

    Args:
        own: the server's emotes that the bot may use here. mood_words: what it feels, in plain words.
    """
    words = set(_words(text))
    felt = {word for phrase in mood_words for word in _words(phrase)}
    wanted = {mood: 2.0 for word in words for mood in _MOODS_OF.get(word, ())}
    for mood in {mood for word in felt for mood in _MOODS_OF.get(word, ())}:
        wanted[mood] = wanted.get(mood, 0.0) + 1.5
    scores = {name: wanted.get(mood, 0.0) for name, (_, mood) in STANDARD.items()}
    for emote in own:
        parts = set(_words(emote.name))
        by_mood = max(
            (wanted.get(mood, 0.0) for word in parts for mood in _MOODS_OF.get(word, ())), default=0
        )
        by_name = 2.5 if parts & words else 0.0
        scores[emote.name] = max(by_mood, by_name) + (0.5 if by_mood or by_name else 0.0)
    fitting = sorted((name for name, score in scores.items() if score > 0), key=lambda it: -scores[it])
    return tuple(fitting[:k])


def for_prompt(name: str, offered: Sequence[str]) -> str:
    """The line in the prompt that offers them; empty when there are none."""
    shown = " ".join(f":{each}:" for each in offered)
    return f"Emotes {name} may use now and then, written like this: {shown}" if shown else ""


def _shown(text: str, own: Sequence[Emote]) -> str:
    by_name = {emote.name.casefold(): emote for emote in own}
    by_name |= {emote.name: emote for emote in own}

    def one(name: str) -> str:
        if not re.search(r"[^\W\d_]|[+-]", name) and name not in STANDARD:
            return f":{name}:"  # a time of day, a ratio
        emote = by_name.get(name) or by_name.get(name.casefold())
        if emote is not None:
            return emote.code
        return STANDARD[name.casefold()][0] if name.casefold() in STANDARD else _GONE

    def show(found: re.Match[str]) -> str:
        if found.group(1):
            return one(found.group(1))
        return "".join(map(one, re.findall(r":([+-]?\w+):", found.group())))

    return _LEFT_OUT.sub(r"\1", _NAMED.sub(show, text.replace(_GONE, "")))


def _words(text: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", apart)]
