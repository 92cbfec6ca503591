"""What other people are called, so that their names are not kept in somebody's echo. Held in memory only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from core.echo.clean import Cleaner
from core.echo.consent import Consent
from core.echo.style import FUNCTION_WORDS
from core.memory.lexicon import lexicon
from db import echo_others
from db.store import Store

_COMMON = frozenset(FUNCTION_WORDS)
_MOST = 5_000


class Names:
    """Names as they come up, and a cleaner that knows them all."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = {name.casefold() for name in own}
        self._known: set[str] = set()
        self._cleaner: Cleaner | None = None

    @classmethod
    async def known(cls, store: Store, consent: Consent) -> Names:
        """Everybody's whom the bot has met where the consent holds."""
        names = cls([consent.subject_name])
        found = await store.read(echo_others.names, consent.realm, consent.subject_id)
        await asyncio.to_thread(names.met, found)
        return names

    def met(self, *groups: Iterable[str]) -> None:
        """Somebody is called this. Words of the language stay words: to blank them would blank the talk."""
        for group in groups:
            for name in group:
                plain = name.strip().casefold()
                if len(plain) < 3 or plain in self._own or plain in self._known or len(self._known) > _MOST:
                    continue
                if plain in _COMMON or plain in lexicon().part:
                    continue
                self._known.add(plain)
                self._cleaner = None

    def cleaner(self) -> Cleaner:
        """Takes all these names out."""
        if self._cleaner is None:
            self._cleaner = Cleaner(self._known)
        return self._cleaner
