"""Starting with the computer, on each of the three systems: written so that the system starts it, read back
as it was written, and off when the host switched it off in the system's own settings."""

from __future__ import annotations

import plistlib
from pathlib import Path

import platformdirs
import pytest

from gui.autostart import DesktopEntry, LaunchAgent, RunKey, command_line, entry

OWN = Path(platformdirs.user_data_dir("Echodeck", appauthor=False))
COMMANDS = [
    ["/opt/Echodeck/Echodeck", "--minimised"],
    ["/home/you two/Echo deck", "--minimised", "--data-dir", "/mnt/100% mine/data"],
    ["/home/you/$HOME`x`/py\"thon's", "/a\\b/main.py", "--minimised"],
]


class Registry:
    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}

    def get(self, key: str, name: str) -> str | bytes | None:
        return self.values.get((key.rpartition("\\")[2] + key.partition("Explorer")[1], name))

    def put(self, key: str, name: str, value: str) -> None:
        self.values[(key.rpartition("\\")[2] + key.partition("Explorer")[1], name)] = value

    def remove(self, key: str, name: str) -> None:
        self.values.pop((key.rpartition("\\")[2] + key.partition("Explorer")[1], name), None)


@pytest.mark.parametrize("command", COMMANDS)
def test_linux(tmp_path: Path, command: list[str]) -> None:
    made = DesktopEntry(tmp_path / "autostart" / "echodeck.desktop")
    assert made.command() is None
    made.put(command)
    assert made.command() == command
    made.remove()
    made.remove()
    assert made.command() is None


def test_the_linux_entry_reads_as_the_specification_wants(tmp_path: Path) -> None:
    made = DesktopEntry(tmp_path / "echodeck.desktop")
    made.put(["/home/you two/$x/Echodeck", "--minimised", "100%"])
    lines = made.path.read_text().splitlines()
    assert lines[0] == "[Desktop Entry]"
    assert "Type=Application" in lines
    assert 'Exec="/home/you two/\\\\$x/Echodeck" --minimised "100%%"' in lines


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_switched_off_in_the_desktops_own_settings_is_off(tmp_path: Path, line: str) -> None:
    made = DesktopEntry(tmp_path / "echodeck.desktop")
    made.put(COMMANDS[0])
    made.path.write_text(made.path.read_text() + f"{line}\n")
    assert made.command() is None


@pytest.mark.parametrize("command", COMMANDS)
def test_macos(tmp_path: Path, command: list[str]) -> None:
    made = LaunchAgent(tmp_path / "LaunchAgents", "app.echodeck")
    assert made.command() is None
    made.put(command)
    assert made.command() == command
    kept = plistlib.loads((tmp_path / "LaunchAgents" / "app.echodeck.plist").read_bytes())
    assert kept["RunAtLoad"] is True
    assert kept["Label"] == "app.echodeck"
    made.remove()
    assert made.command() is None


def test_a_broken_launch_agent_is_none(tmp_path: Path) -> None:
    (tmp_path / "app.echodeck.plist").write_text("nonsense")
    assert LaunchAgent(tmp_path, "app.echodeck").command() is None


@pytest.mark.parametrize(
    "command",
    [
        ["C:\\Program Files\\Echodeck\\Echodeck.exe", "--minimised"],
        ["C:\\py\\pythonw.exe", "C:\\my app\\main.py", "--minimised", "--data-dir", "D:\\mine"],
    ],
)
def test_windows(command: list[str]) -> None:
    registry = Registry()
    made = RunKey("Echodeck", registry)
    assert made.command() is None
    made.put(command)
    assert made.command() == command
    assert str(registry.values[("Run", "Echodeck")]).startswith('"C:\\Program' if " " in command[0] else "C:")
    made.remove()
    assert made.command() is None


def test_switched_off_in_the_task_manager_is_off_until_it_is_wanted_again() -> None:
    registry = Registry()
    made = RunKey("Echodeck", registry)
    made.put(["C:\\e.exe", "--minimised"])
    registry.values[("RunExplorer", "Echodeck")] = b"\x03\x00\x00\x00"
    assert made.command() is None
    registry.values[("RunExplorer", "Echodeck")] = b"\x02\x00\x00\x00"
    assert made.command() == ["C:\\e.exe", "--minimised"]
    registry.values[("RunExplorer", "Echodeck")] = b"\x03\x00\x00\x00"
    made.put(["C:\\e.exe", "--minimised"])
    assert made.command() == ["C:\\e.exe", "--minimised"]


def test_what_is_started_packaged_and_not(tmp_path: Path) -> None:
    assert command_line(OWN, {}, "/opt/Echodeck/Echodeck", frozen=True) == [
        "/opt/Echodeck/Echodeck",
        "--minimised",
    ]
    assert command_line(OWN, {"APPIMAGE": "/home/you/Echodeck.AppImage"}, "/tmp/.mount/E", frozen=True) == [
        "/home/you/Echodeck.AppImage",
        "--minimised",
    ]
    assert command_line(tmp_path, {}, "/venv/bin/python", Path("/src/main.py"), frozen=False) == [
        "/venv/bin/python",
        "/src/main.py",
        "--minimised",
        "--data-dir",
        str(tmp_path),
    ]
    (tmp_path / "pythonw.exe").touch()
    windows = command_line(OWN, {}, str(tmp_path / "python.exe"), Path("/src/main.py"), frozen=False)
    assert windows[0] == str(tmp_path / "pythonw.exe")


def test_each_system_has_its_place_and_another_data_folder_an_entry_of_its_own(tmp_path: Path) -> None:
    for system, kind in (("linux", DesktopEntry), ("darwin", LaunchAgent), ("win32", RunKey)):
        assert isinstance(entry(OWN, system, tmp_path), kind)
    own, other = entry(OWN, "linux", tmp_path), entry(tmp_path / "other", "linux", tmp_path)
    assert isinstance(own, DesktopEntry)
    assert isinstance(other, DesktopEntry)
    assert own.path == tmp_path / ".config" / "autostart" / "echodeck.desktop"
    assert other.path != own.path


def test_what_is_written_is_a_command_echodeck_understands(tmp_path: Path) -> None:
    from core.commandline import read_arguments

    said = command_line(tmp_path, {}, "/opt/Echodeck", frozen=True)
    names = ("desktop", "headless", "chat", "doctor", "backup", "tour", "commands")
    options = read_arguments({name: lambda _: 0 for name in names}, said[1:], {})
    assert options.minimised is True
    assert options.data_dir == tmp_path
