"""What every page is: a title, actions beside it, content in one of four states, work it owns."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent, QUndoStack
from PySide6.QtWidgets import QLineEdit, QWidget

from core.errors import Explained
from core.events import Bus, Event, Subscription
from core.guide import START
from core.words import say
from gui.help.asking import about, ask, help_button
from gui.help.topics import PAGES
from gui.operation import Operation, Tasks
from gui.reading_order import go_to, stops
from gui.theme import SPACE
from gui.widgets.basics import column, label, row
from gui.widgets.scrolled import Scrolled
from gui.widgets.states import States

if TYPE_CHECKING:
    from gui.widgets.trace import TracePanel

Result = TypeVar("Result")
Listened = TypeVar("Listened", bound=Event)


@dataclass(frozen=True)
class Toast:
    """Something said in passing.

    Attributes:
        level: good, warn, bad or info. act: the word on its button, e.g. Undo; on_act: what it does.
        anew: says it again, in whatever language is spoken then; None: it was said in passing only.
    """

    text: str
    level: str = "info"
    act: str = ""
    on_act: Callable[[], object] | None = None
    anew: Callable[[], str] | None = None


class Page(QWidget):
    """A page. A subclass fills `content`, and loads what it shows in `load`.

    Attributes:
        content: the widget to fill; tools: the row of buttons beside the title; states: what is shown.
        toasted: the page has something to say in passing.
        foot: what toasts leave free at the lower edge, e.g. where one writes; None: they may lie there.
        working: the page began an Operation; the status bar shows it when it takes over a second.
        over: it has ended.
        beside: a panel that Escape closes. edits: what Ctrl+Z takes back.
        wanted: the page asks for another one by its name, e.g. `settings`, or for `guide`, or for a step
            of it, e.g. `guide:token`.
    """

    toasted = Signal(object)
    working = Signal(object)
    wanted = Signal(str)

    def __init__(self, name: str, title: str, bus: Bus) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(title)
        self.name = name
        self.title = title
        self.tasks = Tasks()
        self._bus = bus
        self._subscriptions: list[Subscription] = []
        self._loaded = False
        self.beside: TracePanel | None = None
        self.edits: QUndoStack | None = None
        self.over = False
        self.heading = label(title, "title")
        self.heading.setMinimumHeight(SPACE.control_height)  # with tools beside it or not
        self.tools = row(gap=SPACE.small)
        self.content = QWidget()
        self.foot: QWidget | None = None
        self.states = States(self.content)
        self._build_page()

    def _build_page(self) -> None:
        self.help = help_button()
        about(self, PAGES.get(self.name, START))
        self._page_head = row(self.heading, 1, self.tools, self.help, gap=SPACE.medium)
        self._page_body = row(self.states)
        self._page_end = SPACE.large
        inside = column(self._page_head, self._page_body, gap=SPACE.medium)
        inside.setStretch(1, 1)
        self._holder = QWidget()
        self._holder.setLayout(inside)
        self.keep_narrow(SPACE.page)
        self._page_box = row(0, self._holder, 0, gap=0)
        self._page_box.setStretch(1, 1)
        self.setLayout(self._page_box)
        self._keep_margins()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._keep_margins()

    def _keep_margins(self) -> None:
        """The end of a line is at the right, or at the left for those who read from the right."""
        for box, begin, end, beyond in (
            (self._page_box, SPACE.large, 0, SPACE.medium),
            (self._page_head, 0, SPACE.large, 0),
            (self._page_body, 0, self._page_end, 0),
        ):
            sides = (end, begin) if self.isRightToLeft() else (begin, end)
            box.setContentsMargins(sides[0], beyond, sides[1], beyond)

    # what a subclass gives

    async def load(self) -> None:
        """Read what the page shows. Runs when the page is first shown, and at `reload`."""

    def may_leave(self, leave: Callable[[], None]) -> bool:
        """Answer True when nothing unsaved would be lost. Else ask (without blocking), and call `leave`
        once the host has decided to go."""
        return True

    def unfinished(self) -> object | None:
        """What goes on here and shall go on when the page is made anew; handed to its `take_over`."""
        return None

    def take_over(self, unfinished: Any) -> None:
        """Go on with what the page before this one was at."""

    # what the window's keys ask for

    def begin_search(self) -> None:
        """Ctrl+F: go to the field that searches what is shown."""
        fields = (stop for stop in stops(self) if isinstance(stop, QLineEdit) and stop.isClearButtonEnabled())
        if (field := next(fields, None)) is not None:
            go_to(field, Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def take_back(self) -> bool:
        """Ctrl+Z: take the last step back; False when this page keeps no steps, or there is none."""
        if self.edits is None or not self.edits.canUndo():
            return False
        self.edits.undo()
        return True

    def step_back(self) -> bool:
        """Escape: close what stands beside the content; False when nothing does."""
        if self.beside is None or self.beside.isHidden():
            return False
        self.beside.closed.emit()
        return True

    # what a subclass uses

    def keep_narrow(self, widest: int) -> None:
        """Grow no wider than this, in the middle of the window: on a large screen nobody reads across it."""
        self._holder.setMaximumWidth(widest + SPACE.large)

    def fill_scrolled(self, inside: QWidget) -> Scrolled:
        """Show a column of cards that scrolls; its bar stands in the page's margin."""
        scrolled = Scrolled(inside, self.title)
        self.content.setLayout(column(scrolled))
        self.to_the_edge()
        return scrolled

    def to_the_edge(self) -> None:
        """The content keeps the page's margin at its end itself: something there scrolls."""
        self._page_end = 0
        self._keep_margins()

    def run(
        self, work: Coroutine[Any, Any, Result], title: str, then: Callable[[Result], object] | None = None
    ) -> Operation[Result]:
        """Start an operation of this page. Without a `failure` of its own, a failure becomes a toast.

        Give continuations before returning to the loop: `self.run(…).success(…)`.
        """
        operation = Operation(self.tasks, title, work, self.toast_trouble)
        if then is not None:
            operation.success(then)
        operation.start()
        self.working.emit(operation)
        return operation

    def listen(self, kind: type[Listened], listener: Callable[[Listened], None]) -> None:
        """Hear of events for as long as the page lives."""
        self._subscriptions.append(self._bus.listen(kind, listener))

    def toast(
        self, text: str, level: str = "info", act: str = "", on_act: Callable[[], object] | None = None
    ) -> None:
        """Say something in passing, with a button when there is something to do, e.g. Undo."""
        self.toasted.emit(Toast(text, level, act, on_act))

    def toast_trouble(self, trouble: Explained) -> None:
        """Say in passing what went wrong and what to do."""
        act = say("Help") if trouble.topic else ""
        self.toast(f"{trouble.what} {trouble.step}", "bad", act, lambda: ask(self, trouble.topic))

    def reload(self) -> Operation[None]:
        """Read everything again."""
        self._loaded = True
        return self.run(self.load(), say("Loading")).failure(self.show_trouble)

    def show_trouble(self, trouble: Explained) -> None:
        """The page cannot show what it is for."""
        self.states.show_trouble(trouble, say("Try again"), self.reload)

    # its life

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._loaded:
            self.reload()

    async def end(self) -> None:
        """Stop listening and working. The page shows nothing new after this."""
        self.over = True
        for subscription in self._subscriptions:
            subscription.end()
        await self.tasks.end()
