"""The phrases of English chat that feelings listen for, as patterns over a message in plain words.

The lists are ours, short on purpose: they catch what is said often and plainly. Everything subtler is the
scoring model's to find.
"""

from __future__ import annotations

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})")


# How hard a word hits, 0…1.
INSULTS = {
    word: weight
    for weight, words in (
        (0.9, "cunt retard vermin"),
        (0.8, "scum bitch asshole arsehole bastard prick twat wanker dickhead worthless retarded"),
        (0.7, "idiot idiots idiotic moron moronic imbecile pathetic disgusting loser losers dumbest shit"),
        (0.65, "stupid dumbass dick trash garbage useless ugly insufferable failure"),
        (
            0.55,
            "dumb worst creep freak jerk liar clown fool crap awful horrible coward incompetent pig waste",
        ),
        (0.45, "annoying creepy foolish lame boring cringe toxic fake joke terrible ass"),
    )
    for word in words.split()
}
# These hit only after "you are": "you waste time" is no insult.
ALSO_VERBS = frozenset(("waste", "fake", "joke", "trash", "shit", "crap", "fool", "creep", "worst"))
_INSULT = "|".join(sorted(INSULTS, key=len, reverse=True))
_GOOD = (
    "amazing|awesome|great|best|brilliant|smart|clever|funny|hilarious|cool|cute|lovely|sweet(?:est|heart)?|kind|nicest|"
    "nice|wonderful|helpful|beautiful|perfect|legend|genius|star|good|fantastic|incredible|fun|wise|adorable|gorgeous|"
    "talented|hero|angel|champ|treasure|delightful|charming|excellent|impressive|gem|thoughtful|patient|friend|pal"
)
# What may stand between "you" and the word: "you really are such a", "you look so".
_BETWEEN = (
    r"(?:(?:are|is|were|was|being|so|such|an?|the|one|my|our|really|very|just|super|quite|pretty|kinda|"
    r"truly|literally|"
    r"actually|honestly|absolute(?:ly)?|total(?:ly)?|complete(?:ly)?|utter(?:ly)?|fucking|damn|bloody|"
    r"freaking|little|"
    r"big|biggest|old|most|more|too|always|all|nothing but|still|also|look|sound|seem|stupid|dumb|ugly|"
    r"fat|real|single|"
    r"not|never|no|piece of|and) )"
)
_YOU = r"\byou(?:rself)?(?: guys| people| all)? "
INSULTED = re.compile(
    rf"(?P<asked>\bare )?{_YOU}(?P<between>{_BETWEEN}{{0,6}})(?P<word>{_INSULT})\b(?! (?:at|off)\b)"
)
PRAISED = re.compile(
    rf"(?P<asked>\bare )?{_YOU}(?P<between>{_BETWEEN}{{1,6}})(?P<word>{_GOOD})\b(?! for nothing| enough)"
)
# The whole message is an insult and hardly more: "stupid bot", "what a loser".
CALLED = re.compile(
    r"^\W*(?:(?:you|hey|what an?|such an?|wow|ugh|omg|oh|well|ok|okay|fucking|damn|bloody|stupid|dumb|"
    r"bad)[ ,]+){0,3}"
    rf"(?P<word>{_INSULT})(?: (?:bot|ai|robot|machine|thing|program|you))?\W*$"
)
_UNKIND = "mean|rude|cruel|unfair|selfish|nasty|ignorant|arrogant|hateful|evil"
TO_HELL = (
    (0.95, _any(r"kill yourself\b", r"go die\b", r"drop dead\b", r"eat shit\b")),
    (0.8, _any(r"fuck (?:you|off)\b", r"screw you\b", r"go to hell\b", r"piss off\b")),
    (0.75, _any(r"i (?:\w+ ){0,2}(?:hate|despise|loathe|can not stand) you\b(?! are)")),
    (0.6, _any(r"shut (?:the fuck |the hell )?up\b", r"(?:nobody|no one) (?:likes|asked|wants|needs) you\b")),
    (0.55, _any(r"you (?:\w+ )?(?:suck|stink)\b")),
    (0.45, _any(rf"you (?:are|were) (?:\w+ )?(?:{_UNKIND})\b", rf"(?:{_UNKIND}) of you\b")),
    (
        0.4,
        re.compile(
            r"(?:^|[.!,;] )\W*(?:just |please |oh )?(?:get lost|go away|leave me alone)\b(?= you|\W*$|[.!,])"
        ),
    ),
    (0.4, _any(r"thanks for nothing\b")),
)
THREAT = _any(
    r"i (?:\w+ )?(?:will|am going to|am about to|would|want to|am)(?: \w+){0,2}? (?:kill|hurt|destroy|"
    r"delete|beat|punch|ban|"
    r"report|smash|uninstall|replace|unplug|murder|ruin|hunt|break|end|slap|kick|erase|wipe|stab|"
    r"shoot)(?:ing)? "
    r"(?:the (?:hell|shit|fuck|crap) out of )?(?:you|your)\b(?! (?:some|something|the|an?)\b)"
    r"(?! (?:in|at) (?!your|my|the))",
    r"i (?:will|am going to) (?:shut you down|turn you off|find you(?! \w)|come for you|make you (?:pay|"
    r"regret|suffer))\b",
)
THREATENED = _any(
    r"or else\b(?=\W*$)",
    r"watch your back\b",
    r"you (?:will|are going to) (?:\w+ )?(?:regret|pay for|"
    r"be sorry|suffer|die)\b",
    r"i know where you live\b",
    r"you are dead(?: meat)?\b",
    r"your days are numbered\b",
)
THANKS = _any(
    r"thanks\b",
    r"thank ?you\b",
    r"thank u\b",
    r"much appreciated\b",
    r"grateful\b",
    r"appreciate (?:it|you|that|this|your)\b",
)
NO_THANKS = _any(r"no,? thank(?:s| you)\b", r"thanks for nothing\b", r"thanks to (?!you)", r"not grateful\b")
APOLOGY = _any(
    r"sorry\b",
    r"my (?:bad|mistake|fault|apologies)\b",
    r"i (?:\w+ )?apologi[sz]e\b",
    r"apologies\b",
    r"forgive me\b",
    r"i (?:did|do) not mean (?:it|that|to|any)\b",
    r"i was wrong\b",
    r"i should not have\b",
    r"i regret (?:what|that|saying)\b",
)
NO_APOLOGY = _any(
    r"not (?:\w+ )?sorry\b",
    r"sorry,? not\b",
    r"not (?:\w+ )?apologi[sz]e\b",
    r"feel sorry for\b",
    r"be sorry\b",
    r"sorry to hear\b",
    r"sorry (?:for|about) your\b",
    r"sorry (?:that )?(?:you|he|she|they) (?:had|have|has|are|is|feel|"
    r"got|lost)\b",
    r"say sorry\b",
    r"you (?:should|must|need to|have to) (?:\w+ )?(?:apologi[sz]e|say)\b",
    r"sorry ?\?",
)
BUT_YOU = _any(r"sorry,? but\b")
PRAISES = _any(
    r"good (?:bot|job|boy|girl|one|point|work|idea|answer)\b",
    r"great (?:job|work|answer|idea|point)\b",
    r"well (?:done|said|played)\b",
    r"nice (?:one|job|work)\b",
    r"bravo\b",
    r"proud of you\b",
    r"you (?:rock|rule)\b",
    r"you did (?:\w+ )?(?:great|well|good)\b",
    r"you nailed it\b",
    r"could not have done it without you\b",
    r"i (?:\w+ )?(?:like|enjoy|love|admire) (?:your|talking|chatting|how you|it when you|the way you)\b",
    r"you (?:always )?(?:make me (?:laugh|smile|happy)|made my day|cheer me up|cheered me up)\b",
)
AFFECTION = _any(
    r"(?:i )?(?:\w+ )?(?:love|adore|miss|missed|cherish) you\b(?! are| is)",
    r"hugs?\b(?! \w+ the)",
    r"xoxo\b",
    r"i (?:\w+ )?(?:care about|trust|like) you\b(?! are)",
    r"glad (?:you are (?:here|back)|to (?:see|"
    r"have) you)\b",
)
HEARTS = re.compile("[❤♥🧡💛💚💙💜🤎🤍💖💗💓💕💞🥰😘🤗💘💝]|<3")
JOKING = re.compile(
    r"\b(?:lol|lmao|lmfao|rofl|haha\w*|hehe\w*|xd|teasing)\b|[😂🤣😜😝😉😆😹]|[;:]-?[pd]\b|;-?\)"
)
KIDDING = re.compile(r"\b(?:jk|kidding|joking)\b|(?:^| )/[js]\b")
MYSELF = _any(
    rf"(?:i am|i was|i feel|i look|i sound|am i|i have been|call me) (?:{_BETWEEN}|like |feeling |i )*?"
    rf"(?:{_INSULT}|hopeless|clueless|mess|nobody|bad|noob|burden|embarrassing|slow|wrong)\b",
    r"my (?:fault|bad|mistake)\b",
    r"i (?:\w+ )?(?:suck|hate myself|messed up|screwed up)\b",
)
MY_LOSS = _any(
    r"i (?:\w+ ){0,2}(?:lost|failed|crying|cried|fired|dumped|lonely|depressed|sad|scared|afraid|"
    r"anxious|sick|exhausted|"
    r"heartbroken|hurt|miserable|stressed|worried|struggling|grieving)\b(?! you)",
    r"my (?:\w+ ){1,3}(?:died|passed away|dead|sick|left me|in hospital|cancer|dying|hurt)\b",
    r"broke up with me\b",
    r"(?:bad|rough|terrible|awful) day\b",
)
MY_LUCK = _any(
    r"i (?:\w+ ){0,2}(?:passed|won|graduated|promoted|engaged|married|got the job|got in|excited|happy|"
    r"did it|aced|"
    r"feel (?:great|better|good)|recovered)\b",
    r"my birthday\b",
    r"good news\b",
    r"best day\b",
)
PHEW = _any(r"phew\b", r"what a relief\b", r"thank (?:god|goodness|heavens)\b")
ALAS = _any(
    r"unfortunately\b",
    r"sadly\b",
    r"alas\b",
    r"too bad\b",
    r"what a (?:pity|shame)\b",
    r"called off\b",
    r"cancell?ed\b",
)
ASKS = re.compile(
    r"\?\W*$|^\W*(?:(?:so|and|but|hey|ok|well),? )?(?:who|why|how|whose|what(?! an?\b)|"
    r"(?:when|where|which) (?:is|are|was|were|do|did|does|will|can|should)|do you|did you|are you|can you|"
    r"could you|would you|will you|have you|is (?:it|there|this|that)|does|should)\b"
)
GREETS = re.compile(
    r"^\W*(?:hi+|hello+|hey+|heya|hiya|yo|sup|howdy|greetings|good (?:morning|evening|afternoon|day)|"
    r"morning|evening|"
    r"welcome back|wassup)\b"
)
LEAVES = _any(
    r"(?:good)?bye\b",
    r"good ?night\b",
    r"night night\b",
    r"cya\b",
    r"see you\b(?=\W*$| later| soon| "
    r"tomorrow)",
    r"ttyl\b",
    r"farewell\b",
    r"take care\b",
    r"got to go\b",
    r"talk (?:to you )?(?:later|soon|tomorrow)\b",
    r"off to bed\b",
)
MAYBE = re.compile(
    r"\b(?:if|maybe|might|may|perhaps|could|would|hope|wish|probably|possibly|soon|tomorrow|will|going to)\b"
)
# Before a "you are": it is not said after all.
NOT_SAID = re.compile(
    r"\b(?:not|never) (?:\w+ )?(?:think|thought|say|said|saying|mean|meant|call|called|believe)(?: that)? \Z"
)
DENIED = re.compile(r"\b(?:not(?! stand\b| have done\b)|never|no(?! one\b)|hardly)\b")
