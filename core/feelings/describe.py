"""Feelings in words: a few plain English ones for the prompt, translatable ones for the host.

A small model does little with "trust 3.4"; it does something with "is wary of Bob". So numbers become
words, what is as usual is left out, and the strongest comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from core.feelings import daily, relationship
from core.feelings.emotions import Emotion, Felt
from core.feelings.mood import Named, Octant, Strength, octant
from core.feelings.pad import Pad
from core.feelings.state import Bond, State
from core.feelings.tables import place
from core.words import T, Text

MOST_WORDS = 60
MOST_PEOPLE = 3
# An emotion fainter than this, and a mood nearer to the middle, are not worth a word.
_FELT = 0.2
_PLAIN_MOOD = 0.15
_LONGEST_NAME = 32
_NAME_WORDS = 3

_MOODS = {
    Octant.EXUBERANT: "cheerful and lively",
    Octant.DEPENDENT: "warm and open",
    Octant.RELAXED: "relaxed",
    Octant.DOCILE: "calm and gentle",
    Octant.HOSTILE: "irritable",
    Octant.ANXIOUS: "anxious",
    Octant.DISDAINFUL: "cool and aloof",
    Octant.BORED: "listless",
    Octant.NEUTRAL: "even-tempered",
}
_STRENGTHS = {Strength.SLIGHTLY: "a little ", Strength.MODERATELY: "", Strength.FULLY: "very "}
_FEELINGS = {
    Emotion.JOY: "happy",
    Emotion.DISTRESS: "upset",
    Emotion.HAPPY_FOR: "happy for them",
    Emotion.PITY: "sorry for them",
    Emotion.GLOATING: "gleeful",
    Emotion.RESENTMENT: "envious",
    Emotion.HOPE: "hopeful",
    Emotion.FEAR: "afraid",
    Emotion.SATISFACTION: "satisfied",
    Emotion.FEARS_CONFIRMED: "crushed",
    Emotion.RELIEF: "relieved",
    Emotion.DISAPPOINTMENT: "disappointed",
    Emotion.PRIDE: "proud",
    Emotion.SHAME: "ashamed",
    Emotion.ADMIRATION: "impressed",
    Emotion.REPROACH: "disapproving",
    Emotion.GRATIFICATION: "pleased",
    Emotion.REMORSE: "full of regret",
    Emotion.GRATITUDE: "grateful",
    Emotion.ANGER: "angry",
    Emotion.LOVE: "full of love",
    Emotion.HATE: "full of hate",
    Emotion.LIKING: "charmed",
    Emotion.DISLIKING: "put off",
}
# From this value on, the word holds; what lies before the first is as usual and not worth a word.
_ANGER = ((1.5, "a little annoyed"), (3.5, "annoyed"), (5.5, "angry"), (8.0, "furious"))
_CLOSENESS = ((0.0, "distant"), (1.5, ""), (4.5, "friendly"), (6.5, "fond"), (8.5, "very close"))
_TRUST = ((0.0, "distrustful"), (1.5, "wary"), (3.0, ""), (5.5, "trusting"), (8.0, "fully trusting"))
_FORMALITY = ((-5.0, "very casual"), (-3.0, "casual"), (-1.0, ""), (1.5, "polite"), (3.5, "formal"))


def for_prompt(state: State, clean: Callable[[str], str]) -> str:
    """What the persona feels, in at most `MOST_WORDS` English words for the model; never numbers.

    Args:
        state: with the persons that are worth a word; the one who is answered first.
        clean: makes one harmless line of text from outside (`core.safety.clean.one_line`): names are
            somebody else's text.
    """
    name = called(state.name, clean)
    sentences = [f"{name} feels {_listed(_inside(state))}."]
    sentences += [_towards(name, bond, clean) for bond in state.bonds[:MOST_PEOPLE]]
    sentences.append(_manner(state, name))
    kept: list[str] = []
    for sentence in filter(None, sentences):
        if len(" ".join([*kept, sentence]).split()) <= MOST_WORDS:
            kept.append(sentence)
    return " ".join(kept)


def called(name: str, clean: Callable[[str], str]) -> str:
    """A name that cannot be taken for anything else: one line, few words, no punctuation that ends one."""
    plain = "".join(sign if sign.isalnum() or sign in " '’-_" else " " for sign in clean(name))
    return " ".join(plain.split()[:_NAME_WORDS])[:_LONGEST_NAME].strip() or "somebody"


def _inside(state: State) -> list[str]:
    """The two strongest emotions, the mood where it says something else, and what day and needs add."""
    felt = sorted(state.emotions, key=lambda each: -each.intensity)
    strong = [each for each in felt if each.intensity >= _FELT][:2]
    words = [_feeling(each) for each in strong]
    if state.mood.length >= _PLAIN_MOOD and not _denied(state.mood, strong):
        named = octant(state.mood)
        words.append(_STRENGTHS[named.strength] + _MOODS[named.octant])
    return (words + _day(state))[:4] or ["even-tempered"]


def _denied(mood: Pad, strong: Sequence[Felt]) -> bool:
    """Do the emotions say the opposite of the mood they have not moved yet? Then they are what counts."""
    return any(place(each.emotion).p * mood.p < 0 for each in strong)


def _feeling(felt: Felt) -> str:
    degree = "very " if felt.intensity >= 0.7 else "a little " if felt.intensity < 0.4 else ""
    return degree + _FEELINGS[felt.emotion]


def _day(state: State) -> list[str]:
    day, needed = state.daily, state.needs
    words = []
    if needed.rest < 0.3 or day.energy <= 2:
        words.append("tired today")
    elif day.energy >= 8:
        words.append("full of energy today")
    if day.anger >= 6:
        words.append("easily annoyed today")
    if day.sadness >= 6:
        words.append("a little sad today")
    if day.joy >= 8 and day.sadness < 6:
        words.append("in good spirits today")
    if needed.contact < 0.2:
        words.append("lonely")
    if needed.novelty < 0.15:
        words.append("in want of something new")
    if needed.recognition < 0.1:
        words.append("overlooked")
    return words


def _towards(name: str, bond: Bond, clean: Callable[[str], str]) -> str:
    words = _bond_words(bond)
    if not words:
        return ""
    return f"Towards {called(bond.name, clean)}, {name} is {_listed(words)}."


def _bond_words(bond: Bond) -> list[str]:
    anger, rapport, trust, formality = bond.metrics
    closeness = _word(_CLOSENESS, rapport)
    if anger >= 3.5 and closeness not in ("", "distant"):
        closeness = f"still {closeness}"
    words = [_word(_ANGER, anger), closeness, _word(_TRUST, trust), _casual(formality)]
    return [word for word in words if word]


def _casual(formality: float) -> str:
    """Below the middle the scale is read the other way round: −2 is casual, −4 very casual."""
    return "" if -1.0 < formality < 1.5 else _word(_FORMALITY, formality)


def _word(scale: Sequence[tuple[float, str]], value: float) -> str:
    for (low, word), (high, _) in pairwise((*scale, (float("inf"), ""))):
        if low <= value < high:
            return word
    return ""


def _manner(state: State, name: str) -> str:
    """How it shows in what is written: a small model needs to be told."""
    bond = state.bond
    if bond and bond.metrics.anger >= 5.5:
        return f"{name} lets it show: short, cold answers."
    if bond and bond.metrics.anger >= 3.5:
        return f"{name} is curt."
    if state.daily.talkativeness <= 2 or state.wish < 0.25:
        return f"{name} does not feel like talking much."
    if state.daily.talkativeness >= 8 or state.wish > 0.8:
        return f"{name} feels like talking."
    return ""


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# --- for the host -----------------------------------------------------------------------------------------


def mood_named(mood: Pad) -> Text:
    """The mood's octant and strength, as a host reads it: "slightly relaxed"."""
    named: Named = octant(mood)
    if named.octant is Octant.NEUTRAL:
        return T("neutral")
    said = {
        Strength.SLIGHTLY: T("slightly {mood}", mood=OCTANTS[named.octant]),
        Strength.MODERATELY: T("moderately {mood}", mood=OCTANTS[named.octant]),
        Strength.FULLY: T("fully {mood}", mood=OCTANTS[named.octant]),
    }
    return said[named.strength]


