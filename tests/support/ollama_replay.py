"""A server that answers as a recorded Ollama did.

    async with OllamaReplay() as ollama:
        brain = OllamaBrain(ollama.host)
        ollama.script("/api/chat", "chat_runner_killed")

Out of the box it lists one chat model, `gemma270`, which shows itself as the recording did and streams
the recorded chat. `script` puts recorded cases, or answers made by a function, in front of that, one a
request; `requests` holds what was asked.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

CASES = Path(__file__).resolve().parent.parent / "data" / "ollama"
Answer = Callable[[web.Request, Any], Awaitable[web.StreamResponse]]


def case(name: str) -> dict[str, Any]:
    """A recorded case: `request` and `response`."""
    recorded: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return recorded


class OllamaReplay:
    """One replay server on a free port of this computer.

    Attributes:
        models: what /api/tags lists: name → (size in bytes, recorded `show` case).
        digests: overrides the digest that is listed for a name.
        requests: (path, body) of every request, oldest first.
        hung_up: how often a client left before the end of an answer.
    """

    def __init__(self) -> None:
        self.models: dict[str, tuple[int, str]] = {"gemma270:latest": (253_855_453, "show")}
        self.digests: dict[str, str] = {}
        self.requests: list[tuple[str, Any]] = []
        self.hung_up = 0
        self._scripts: dict[str, list[Answer]] = defaultdict(list)
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> OllamaReplay:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.go_down()

    async def go_down(self) -> None:
        """Nothing answers any more; entering again opens the same port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def asked(self, path: str) -> list[Any]:
        """The bodies of the requests to a path."""
        return [body for asked, body in self.requests if asked == path]

    def script(self, path: str, *answers: str | Answer) -> None:
        """Answer the next requests to `path` with these, one each: names of cases, or functions."""
        for answer in answers:
            self._scripts[path].append(recorded(answer) if isinstance(answer, str) else answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        body = json.loads(text) if text else {}
        self.requests.append((request.path, body))
        try:
            if self._scripts[request.path]:
                return await self._scripts[request.path].pop(0)(request, body)
            return await self._usual(request, body)
        except (asyncio.CancelledError, ConnectionError):
            self.hung_up += 1
            raise

    async def _usual(self, request: web.Request, body: Any) -> web.StreamResponse:
        path = request.path
        if path == "/api/tags":
            models = [_listed(name, size) for name, (size, _) in self.models.items()]
            for model in models:
                model["digest"] = self.digests.get(model["name"], model["digest"])
            return web.json_response({"models": models})
        if path == "/api/version":
            return await recorded("version")(request, body)
        if path == "/api/ps":
            return await recorded("ps_loaded")(request, body)
        model = str(body.get("model", ""))
        known = self.models.get(model) or self.models.get(f"{model}:latest")
        if known is None and path in ("/api/chat", "/api/show", "/api/delete", "/api/embed"):
            return await recorded("chat_unknown_model")(request, body)
        if path == "/api/show" and known is not None:
            return await recorded(known[1])(request, body)
        usual = {
            "/api/chat": "chat_stream",
            "/api/embed": "emb_list",
            "/api/pull": "pull_no_network",
            "/api/create": "create_system",
            "/api/delete": "delete",
        }
        if path in usual:
            return await recorded(usual[path])(request, body)
        return web.Response(status=404, text="404 page not found")


def recorded(name: str) -> Answer:
    """Answer exactly as in a recorded case."""

    async def answer(request: web.Request, body: Any) -> web.StreamResponse:
        response = case(name)["response"]
        if "lines" in response:
            return await stream(request, response["lines"], status=response["status"])
        told = response.get("json")
        return web.json_response(told, status=response["status"]) if told is not None else web.Response()

    return answer


def says(*words: str, **last: Any) -> Answer:
    """Stream these words as a chat; `last` changes the closing line."""

    async def answer(request: web.Request, body: Any) -> web.StreamResponse:
        lines: list[dict[str, Any]] = [
            {"model": body["model"], "message": {"role": "assistant", "content": word}, "done": False}
            for word in words
        ]
        closing = {
            "model": body["model"],
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": _signs(body) // 4,
            "eval_count": len(words),
            **last,
        }
        return await stream(request, [*lines, closing])

    return answer


def _signs(body: Any) -> int:
    """How long what the model reads is: the talk, and the tools it is told of."""
    tools = json.dumps(body["tools"]) if body.get("tools") else ""
    return sum(len(line["content"]) for line in body["messages"]) + len(tools)


def without_end(name: str) -> Answer:
    """A recorded stream that just stops, without its `done` line."""

    async def answer(request: web.Request, body: Any) -> web.StreamResponse:
        return await stream(request, case(name)["response"]["lines"][:-1])

    return answer


def stalls_after(words: int, until: asyncio.Event) -> Answer:
    """Write a few words, then nothing until `until` is set or the client leaves."""

    async def answer(request: web.Request, body: Any) -> web.StreamResponse:
        lines = case("chat_stream")["response"]["lines"]
        return await stream(request, lines, pause_after=words, until=until)

    return answer


def error(status: int, text: str) -> Answer:
    """An error of this status, as Ollama words errors."""

    async def answer(request: web.Request, body: Any) -> web.StreamResponse:
        return web.json_response({"error": text}, status=status)

    return answer


def lines(*rows: dict[str, Any]) -> Answer:
    """Stream exactly these rows."""

    async def answer(request: web.Request, body: Any) -> web.StreamResponse:
        return await stream(request, list(rows))

    return answer


async def stream(
    request: web.Request,
    rows: list[dict[str, Any]],
    *,
    status: int = 200,
    pause_after: int | None = None,
    until: asyncio.Event | None = None,
) -> web.StreamResponse:
    """Send rows as newline-separated JSON."""
    response = web.StreamResponse(status=status, headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    rows = [row for row in rows if isinstance(row, dict)]  # long recordings say "… more lines" instead
    for at, row in enumerate(rows):
        if at == pause_after and until is not None:
            await until.wait()
        await response.write(json.dumps(row).encode() + b"\n")
    await response.write_eof()
    return response


def _listed(name: str, size: int) -> dict[str, Any]:
    return {
        "name": name,
        "model": name,
        "modified_at": "2026-11-21T04:32:01.987520577Z",
        "size": size,
        "digest": "73e222488c4aabe353881c980055baa599952687c13acc712c09064462322f7a",
        "details": {
            "format": "gguf",
            "family": "gemma3",
            "families": ["gemma3"],
            "parameter_size": "268.10M",
            "quantization_level": "Q4_K_M",
        },
    }
