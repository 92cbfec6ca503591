"""How the bot stands with one person: four values, what moves them, and how they settle in time.

    v(t) = b + (v₀ − b) · ½^(t / half-life)

where b, the baseline, and the half-life of anger follow from the persona's character. The form can be read
at any moment without having been looked at in between, so nothing has to tick. The numbers are ours (see
docs/feelings.md); their directions are those of the literature: trust is lost faster than it is won (Slovic
1993), agreeable people forgive, neurotic ones flare up, telling somebody of oneself brings closer (Collins &
Miller 1994), and so does merely meeting (Zajonc 1968).
"""

from __future__ import annotations

from dataclasses import dataclass

from core.feelings.appraisal import AIMED, Appraisal, Mark, Who
from core.feelings.pad import bounded
from core.feelings.traits import Traits
from core.words import T, Text
from db.relationships import Metrics

LOWEST = Metrics(0.0, 0.0, 0.0, -5.0)
HIGHEST = Metrics(10.0, 10.0, 10.0, 5.0)

# The most that one message moves a value, up and down.
RISE = Metrics(2.0, 0.8, 0.25, 0.4)
FALL = Metrics(2.5, 0.8, 1.0, 0.4)
# The most that messages raise rapport and trust in a day: nobody talks themselves into a friendship at once.
DAY_RAPPORT = 1.5
DAY_TRUST = 0.5

DAY_S = 86_400.0
HALF_LIFE_S = Metrics(2.0 * DAY_S, 21.0 * DAY_S, 60.0 * DAY_S, 30.0 * DAY_S)

_KIND = frozenset({Mark.THANKS, Mark.PRAISE, Mark.AFFECTION})
_LEAST = 0.35  # a mark that is set weighs at least this much, however mild the words
_NOTABLE = 0.25  # without a mark, what is weaker than this is plain talk

