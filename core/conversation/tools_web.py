"""Web search, through a SearXNG the host runs or trusts; without one there is none.

Nothing but the configured address is ever asked, and no page that a search finds is opened.
"""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
from pydantic import Field, StringConstraints

from core.conversation.toolbox import Arguments, At, Refused, Tool
from core.safety.clean import one_line
from core.settings import SEARCH_URL

MOST_RESULTS = 5
MOST_BYTES = 1_000_000
WITHIN_S = 10.0


class Search(Arguments):
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$", description="e.g. en")] = "en"


class WebSearch:
    """Searches the web with the address that the settings name at the moment.

    Args:
        transport: how the address is reached; tests bring their own.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = transport

    def tool(self) -> Tool[Search]:
        """Put it into a toolbox only where the host configured an address."""
        return Tool("web_search", "Search the web for what is new or unknown.", Search, self._search, most=2)

    async def _search(self, takes: Search, at: At) -> str:
        url = address(await at.desk.settings.get(SEARCH_URL))
        if url is None:
            raise Refused("the host has set up no web search")
        found = await self._asked(url, takes)
        rows = [_row(each) for each in found[:MOST_RESULTS] if isinstance(each, dict)]
        return "\n".join(filter(None, rows)) or "Nothing was found."

    async def _asked(self, url: str, takes: Search) -> list[Any]:
        asked = {"q": takes.query, "format": "json", "language": takes.language, "safesearch": "1"}
        way = httpx.AsyncClient(
            transport=self._transport, timeout=WITHIN_S, follow_redirects=False, trust_env=False
        )
        try:
            async with way as client, client.stream("GET", url, params=asked) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise Refused(f"the search answered {answer.status_code}")
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise Refused("the search answered with too much")
            results = json.loads(body)["results"]
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise Refused("the search does not answer") from error
        return results if isinstance(results, list) else []


def address(setting: str) -> str | None:
    """Where to search, for what the host wrote; None when that is empty or no address."""
    try:
        parts = urlsplit(setting.strip())
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    if not fits or parts.username is not None:
        return None
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path if path.endswith('/search') else f'{path}/search'}"


def _row(result: dict[str, Any]) -> str:
    title, text, url = (one_line(str(result.get(key) or ""))[:300] for key in ("title", "content", "url"))
    return f"- {title}: {text} ({url[:120]})" if title else ""
