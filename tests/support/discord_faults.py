"""What can go wrong with a request to the fake Discord: given to `FakeDiscord.fail`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Fault = Callable[[web.Request], Awaitable[web.Response]]


def rate_limited(retry_after_s: float, *, via: bool = True) -> Fault:
    """A 429; with `via` it comes from Discord itself, without from a proxy in front of it."""

    async def answer(request: web.Request) -> web.Response:
        headers = {"Retry-After": str(retry_after_s), "X-RateLimit-Scope": "user"}
        if via:
            headers["Via"] = "1.1 google"
        body = {"message": "You are being rate limited.", "retry_after": retry_after_s, "global": False}
        return as_json(body, status=429, headers=headers)

    return answer


def status(code: int, message: str = "", *, error: int = 0) -> Fault:
    """An error of this HTTP status, with Discord's own error code."""

    async def answer(request: web.Request) -> web.Response:
        return as_json({"message": message or f"{code}", "code": error}, status=code)

    return answer


def hung_up(first: Fault | None = None) -> Fault:
    """The connection breaks before there is an answer.

    Args:
        first: what is done all the same, its answer being lost (`FakeDiscord.handle`).
    """

    async def answer(request: web.Request) -> web.Response:
        if first is not None:
            await first(request)
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    return answer


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only under exactly this content type.
    told = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=told)
