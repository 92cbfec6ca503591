"""Builds an echo and kills itself, like a power cut, when a stage begins: `FOLDER STAGE`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from core.events import EchoJobChanged
from tests.core.echo.conftest import NOON, Flat, QuickClock, Workshop, says_something_new
from tests.core.echo.test_jobs import begun
from tests.support.echo_history import written


async def main(folder: Path, stage: str) -> None:
    flat = Flat(folder, Workshop(says_something_new()), QuickClock(NOON))

    def kill(event: EchoJobChanged) -> None:
        begun_well = stage != "collect" or event.job.done
        if event.job.stage == stage and event.job.state == "running" and begun_well:
            os.kill(os.getpid(), signal.SIGKILL)

    told = flat.bus.listen(EchoJobChanged, kill)
    async with flat.open() as (app, _):
        await begun(app, written(400, 150))
        await asyncio.sleep(50)
    told.end()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
