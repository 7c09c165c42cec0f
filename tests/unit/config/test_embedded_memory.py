"""The embedded database takes its memory by the machine: neither starved on a large one nor too greedy on a small."""

from __future__ import annotations

import pytest

from medguild.config.embedded import memory_settings


@pytest.mark.parametrize(
    ("machine", "shared", "files"),
    [(1_024, "'128MB'", "'512MB'"), (8_192, "'512MB'", "'4096MB'"), (131_072, "'2048MB'", "'65536MB'")],
)
def test_memory_follows_the_machine(machine: int, shared: str, files: str) -> None:
    assert memory_settings(machine) == {"shared_buffers": shared, "effective_cache_size": files}
