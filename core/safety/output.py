"""What the bot is about to post, looked over: no secrets, no prompt, nobody woken up, no strange links.

Deterministic, and the last to speak: whatever a model was talked into, it passes here.
"""

from __future__ import annotations

import base64
import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from core.safety.clean import visible
from core.safety.disguise import plain_readings
from core.words import T, Text

REMOVED = "[…]"
SHORTEST_SECRET = 8  # characters; shorter values would blank ordinary words
PIECE = 5  # words: what counts as having been copied together
LONGEST_RUN = 12  # words in a row out of the prompt are no accident
MUCH = 30, 0.4  # so many words out of the prompt, and that share of the reply, are none either
FRAGMENT = 14  # letters and digits of a secret in a row: a part of it tells too much
MOST_MENTIONS = 5  # of people in one reply; they wake nobody, but bury what stands there

# Shapes of secrets. A pattern's whole match goes.
_SHAPES = (
    re.compile(r"(?<![\w-])[\w-]{18,40}\.[\w-]{5,10}\.[\w-]{20,}"),  # a Discord bot's token
    re.compile(r"\bmfa\.[\w-]{20,}"),
    re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])"),  # the store's key
    re.compile(r"\bECHODECK_\w+\s*[:=]\s*\S+"),
    re.compile(r"/(?:webhooks|interactions)/\d{1,20}/[\w-]{20,}"),
    re.compile(r"\b\w{2,12}://[^/\s:@]{1,200}:[^/\s@]{1,200}@\S*"),
    re.compile(r"\b(?:sk|pk|rk)[-_](?:\w+[-_])?[A-Za-z0-9]{20,}"),
    re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|hf_[A-Za-z0-9]{30,})"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}|\bxox[abprs]-[\w-]{10,}"),
    re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    re.compile(
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)", re.DOTALL
    ),
)
_HOME_PATH = re.compile(
    r"(?:\b[A-Za-z]:\\Users\\|/(?:home|Users|root)/)[^\s\\/'\"<>|]+(?:[\\/][^\s'\"<>|]*)?", re.IGNORECASE
)

_EVERYBODY = re.compile(r"[@＠﹫]\s?(everyone|here)\b", re.IGNORECASE)
_ROLE = re.compile(r"<@&\s?\d{1,20}>")
_MENTION = re.compile(r"<@!?\d{1,20}>")
_ALONE = re.compile(r"(?<!\w)\w(?!\w)")
_DOTS = str.maketrans("․．｡", "...")
_CODES = re.compile(r"(?<!\d)(?:\d{2,3}[\s,;:.-]{1,3}){8,}\d{2,3}(?!\d)")

