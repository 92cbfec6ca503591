"""Which tools there are at this moment: what the host has switched on and set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.conversation.toolbox import Tool, Toolbox
from core.conversation.tools import everyday_tools
from core.conversation.tools_memory import MemoryTools, memory_tools, recall_tool
from core.conversation.tools_web import WebSearch, address
from core.settings import SEARCH_URL, TOOLS


class Toolset:
    """All tools that can be had.

    Args:
        memory: what changes memories for the person who asks, or None: then nothing does.
        web: how the web is searched.
    """

    def __init__(self, memory: MemoryTools | None = None, web: WebSearch | None = None) -> None:
        self._memory = memory
        self._web = web or WebSearch()

    def toolbox(self, settings: Mapping[str, Any]) -> Toolbox:
        """The tools of a turn.

        Args:
            settings: all values in force, by key.
        """
        if not settings[TOOLS.key]:
            return Toolbox(())
        tools: list[Tool[Any]] = [*everyday_tools(), recall_tool()]
        if self._memory is not None:
            tools += memory_tools(self._memory)
        if address(settings[SEARCH_URL.key]) is not None:
            tools.append(self._web.tool())
        return Toolbox(tools)
