"""A message in plain words: without what hides them, and without what is not the sender's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple


class Plain(NamedTuple):
    """A message as its tone is read.

    Attributes:
        own: the sender's own words, as they wrote them. said: those in plain words.
        named: they name the persona.
    """

    own: str
    said: str
    named: bool = False


# Enough of a message to know its tone; people say what they mean first or last.
_HEAD, _TAIL = 240, 120
_MOST_SYMBOLS = 6

_QUOTED = re.compile(
    r"```.*?(?:```|\Z)|`[^`]*`|https?://\S+|^[ \t]*>[^\n]*|<[@#:][^>\s]*>|[\"“][^\"“”]{2,}[\"”]", re.S | re.M
)
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"[a-z*']+")
_SAID_IS = re.compile(r"\b(he|she|it|that|who|what|there|where|how)'s\b")
_DOUBLED = frozenset("oel")
_ENDINGS = (
    ("can't", "can not"),
    ("won't", "will not"),
    ("n't", " not"),
    ("'re", " are"),
    ("'m", " am"),
    ("'ll", " will"),
    ("'ve", " have"),
    ("'d", " would"),
)
_SHORT_FORMS = dict(
    form.strip().split("=")
    for form in """
    u=you; ya=you; ye=you; yu=you; ur=you are; youre=you are; yr=your; r=are; im=i am; ive=i have
    dont=do not; doesnt=does not; didnt=did not; isnt=is not; arent=are not; aint=is not
    wasnt=was not; cant=can not; cannot=can not; wont=will not; wouldnt=would not; couldnt=could not
    shouldnt=should not; gonna=going to; gunna=going to; wanna=want to; gotta=got to; thx=thanks
    thnx=thanks; tnx=thanks; ty=thanks; tysm=thanks so much; tyvm=thanks very much; luv=love
    loove=love; soo=so; ily=i love you; ilysm=i love you; stfu=shut up; gtfo=fuck off
    kys=kill yourself; sry=sorry; soz=sorry; srry=sorry; pls=please; plz=please; fck=fuck; fk=fuck
    fuk=fuck; f*ck=fuck; f**k=fuck; fking=fucking; fkn=fucking; ppl=people; gn=good night
    gm=good morning; nvm=never mind; idk=i do not know; sh*t=shit; b*tch=bitch; a**=ass
    wth=what the hell
    """.replace("\n", ";").split(";")
    if "=" in form
)


def plain(text: str, names: Sequence[str] = ()) -> Plain:
    """The part of a message its tone is read from, and that part in plain words.

    Quotations, code, links and mentions are left out: they are not the sender's own words. In plain words
    everything is lower case, short forms are written out, and the persona's names are "you".
    """
    if len(text) > _HEAD + _TAIL:
        text = text[:_HEAD] + " " + text[-_TAIL:]
    folded = unicodedata.normalize("NFKC", text)[: _HEAD + 2 * _TAIL]  # one sign may unfold to eighteen
    visible = _visible(folded.replace("’", "'"))
    own = _BLANKS.sub(" ", _QUOTED.sub(" ", visible)).strip()
    said, times = own.lower(), 0
    for name in names:
        if name.strip():
            said, more = re.subn(rf"(?<!\w)@?{re.escape(name.lower())}(?!\w)", "you", said)
            times += more
    said = _SAID_IS.sub(r"\1 is", _LONG.sub(_shortened, said))
    for ending, whole in _ENDINGS:
        said = said.replace(ending, whole)
    return Plain(own, _WORD.sub(_written_out, said), times > 0)


def _visible(text: str) -> str:
    """Without what cannot be seen, without stacked accents, and with no more symbols than tell something."""
    if text.isascii():
        return text.replace("\x00", " ")
    kept: list[str] = []
    symbols = 0
    for sign in text:
        if sign < "\u0300":
            kept.append(sign)
            continue
        kind = unicodedata.category(sign)
        if kind[0] == "S" or kind == "Cn":
            symbols += 1
            if symbols > _MOST_SYMBOLS:
                continue
        elif kind[0] == "C" or kind in ("Mn", "Me"):
            continue
        kept.append(sign)
    return "".join(kept)


def _shortened(found: re.Match[str]) -> str:
    return found[1] * 2 if found[1] in _DOUBLED else found[1]


def _written_out(found: re.Match[str]) -> str:
    return _SHORT_FORMS.get(found[0], found[0])
