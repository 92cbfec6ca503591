"""The lower edge of a chart over time, with days and months in the language of the window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import figures

_WRITTEN = {"%b": figures.month, "%a %d": figures.weekday}  # by how pyqtgraph would have Python write them


def date_axis(graph: Any) -> Any:
    """An axis of `graph`, which is pyqtgraph: see gui/widgets/chart.py why it comes late."""

    class DateAxis(graph.DateAxisItem):  # type: ignore[misc,name-defined,unused-ignore]
        def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
            """What stands at these moments, in seconds of Unix time."""
            spec = next((each for each in self.zoomLevel.tickSpecs if each.spacing == spacing), None)
            write = _WRITTEN.get(spec.format) if spec is not None else None
            if write is None:
                return list(super().tickStrings(values, scale, spacing))
            return [write(datetime.fromtimestamp(value)) for value in values]

    return DateAxis()
