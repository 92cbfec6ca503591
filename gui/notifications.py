"""What the computer tells the host while the window is not in front: only what needs them, and not often."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.clock import Clock
from core.events import Bus, Notice, SessionChanged, Subscription
from core.session import SessionState, SessionStatus
from core.words import say
from gui.operation import Tasks

PATIENCE_S = 60.0  # Discord drops a connection now and then, and it is back in seconds
SAME_AGAIN_AFTER_S = 1800.0
MOST_IN_AN_HOUR = 6
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Notification:
    """What is told.

    Attributes:
        level: bad, warn or good. page: the page that opens when it is clicked.
    """

    title: str
    text: str
    level: str
    page: str


class Notifications:
    """Listens to what goes wrong.

    Args:
        show: shows one. wanted: whether the host wants any. in_front: whether they look at the window.
    """

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        show: Callable[[Notification], object],
        wanted: Callable[[], Awaitable[bool]],
        in_front: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._show = show
        self._wanted = wanted
        self._in_front = in_front
        self._tasks = Tasks()
        self._waits = Tasks()
        self._told_at: dict[str, float] = {}
        self._recent: deque[float] = deque()
        self._state = SessionState.STOPPED
        self._away_told = False
        self._subscriptions: list[Subscription] = [
            bus.listen(SessionChanged, lambda changed: self._session_changed(changed.status)),
            bus.listen(Notice, self._noticed),
        ]

    async def end(self) -> None:
        """Tell nothing more."""
        for subscription in self._subscriptions:
            subscription.end()
        await self._waits.end()
        await self._tasks.end()

    async def settled(self) -> None:
        """Wait until what was heard so far has been told or kept back."""
        await self._tasks.idle()
        await self._waits.idle()

    def _session_changed(self, status: SessionStatus) -> None:
        before, self._state = self._state, status.state
        if status.state is SessionState.FAILED:
            why = f"{status.trouble.what} {status.trouble.step}" if status.trouble is not None else ""
            self._tell(Notification(say("The bot is offline"), why, "bad", "session"))
            self._away_told = False
        elif status.state is SessionState.RECONNECTING and before is not SessionState.RECONNECTING:
            self._waits.cancel()  # that was another break of the connection
            self._waits.start(self._after_a_while(), "waiting for the connection")
        elif status.state is SessionState.ONLINE and self._away_told:
            self._away_told = False
            self._tell(Notification(say("The bot is online again"), "", "good", "session"))

    async def _after_a_while(self) -> None:
        await self._clock.sleep(PATIENCE_S)
        if self._state is SessionState.RECONNECTING:
            why = say("Discord has not been reached for a minute. Echodeck keeps trying.")
            self._away_told = await self._told(
                Notification(say("The bot is offline"), why, "warn", "session")
            )

    def _noticed(self, notice: Notice) -> None:
        if notice.level == "bad":
            step = say(notice.step) if notice.step is not None else ""
            self._tell(Notification(say(notice.text), step, "bad", "session"))

    def _tell(self, one: Notification) -> None:
        self._tasks.start(self._told(one), "a notification")

    async def _told(self, one: Notification) -> bool:
        """Show it, unless it would be a bother; answers whether it was shown."""
        if self._in_front() or not await self._wanted():
            return False
        now = self._clock.monotonic()
        while self._recent and now - self._recent[0] >= HOUR_S:
            self._recent.popleft()
        key = f"{one.title} {one.text}"
        again = now - self._told_at.get(key, -SAME_AGAIN_AFTER_S) < SAME_AGAIN_AFTER_S
        if again or len(self._recent) >= MOST_IN_AN_HOUR:
            return False
        self._recent.append(now)
        self._told_at = {known: at for known, at in self._told_at.items() if now - at < SAME_AGAIN_AFTER_S}
        self._told_at[key] = now
        self._show(one)
        return True
