"""The starter brain's own process: llama.cpp behind a port that only its parent can use.

Spoken with by lines: the parent writes one JSON line to stdin ({"model", "key", "context_tokens",
"slots", "threads"}), the worker answers one on stdout ({"port": …} or {"error": …}) and serves until
its stdin closes. So it never outlives its parent, however that ended.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

# llama.cpp looks for a caller who has left only between two batches. With its usual 2,048 tokens it
# reads on for five seconds on two cores; with 128 for a third of one, and reads as fast.
BATCH_TOKENS = 128


def run_worker(argv: list[str] | None = None) -> int:
    """Serve until stdin closes. `argv` is unused: what the worker needs comes by stdin, unseen by others."""
    answers = _own_stdout()
    wishes = json.loads(sys.stdin.readline() or "{}")
    try:
        server = _serve(wishes)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent puts it into words
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=answers, flush=True)
        return 1
    port = int(server.listening_address.rsplit(":", 1)[1])
    print(json.dumps({"port": port}), file=answers, flush=True)
    sys.stdin.read()
    os._exit(0)  # llama.cpp finishes a prompt it is reading before it ends in any gentler way


def _own_stdout() -> TextIO:
    """Keep the pipe to the parent for answers; whatever the library prints goes to stderr."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "w", encoding="utf-8")


def _serve(wishes: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = wishes["model"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [wishes["key"]]
    params.n_parallel = wishes["slots"]
    params.n_ctx = wishes["context_tokens"] * wishes["slots"]
    params.cpuparams.n_threads = wishes["threads"]
    params.cpuparams_batch.n_threads = wishes["threads"]
    params.n_batch = BATCH_TOKENS
    params.n_ubatch = BATCH_TOKENS
    params.ctx_shift = False  # a prompt that is too long is refused, never cut
    params.cache_ram_mib = 0
    return xllamacpp.Server(params)


if __name__ == "__main__":
    sys.exit(run_worker())
