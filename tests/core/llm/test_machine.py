"""What fits this computer: read from what each system says of itself."""

from __future__ import annotations

from pathlib import Path

from core.llm.brain import Role
from core.llm.catalogue import RECOMMENDED, best, recommended
from core.llm.machine import GIB, Fit, GraphicsCard, Machine, survey

CARD = "NVIDIA GeForce RTX 4070, 12282\n"


def nothing(_command: object) -> str:
    return ""


def test_an_nvidia_card_is_asked_by_its_own_program(tmp_path: Path) -> None:
    for system in ("linux", "win32"):
        seen = survey(system, "x86_64", 32 * GIB, lambda _: CARD, tmp_path, list)
        assert [(card.name, card.memory_bytes // GIB) for card in seen.cards] == [
            ("NVIDIA GeForce RTX 4070", 11)
        ]


def test_a_card_that_says_nonsense_is_left_out(tmp_path: Path) -> None:
    seen = survey("linux", "aarch64", 64 * GIB, lambda _: "NVIDIA Thor, [N/A]\nFailed\n", tmp_path)
    assert seen == Machine(64 * GIB)


def test_an_amd_card_is_read_from_the_kernel(tmp_path: Path) -> None:
    for number, (vendor, size) in enumerate(
        (("0x1002", 16 * GIB), ("0x1002", GIB // 2), ("0x8086", 9 * GIB))
    ):
        device = tmp_path / f"card{number}" / "device"
        device.mkdir(parents=True)
        (device / "vendor").write_text(f"{vendor}\n")
        (device / "mem_info_vram_total").write_text(f"{size}\n")
    assert survey("linux", "x86_64", 32 * GIB, nothing, tmp_path).cards == (GraphicsCard("AMD", 16 * GIB),)


def test_windows_knows_its_adapters(tmp_path: Path) -> None:
    listed = [GraphicsCard("Radeon RX 7800", 16 * GIB), GraphicsCard("Intel UHD", 128 * 1024**2)]
    assert survey("win32", "AMD64", 32 * GIB, nothing, tmp_path, lambda: listed).cards == (listed[0],)


def test_a_mac_shares_one_memory(tmp_path: Path) -> None:
    seen = survey("darwin", "arm64", 24 * GIB, nothing, tmp_path)
    assert seen.unified
    assert seen.graphics_bytes == 16 * GIB
    assert not survey("darwin", "x86_64", 24 * GIB, nothing, tmp_path).unified


def test_how_a_model_would_run() -> None:
    gamer = Machine(16 * GIB, (GraphicsCard("RTX", 12 * GIB),))
    assert gamer.fit(5 * GIB) is Fit.GRAPHICS
    assert gamer.fit(15 * GIB) is Fit.MEMORY  # a part of it on the card
    assert gamer.fit(30 * GIB) is Fit.LARGE
    office = Machine(16 * GIB)
    assert office.fit(5 * GIB) is Fit.MEMORY
    assert office.fit(13 * GIB) is Fit.LARGE
    mac = Machine(16 * GIB, unified=True)
    assert (mac.fit(8 * GIB), mac.fit(11 * GIB), mac.fit(12 * GIB)) == (Fit.GRAPHICS, Fit.MEMORY, Fit.LARGE)


def test_what_is_advised_fits_and_is_quick_enough() -> None:
    for gib in (4, 8, 16, 32, 64, 192):
        machine = Machine(gib * GIB)
        for model in recommended(gib * GIB):
            assert machine.fit(int(model.size_gib * GIB)) is not Fit.LARGE, (gib, model.model)
    slow, quick = Machine(64 * GIB), Machine(64 * GIB, (GraphicsCard("RTX", 24 * GIB),))
    chat = {which: dict(best(RECOMMENDED, which))[Role.CHAT] for which in (slow, quick)}
    assert chat == {slow: "qwen3:8b", quick: "mistral-small:24b"}


def test_a_tiny_computer_still_gets_one_of_each() -> None:
    assert {model.role for model in recommended(4 * GIB)} == set(Role)
    assert recommended(1 * GIB) == []
