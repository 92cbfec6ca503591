"""An inner life to look at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.inner_life import InnerLife


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[InnerLife]:
    begun = await InnerLife.begin(tmp_path)
    yield begun
    await begun.store.close()