NO_GAIN = Metrics(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Touch:
    """What a message is for the relationship.

    Attributes:
        harm: 0…1, insults, threats, unfriendliness. kindness: 0…1. apology, confiding: it is one.
        cause: the sentence for the history, with `{name}` for the person.
    """

    harm: float
    kindness: float
    apology: bool
    confiding: bool
    cause: Text

    @property
    def warmth(self) -> float:
        """−1 (hurt) … 1 (kind)."""
        return bounded(self.kindness - self.harm + 0.3 * self.apology)


def baseline(traits: Traits) -> Metrics:
    """Where a relationship settles when nothing happens, and where it begins."""
    e, a, n = traits.extraversion, traits.agreeableness, traits.neuroticism
    return Metrics(
        bounded(0.75 * n - 0.75 * a, 0.0, 1.5),
        bounded(3.0 + 1.5 * a + 0.5 * e, 1.0, 5.0),
        bounded(4.0 + 1.5 * a - 0.5 * n, 2.0, 6.0),
        bounded(1.0 * traits.conscientiousness - 1.0 * e, -2.0, 2.0),
    )


def half_lives(traits: Traits) -> Metrics:
    """How long each value takes to come half the way home, in seconds: the agreeable forgive sooner."""
    return HALF_LIFE_S._replace(anger=HALF_LIFE_S.anger * 2.0 ** (-0.7 * traits.agreeableness))


def settled(metrics: Metrics, traits: Traits, seconds: float) -> Metrics:
    """The values a while later, nothing having happened; no or negative time changes nothing."""
    home, lives = baseline(traits), half_lives(traits)
    after = max(seconds, 0.0)
    return within(
        Metrics(
            *(b + (v - b) * 0.5 ** (after / life) for v, b, life in zip(metrics, home, lives, strict=True))
        )
    )


def within(metrics: Metrics) -> Metrics:
    """The values cut to their bounds."""
    return Metrics(*(bounded(v, low, high) for v, low, high in zip(metrics, LOWEST, HIGHEST, strict=True)))


def shown(metrics: Metrics) -> Metrics:
    """The whole numbers that people see."""
    return Metrics(*(float(round(value)) for value in metrics))


def liking(metrics: Metrics) -> float:
    """How much the persona likes the person, −1…1, as appraisal wants to know it."""
    warm = 0.7 * (metrics.rapport - 2.0) / 8.0 + 0.3 * (metrics.trust - 3.0) / 7.0
    return bounded(warm - metrics.anger / 7.0)


def touched(appraisal: Appraisal, *, to_me: bool) -> Touch | None:
    """What an appraised message is for the relationship; None when it is not about the two."""
    marks = appraisal.marks
    if not to_me and not marks & AIMED:
        return None
    harm, kindness = _harm(appraisal), _kindness(appraisal)
    if harm:
        kindness = 0.0
    apology = Mark.APOLOGY in marks and not harm
    confiding = Mark.CONFIDING in marks and not harm
    return Touch(harm, kindness, apology, confiding, _cause(marks, harm, kindness, apology, confiding))


def _harm(appraisal: Appraisal) -> float:
    strength = max(-appraisal.praiseworthiness, -appraisal.desirability, 0.0)
    if Mark.THREAT in appraisal.marks:
        return max(0.7, strength)
    if Mark.INSULT in appraisal.marks:
        return max(_LEAST, strength)
    rude = appraisal.agent is Who.SENDER and appraisal.target is Who.ME
    blame = max(-appraisal.praiseworthiness, 0.0)
    return 0.5 * blame if rude and blame >= _NOTABLE and Mark.APOLOGY not in appraisal.marks else 0.0


def _kindness(appraisal: Appraisal) -> float:
    if appraisal.marks & _KIND:
        return max(_LEAST, appraisal.praiseworthiness, appraisal.desirability)
    praise = max(appraisal.praiseworthiness, 0.0)
    return 0.5 * praise if appraisal.agent is Who.SENDER and praise >= _NOTABLE else 0.0


def _cause(marks: frozenset[Mark], harm: float, kindness: float, apology: bool, confiding: bool) -> Text:
    if harm:
        if Mark.THREAT in marks:
            return T("{name} made a threat.")
        return T("{name} was insulting.") if Mark.INSULT in marks else T("{name} was unfriendly.")
    if apology:
        return T("{name} apologised.")
    if kindness:
        return _kind_cause(marks)
    return T("{name} confided something.") if confiding else T("{name} came to talk.")


def _kind_cause(marks: frozenset[Mark]) -> Text:
    if Mark.AFFECTION in marks:
        return T("{name} was affectionate.")
    if Mark.PRAISE in marks:
        return T("{name} gave praise.")
    return T("{name} said thank you.") if Mark.THANKS in marks else T("{name} was friendly.")


def moved(
    metrics: Metrics, touch: Touch, formality: float, traits: Traits, gained: Metrics = NO_GAIN
) -> Metrics:
    """The values after a message. No value moves further than `RISE` and `FALL`.

    Args:
        metrics: as they are now (settled). formality: of the message, −1…1, 0 when it cannot be told.
        gained: what messages already raised in the last 24 hours.
    """
    wanted = _steps(metrics, touch, traits)
    steps = wanted._replace(
        rapport=min(wanted.rapport, max(DAY_RAPPORT - gained.rapport, 0.0)),
        trust=min(wanted.trust, max(DAY_TRUST - gained.trust, 0.0)),
        formality=_formality_step(metrics.formality, formality),
    )
    cut = (bounded(step, -fall, rise) for step, rise, fall in zip(steps, RISE, FALL, strict=True))
    return within(Metrics(*(value + step for value, step in zip(metrics, cut, strict=True))))


def _steps(now: Metrics, touch: Touch, traits: Traits) -> Metrics:
    if touch.harm:
        temper = 1.0 + 0.4 * traits.neuroticism - 0.3 * traits.agreeableness
        return Metrics(2.5 * touch.harm * temper, -0.8 * touch.harm, -1.0 * touch.harm, 0.0)
    anger = -0.4 * touch.kindness
    rapport = 0.04 + 0.5 * touch.kindness * (1.0 + 0.3 * traits.agreeableness)
    trust = 0.01 + 0.15 * touch.kindness
    if touch.apology:
        # Words are believed as far as there is trust, and weigh the more the angrier one is.
        believed = 0.4 + 0.06 * now.trust
        anger -= (1.2 + 0.3 * now.anger) * believed * (1.0 + 0.3 * traits.agreeableness)
        rapport, trust = rapport + 0.2 * believed, trust + 0.1 * believed
    if touch.confiding:
        rapport, trust = rapport + 0.25, trust + 0.08
    # Who is close hardly gets closer; who is angry warms up slowly.
    room = (1.0 - now.rapport / 12.0) * (1.0 - now.anger / 15.0)
    return Metrics(anger, rapport * room, trust * (1.0 - now.anger / 15.0), 0.0)


def _formality_step(now: float, formality: float) -> float:
    return 0.2 * (5.0 * formality - now) if formality else 0.0
