"""What comes round by itself: the backup, the night, speaking up, reminders, echoes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.conversation import status
from core.conversation.desk import Desk
from core.conversation.message import Door, Realm
from core.conversation.proactive import EVERY_MINUTES, Proactive
from core.conversation.reminding import Reminding
from core.copies import Copies
from core.echo.echoes import Echoes
from core.errors import explain
from core.events import MemoryChanged, Notice
from core.memory.night import Night
from core.retention import Retention
from core.schedule import Daily, Every, Job, Often
from core.settings import BACKUP_HOUR, CONSOLIDATION_HOUR
from core.thrift import give_back
from core.words import T
from db.backup import Reason

_CATCH_UP = timedelta(minutes=5)  # speaking up is not caught up later: the moment has passed


@dataclass(frozen=True, slots=True)
class Rounds:
    """The jobs and what they work with.

    Args:
        doors: the doors that are open now, by realm.
    """

    desk: Desk
    night: Night
    proactive: Proactive
    doors: Callable[[], Mapping[Realm, Door]]
    echoes: Echoes
    letting_go: tuple[Retention, Copies]

    def jobs(self) -> tuple[Job, ...]:
        """The jobs, for the schedule."""
        settings = self.desk.settings
        return (
            Daily("backup", lambda: settings.get(BACKUP_HOUR), self._back_up),
            Daily("retention", lambda: settings.get(BACKUP_HOUR), self._let_go),
            Daily("night", lambda: settings.get(CONSOLIDATION_HOUR), self._pass_the_night),
            Every("proactive", EVERY_MINUTES, self.proactive.run, _CATCH_UP),
            Often("reminders", Reminding(self.desk, self.doors).run),
            Daily("echoes", lambda: settings.get(CONSOLIDATION_HOUR), self.echoes.clean),
            Every("echo sessions", 60, self.echoes.check_sessions),
        )

    async def _pass_the_night(self) -> None:
        """Memories are sorted, the day leaves its mark on the persona, and a new day begins."""
        for realm in (Realm.DISCORD, Realm.PRACTICE):
            await self.night.run(realm)
            self.desk.bus.publish(MemoryChanged(realm))
        kept = await self.desk.personas.active()
        if kept is not None and self.desk.feelings is not None:
            await self.desk.feelings.reflect(kept.id, kept.persona)
        await status.renew(self.desk)
        await asyncio.to_thread(give_back)

    async def _back_up(self) -> None:
        try:
            await self.desk.store.back_up(Reason.DAILY, self.desk.clock.now())
        except Exception as error:
            told = explain(error)
            failed = T("The daily backup failed: {why}", why=told.what)
            self.desk.bus.publish(Notice("bad", failed, told.step))
            raise
        await asyncio.to_thread(give_back)

    async def _let_go(self) -> None:
        """What was kept for its time goes; who was erased is erased in the backups too."""
        retention, copies = self.letting_go
        await retention.run()
        await copies.clean_and_tell()