OCTANTS = {
    Octant.EXUBERANT: T("exuberant"),
    Octant.DEPENDENT: T("dependent"),
    Octant.RELAXED: T("relaxed"),
    Octant.DOCILE: T("docile"),
    Octant.HOSTILE: T("hostile"),
    Octant.ANXIOUS: T("anxious"),
    Octant.DISDAINFUL: T("disdainful"),
    Octant.BORED: T("bored"),
    Octant.NEUTRAL: T("neutral"),
}
EMOTIONS = {
    Emotion.JOY: T("joy"),
    Emotion.DISTRESS: T("distress"),
    Emotion.HAPPY_FOR: T("happy for somebody"),
    Emotion.PITY: T("pity"),
    Emotion.GLOATING: T("gloating"),
    Emotion.RESENTMENT: T("resentment"),
    Emotion.HOPE: T("hope"),
    Emotion.FEAR: T("fear"),
    Emotion.SATISFACTION: T("satisfaction"),
    Emotion.FEARS_CONFIRMED: T("fear come true"),
    Emotion.RELIEF: T("relief"),
    Emotion.DISAPPOINTMENT: T("disappointment"),
    Emotion.PRIDE: T("pride"),
    Emotion.SHAME: T("shame"),
    Emotion.ADMIRATION: T("admiration"),
    Emotion.REPROACH: T("reproach"),
    Emotion.GRATIFICATION: T("gratification"),
    Emotion.REMORSE: T("remorse"),
    Emotion.GRATITUDE: T("gratitude"),
    Emotion.ANGER: T("anger"),
    Emotion.LOVE: T("love"),
    Emotion.HATE: T("hate"),
    Emotion.LIKING: T("liking"),
    Emotion.DISLIKING: T("dislike"),
}
METRICS = {"anger": T("Anger"), "rapport": T("Rapport"), "trust": T("Trust"), "formality": T("Formality")}
NEEDS = {
    "contact": T("Company"),
    "novelty": T("Something new"),
    "rest": T("Rest"),
    "recognition": T("Recognition"),
}
DAILY = {
    "anger": T("Anger today"),
    "joy": T("Joy today"),
    "sadness": T("Sadness today"),
    "energy": T("Energy today"),
    "talkativeness": T("Talkativeness today"),
}


