"""Looks at a page as somebody does who opens it, scrolls it in every way, and searches it; and notes how
long each picture took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QWidget

from benchmarks.tables_pages import Watched

STEPS = 60
BREATH_S = 0.008
_TICK_S = 0.004
_PATIENCE_S = 15.0
_NOTCH = 120
Row = dict[str, Any]


class Painted(QObject):
    """Notes when a window was painted while `ready` held."""

    def __init__(self, widget: QWidget, ready: Callable[[], bool]) -> None:
        super().__init__(widget)
        self._ready, self._window = ready, widget.window()
        self.at = 0.0
        self.done = asyncio.Event()
        self._window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() == QEvent.Type.UpdateRequest and not self.done.is_set() and self._ready():
            QTimer.singleShot(0, self._over)
        return False

    def _over(self) -> None:
        if not self.done.is_set():
            self.at = time.perf_counter()
            self.done.set()
            self._window.removeEventFilter(self)

    async def wait(self) -> float:
        """When it was; when patience is over, that."""
        try:
            await asyncio.wait_for(self.done.wait(), _PATIENCE_S)
        except TimeoutError:
            self.at = time.perf_counter()
        return self.at


class Ticks:
    """A short tick: how late each came by the clock, and how long the loop's thread computed between two."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self.held_ms: list[float] = []

    async def __aenter__(self) -> Ticks:
        self._task = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _tick(self) -> None:
        while True:
            due, busy = time.perf_counter() + _TICK_S, time.thread_time()
            await asyncio.sleep(_TICK_S)
            self.late_ms.append(max(0.0, (time.perf_counter() - due) * 1000))
            self.held_ms.append((time.thread_time() - busy) * 1000)


async def first_paint(shown: Callable[[], Any], watched: Watched, begin: Callable[[], object]) -> Row:
    """From `begin` to the first picture with rows in it, on the page that is shown then."""
    async with Ticks() as ticks:
        began, busy = time.perf_counter(), time.process_time()
        begin()
        page = shown()
        painted = Painted(page, lambda: watched.is_ready(page))
        await painted.wait()
        took, cpu = painted.at - began, time.process_time() - busy
        await page.tasks.idle()
    return {
        "of": watched.name,
        "what": "first paint",
        "ms": round(took * 1000, 1),
        "cpu_ms": round(cpu * 1000, 1),
        "held_ms": round(max(ticks.held_ms, default=0.0), 1),
        "settled_ms": round((time.perf_counter() - began) * 1000, 1),
    }


async def scrolled(page: Any, watched: Watched) -> list[Row]:
    """Scroll by wheel, by pages, by dragging the bar from end to end, and to both ends by keys."""
    view: QAbstractScrollArea = watched.view(page)
    bar, rows = view.verticalScrollBar(), []
    ways: dict[str, Callable[[int], object]] = {
        "rest": lambda _step: None,
        "wheel": lambda _step: _turn_wheel(view),
        "pages": lambda _step: _press(view, Qt.Key.Key_PageDown),
        "dragged": lambda step: bar.setValue(
            bar.minimum() + (bar.maximum() - bar.minimum()) * step // (STEPS - 1)
        ),
        "ends": lambda step: _press(view, Qt.Key.Key_End if step % 10 < 5 else Qt.Key.Key_Home),
    }
    for way, act in ways.items():
        async with Ticks() as ticks:
            for step in range(STEPS):
                began, busy = time.perf_counter(), time.thread_time()
                act(step)
                view.viewport().repaint()
                took, cpu = time.perf_counter() - began, time.thread_time() - busy
                rows.append(_frame(watched, way, "frame", took * 1000, cpu * 1000))
                await asyncio.sleep(BREATH_S)
            await page.tasks.idle()
        rows += [
            _frame(watched, way, "late", late, held)
            for late, held in zip(ticks.late_ms, ticks.held_ms, strict=True)
        ]
    return rows


async def leapt(page: Any, watched: Watched) -> Row:
    """From the key End to the last rows, read and painted."""
    view: QAbstractScrollArea = watched.view(page)
    bar = view.verticalScrollBar()
    _press(view, Qt.Key.Key_Home)  # the first key only chooses a row
    bar.setValue(bar.minimum())
    await page.tasks.idle()
    await asyncio.sleep(0.05)
    began = time.perf_counter()
    painted = Painted(view, lambda: _last_is_here(view))
    if isinstance(view, QAbstractItemView):
        _press(view, Qt.Key.Key_End)
    else:
        bar.setValue(bar.maximum())
    view.viewport().update()
    await painted.wait()
    return {"of": watched.name, "what": "leap", "ms": round((painted.at - began) * 1000, 1)}


async def searched(page: Any, watched: Watched) -> Row:
    """Type a word; from its last letter to the first picture of what was found."""
    assert watched.search is not None
    field, view = watched.search(page), watched.view(page)
    changed = asyncio.Event()
    model = view.model()
    signals = (model.modelReset, model.dataChanged, model.rowsInserted, model.rowsRemoved)
    for signal in signals:
        signal.connect(changed.set)
    async with Ticks() as ticks:
        for letter in watched.sought[:-1]:
            field.setText(field.text() + letter)
            await asyncio.sleep(0.03)
        changed.clear()
        began, busy = time.perf_counter(), time.process_time()
        field.setText(watched.sought)
        painted = Painted(view, lambda: changed.is_set() and watched.is_ready(page))
        await painted.wait()
        took, cpu = painted.at - began, time.process_time() - busy
        await page.tasks.idle()
    for signal in signals:
        signal.disconnect(changed.set)
    found = model.rowCount()
    field.clear()
    await asyncio.sleep(0.3)
    await page.tasks.idle()
    return {
        "of": watched.name,
        "what": "search",
        "ms": round(took * 1000, 1),
        "cpu_ms": round(cpu * 1000, 1),
        "held_ms": round(max(ticks.held_ms, default=0.0), 1),
        "found": found,
    }


def _frame(watched: Watched, way: str, kind: str, took: float, cpu: float) -> Row:
    return {"of": watched.name, "what": kind, "way": way, "ms": round(took, 2), "cpu_ms": round(cpu, 2)}


def _turn_wheel(view: QAbstractScrollArea) -> None:
    middle = QPointF(view.viewport().rect().center())
    turned = QWheelEvent(
        middle,
        view.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, -_NOTCH),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), turned)


def _press(view: QWidget, key: Qt.Key) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(view, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


def _last_is_here(view: QAbstractScrollArea) -> bool:
    bar = view.verticalScrollBar()
    if not isinstance(view, QAbstractItemView):
        return bar.value() == bar.maximum()
    model = view.model()
    last = model.index(model.rowCount() - 1, 0)
    return bar.value() == bar.maximum() and last.data() != "…"