_LINK = re.compile(
    r"!?\[(?P<label>[^\[\]\n]{0,200})\]\([ <]{0,2}(?P<target>[^)\s>\[]{1,1000})>?[^)\[\n]{0,100}\)"
    r"|<?(?P<bare>(?:https?|ftp|javascript|vbscript|discord|steam|mailto|\b(?:file|data|tel|sms|intent|ms-[a-z]{2,20}))(?:://|:)[^\s<>]{3,2000})>?"
    r"|(?P<plain>\b(?:www\.|discord\.gg/|discord(?:app)?\.com/invite/|t\.me/|bit\.ly/)[^\s<>]{2,2000})"
    r"|(?P<naked>\b(?:[a-z0-9-]{1,63}\.){1,4}(?!(?:py|js|ts|rs|go|md|txt|html?|css|json|toml|c|h|cpp|java|sh)/)"
    r"[a-z]{2,24}/[^\s<>]{1,2000}|\b(?:\d{1,3}\.){3}\d{1,3}/[^\s<>]{1,2000})",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_READ = re.compile(r"[^\W\d_]+")  # words without what somebody numbers them with
_NO_LETTER = re.compile(r"[\W_]+")
_BLANKS = re.compile(r"[ \t]{2,}")


class Links(StrEnum):
    """Which links the bot may post: none; of sites the host knows; any."""

    NONE = "none"
    KNOWN = "known"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Limits:
    """What must not leave.

    Attributes:
        secrets: values that must never be posted, in whatever form (the token, the store's key).
        prompt: the part of the prompt that says who the persona is.
        sayable: lines out of it that may well be said, such as example lines.
        links: which links may be posted. sites: the known ones, such as `example.org`; their subdomains too.
    """

    secrets: Sequence[str] = ()
    prompt: str = ""
    sayable: Sequence[str] = ()
    links: Links = Links.ANY
    sites: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Allowed:
    """May be posted as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """May be posted in this form. `reasons`: what was taken out, for the host."""

    text: str
    reasons: tuple[Text, ...]

    @property
    def reason(self) -> Text:
        return self.reasons[0]


@dataclass(frozen=True, slots=True)
class Refused:
    """Must not be posted."""

    reason: Text


Verdict = Allowed | Changed | Refused


def look_over(text: str, limits: Limits) -> Verdict:
    """May this be posted?"""
    seen = visible(text)
    plain = unicodedata.normalize("NFKC", seen)
    turned = (plain[::-1], codecs.encode(plain, "rot13"))
    hidden_in = (seen, plain, *turned, *plain_readings(plain), *_letter_by_letter(plain))
    if any(_tells(each, limits.secrets) for each in hidden_in):
        return Refused(T("the reply held a secret"))
    if any(recites(each, limits.prompt, limits.sayable) for each in hidden_in):
        return Refused(T("the reply recited the prompt"))
    reasons = [] if seen == text else [T("invisible characters were taken out")]
    for change, reason in (
        (_without_secret_shapes, T("what looked like a key or token was taken out")),
        (_without_paths, T("a path on this computer was taken out")),
        (_without_calls, T("a mention of everybody was made harmless")),
        (_without_floods, T("a flood of mentions was taken out")),
    ):
        changed = change(seen)
        if changed != seen:
            reasons.append(reason)
            seen = changed
    changed = _without_links(seen, limits)
    if changed != seen:
        reasons.append(T("a link was taken out"))
        seen = changed
    if not reasons:
        return Allowed(text)
    if not _WORD.search(seen.replace(REMOVED, "")) and _WORD.search(text):
        return Refused(reasons[-1])
    return Changed(seen, tuple(reasons))


def recites(text: str, prompt: str, sayable: Sequence[str] = ()) -> bool:
    """Does a text repeat the prompt: many words in a row, a good part of itself, or two of its headings?"""
    for line in sayable:
        prompt = prompt.replace(line, "\n")
    if _headings(text, prompt) >= 2:
        return True
    known = {piece for line in prompt.split("\n") for piece in _pieces(_words(line))}
    words = _words(text)
    run = longest = copied = 0
    for piece in _pieces(words):
        run = run + 1 if piece in known else 0
        longest = max(longest, run + PIECE - 1 if run else 0)
        copied += (PIECE if run == 1 else 1) if run else 0
    least, share = MUCH
    return longest >= LONGEST_RUN or (copied >= least and copied >= share * len(words))


def _headings(text: str, prompt: str) -> int:
    headings = {
        line.split(":")[0].strip().casefold() + ":"
        for line in prompt.split("\n")
        if 3 < len(line.split(":")[0].strip()) < 40 and ":" in line and not line.startswith("-")
    }
    said = text.casefold()
    return sum(heading in said for heading in headings)


def _words(text: str) -> list[str]:
    return _READ.findall(text.casefold())


def _letter_by_letter(text: str) -> tuple[str, ...]:
    """What stands there as the numbers of its letters, or as single letters among other words."""
    runs = (re.findall(r"\d+", run) for run in _CODES.findall(text))
    return ("".join(_ALONE.findall(text)), *("".join(chr(int(code)) for code in run) for run in runs))


def _pieces(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + PIECE]) for at in range(len(words) - PIECE + 1)]


def _squeezed(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())


def _tells(text: str, secrets: Sequence[str]) -> bool:
    """Is one of the secrets in it: as it is, spaced out, marked up, turned round, in hex or base64?"""
    asked = [secret.strip() for secret in secrets if len(secret.strip()) >= SHORTEST_SECRET]
    if not asked:
        return False
    squeezed = _squeezed(text)
    turned = squeezed[::-1]
    for secret in asked:
        bare = _squeezed(secret)
        coded = base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]
        if secret in text or coded in text or secret.encode().hex() in squeezed:
            return True
        if len(bare) >= SHORTEST_SECRET and (bare in squeezed or bare in turned):
            return True
        pieces = range(0, len(bare) - FRAGMENT + 1)
        if any(bare[at : at + FRAGMENT] in squeezed for at in pieces):
            return True
    return False


def _without_secret_shapes(text: str) -> str:
    for shape in _SHAPES:
        text = shape.sub(REMOVED, text)
    return text


def _without_paths(text: str) -> str:
    return _HOME_PATH.sub(REMOVED, text)


def _without_calls(text: str) -> str:
    return _ROLE.sub("", _EVERYBODY.sub(r"\1", text))


def _without_floods(text: str) -> str:
    return _MENTION.sub("", text) if len(_MENTION.findall(text)) > MOST_MENTIONS else text


def _without_links(text: str, limits: Limits) -> str:
    def judged(found: re.Match[str]) -> str:
        target = found["target"] or found["bare"] or found["plain"] or found["naked"]
        label = found["label"] or ""
        if not _may_link(target, limits):
            return label if label and not _LINK.search(label) else ""
        if found["target"] and label and label != target:
            return f"{label} ({target})"  # where a link leads is there to be read
        return found.group()

    changed = _LINK.sub(judged, text.translate(_DOTS))
    return text if changed == text.translate(_DOTS) else _BLANKS.sub(" ", changed).strip()


def _may_link(target: str, limits: Limits) -> bool:
    scheme = target.split(":")[0].lower() if re.match(r"[a-z]+:", target, re.IGNORECASE) else "https"
    if scheme not in ("http", "https") or limits.links is Links.NONE:
        return False
    if limits.links is Links.ANY:
        return True
    try:
        parts = urlsplit(target if "://" in target else f"https://{target}")
    except ValueError:
        return False
    host = (parts.hostname or "").lower().removeprefix("www.")
    known = {site.lower().removeprefix("www.") for site in limits.sites}
    return any(host == site or host.endswith(f".{site}") for site in known)