def bond_said(bond: Bond) -> Text:
    """How it stands with somebody, as a host reads it in a list."""
    anger, rapport, trust, _ = relationship.shown(bond.metrics)
    if anger >= 6:
        return T("angry")
    if anger >= 3:
        return T("annoyed")
    if not bond.met:
        return T("not met yet")
    if rapport >= 7:
        return T("on close terms") if trust >= 5 else T("close, but careful")
    if trust <= 2:
        return T("distrustful")
    return T("friendly") if rapport >= 5 else T("acquainted")


def day_said(day: daily.DailyMood) -> Text:
    """The day in a few words, its most unusual number first."""
    unusual = max(day._fields, key=lambda name: abs(getattr(day, name) - getattr(daily.USUAL, name)))
    more = getattr(day, unusual) - getattr(daily.USUAL, unusual)
    if abs(more) < 2:
        return T("a day like any other")
    return _DAYS[unusual][more > 0]


_DAYS = {
    "anger": (T("a peaceful day"), T("an irritable day")),
    "joy": (T("a joyless day"), T("a cheerful day")),
    "sadness": (T("an untroubled day"), T("a sad day")),
    "energy": (T("a tired day"), T("a day full of energy")),
    "talkativeness": (T("a quiet day"), T("a talkative day")),
}
