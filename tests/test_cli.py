"""The command line, as a person or a program meets it: what comes out, where, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.app import Config, open_app
from core.commandline import read_arguments

HOUSE = Path(__file__).resolve().parent.parent
COMMANDS = {
    name: lambda _: 0 for name in ("desktop", "headless", "chat", "doctor", "backup", "tour", "commands")
}
KEYS = [
    "from",
    "text",
    "reply",
    "reason",
    "memories",
    "mood",
    "relationship",
    "model",
    "tokens",
    "ms",
]
# Put together here so that no scanner takes it for a real one.
TOKEN = ".".join(("MTIzNDU2Nzg5MDEyMzQ1Njc4", "GabcDE", "abcdefghijklmnopqrstuvwxyz0123456789AB"))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A host with a home of their own and nothing else."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "PYTHONPATH") if name in os.environ}
    nowhere = "http://127.0.0.1:9"
    return kept | {
        "HOME": str(tmp_path / "home"),
        "XDG_DATA_HOME": str(tmp_path / "home" / "share"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "OLLAMA_HOST": nowhere,
    }


def run(
    *arguments: str, environ: dict[str, str], said: bytes | str = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=HOUSE,
        env=environ,
        input=said.encode() if isinstance(said, str) else said,
        capture_output=True,
        timeout=100,
        check=False,
    )


def start(*arguments: str, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "main.py", *arguments], cwd=HOUSE, env=environ, stdin=pipe, stdout=pipe, stderr=pipe
    )


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def sentence(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a failed command said: one line, no traceback, nothing on stdout."""
    told = done.stderr.decode("utf-8").strip()
    assert done.returncode == 1, told
    assert done.stdout == b""
    assert "Traceback" not in told
    assert told.endswith(".") or "--help" in told
    return told.splitlines()[-1]


# --- what can be asked for ---------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], ["chat"], ["doctor"], ["backup"], ["tour"]])
def test_every_command_has_help_with_an_example(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(COMMANDS, [*command, "--help"])
    assert ended.value.code == 0
    assert "Example:\n  " in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--data-dir", "here", "--discord-api", "http://a", "doctor"],
        ["doctor", "--data-dir", "here", "--discord-api", "http://a"],
        ["--data-dir", "here", "doctor", "--discord-api", "http://a"],
        ["--discord-api=http://a", "doctor", "--data-dir=here"],
        ["--headless", "--data-dir", "here", "--discord-api", "http://a"],
    ],
)
def test_options_work_before_and_after_the_command(arguments: list[str]) -> None:
    options = read_arguments(COMMANDS, arguments, {})
    assert options.data_dir == Path("here")
    assert options.discord_api == "http://a"


def test_the_environment_names_the_data_folder_when_nobody_else_does() -> None:
    assert read_arguments(COMMANDS, [], {"ECHODECK_DATA_DIR": "there"}).data_dir == Path("there")
    given = read_arguments(COMMANDS, ["--data-dir", "here"], {"ECHODECK_DATA_DIR": "there"})
    assert given.data_dir == Path("here")


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["chat", "--brain", "big"], ["chat", "--gap", "nan"], ["chat", "--seed", "x"], ["tour"]],
)
def test_a_mistake_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(COMMANDS, arguments)
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "--help" in told.err


# --- the practice chat -------------------------------------------------------------------------


def test_each_line_somebody_says_gets_one_object_in_order(environ: dict[str, str]) -> None:
    said = "Ada: hello @bot\nBob: hi Ada\n@10m\n\nAda -> bot: how are you?\n#games Cy: anyone?\n"
    done = run("chat", "--json", "--brain", "none", "--seed", "1", environ=environ, said=said)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    results = objects(done)
    assert [list(result) for result in results] == [KEYS] * 4
    assert [result["from"] for result in results] == ["Ada", "Bob", "Ada", "Cy"]
    assert [result["reply"] for result in results] == ["…", None, "…", None]
    assert all(result["reason"] for result in results)
    assert list(results[0]["tokens"]) == ["prompt", "cached", "completion"]


def test_a_line_that_is_none_is_named_and_the_others_go_on(environ: dict[str, str]) -> None:
    done = run("chat", "--json", "--brain", "none", environ=environ, said="Ada: @bot hi\nnonsense\nBob: hm\n")
    assert [result["from"] for result in objects(done)] == ["Ada", "Bob"]
    assert done.returncode == 1
    assert "Line 2 is not a chat line: nonsense" in done.stderr.decode()


def test_any_bytes_under_any_locale_are_answered_in_utf8(environ: dict[str, str]) -> None:
    said = b"\xef\xbb\xbfAda: \xf0\x9f\x98\x80 @bot \xe2\x80\xae\x00\n\xff\xfe: hi @bot\r\nCy: no newline"
    odd = environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("chat", "--json", "--brain", "none", environ=odd, said=said)
    assert done.returncode == 0, done.stderr
    results = objects(done)
    assert [result["from"] for result in results] == ["Ada", "��", "Cy"]
    assert "😀" in results[0]["text"]


def test_without_json_it_reads_like_a_chat(environ: dict[str, str]) -> None:
    done = run("chat", "--brain", "none", environ=environ, said="Ada: @bot hi\nBob: hm\n")
    assert done.stdout.decode("utf-8").splitlines() == [
        "Finn: …",
        "(Finn stays silent: Bob and Ada were talking to each other)",
    ]


def test_nothing_of_a_talk_is_kept_unless_a_folder_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    run(
        "chat",
        "--json",
        "--brain",
        "none",
        environ=environ | {"TMPDIR": str(tmp_path)},
        said="Ada: @bot hi\n",
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_with_a_folder_the_talk_goes_on_where_it_ended(environ: dict[str, str], tmp_path: Path) -> None:
    room = tmp_path / "room"
    given = environ | {"ECHODECK_KEY": "ab" * 32}
    for said in ("Ada: @bot hi\n@2d\nAda: @bot again\n", "Ada: @bot back\n"):
        done = await asyncio.to_thread(
            run, "chat", "--json", "--brain", "none", "--data-dir", str(room), environ=given, said=said
        )
        assert [result["reply"] for result in objects(done)] == ["…"] * said.count("Ada"), done.stderr
    async with open_app(Config(room, given)) as app:
        texts = [message.text for message in await app.practice.transcript() if not message.is_self]
        assert texts == ["@bot hi", "@bot again", "@bot back"]


def test_a_sample_or_a_card_plays_the_bot(environ: dict[str, str], tmp_path: Path) -> None:
    card = tmp_path / "ines.json"
    fields = {"name": "Ines", "description": "A lighthouse keeper."}
    card.write_text(json.dumps({"spec": "chara_card_v2", "spec_version": "2.0", "data": fields}))
    for wanted, name in (("mira", "Mira"), (str(card), "Ines")):
        done = run("chat", "--brain", "none", "--persona", wanted, environ=environ, said="Ada: @bot hi\n")
        assert done.stdout.decode() == f"{name}: …\n", done.stderr


@pytest.mark.brain
def test_the_starter_brain_answers(environ: dict[str, str]) -> None:
    short = environ | {"ECHODECK_BRAIN_ANSWER_TOKENS": "16"}
    arguments = ("chat", "--json", "--brain", "starter", "--seed", "5")
    done = run(*arguments, environ=short, said="Ada: hello @bot\n")
    (result,) = objects(done)
    assert result["reply"]
    assert result["model"].startswith("smollm2")
    assert result["tokens"]["prompt"] > 50
    assert done.stderr == b""


# --- how it ends -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chat", "--persona", "nobody"], "There is no persona called nobody."),
        (["chat", "--persona", "missing.json"], "missing.json is not a character card"),
        (["chat", "--brain", "ollama:x"], "Ollama does not answer at"),
        (["--headless"], "There is no bot token yet."),
        (["--headless", "--data-dir", "main.py/inside"], "The data folder main.py/inside cannot be used"),
        (["chat", "--data-dir", "main.py/inside"], "The data folder main.py/inside cannot be used"),
    ],
)
def test_what_a_person_can_meet_is_a_sentence(
    arguments: list[str], told: str, environ: dict[str, str]
) -> None:
    assert told in sentence(run(*arguments, environ=environ))


def test_a_setting_that_is_not_possible_is_a_sentence(environ: dict[str, str]) -> None:
    done = run("chat", environ=environ | {"ECHODECK_CONVERSATION_PACING": "never"}, said="Ada: @bot hi\n")
    assert "Pace: never is not possible here" in sentence(done)


async def test_beside_a_running_echodeck_the_chat_is_refused_and_the_self_test_runs(
    environ: dict[str, str], tmp_path: Path
) -> None:
    given = environ | {"ECHODECK_KEY": "ab" * 32}
    async with open_app(Config(tmp_path / "data", given)):
        where = ("--data-dir", str(tmp_path / "data"))
        refused = await asyncio.to_thread(run, "chat", *where, environ=given)
        examined = await asyncio.to_thread(run, "doctor", "--json", *where, environ=given)
    assert "already" in sentence(refused)
    states = {check["name"]: check["state"] for check in json.loads(examined.stdout)["checks"]}
    assert examined.returncode == 0
    assert states["store"] == states["key"] == "ok"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_closed_pipe_ends_it_quietly(environ: dict[str, str]) -> None:
    talking = start("chat", "--json", "--brain", "none", environ=environ)
    assert talking.stdin is not None
    assert talking.stdout is not None
    assert talking.stderr is not None
    talking.stdout.close()
    talking.stdin.write(b"Ada: @bot hi\n" * 50)
    talking.stdin.close()
    assert talking.wait(60) == 0
    assert talking.stderr.read() == b""
    talking.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_it_quietly(environ: dict[str, str]) -> None:
    talking = start("chat", "--json", "--brain", "none", environ=environ)
    assert talking.stdin is not None
    assert talking.stdout is not None
    talking.stdin.write(b"Ada: @bot hi\nBob: hm\n")
    talking.stdin.flush()
    assert json.loads(talking.stdout.readline())["from"] == "Ada"  # it is up, and waits for more
    talking.send_signal(signal.SIGINT)
    talking.wait(timeout=60)  # before its input is closed, which would end it too
    _, told = talking.communicate(timeout=60)
    assert told == b""
    assert talking.returncode == 130


# --- the self-test, and what is never written --------------------------------------------------


def test_the_self_test_answers_in_one_object(environ: dict[str, str]) -> None:
    done = run("doctor", "--json", environ=environ)
    assert done.returncode == 0
    checks = json.loads(done.stdout)["checks"]
    assert all(list(check) == ["name", "state", "detail", "fix"] for check in checks)
    assert {check["state"] for check in checks} <= {"ok", "warn", "fail", "skip"}
    assert all(check["fix"] for check in checks if check["state"] in ("warn", "fail"))


def test_the_terminal_does_without_qt(environ: dict[str, str]) -> None:
    asked = (
        "import sys, main; status = main.main(['doctor', '--json']); "
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in ('PySide6', 'qasync')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=HOUSE, env=environ, capture_output=True, check=False, timeout=60
    )
    assert done.stdout.decode().splitlines()[-1] == "[]", done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to end it in order")
def test_the_token_is_in_no_file_and_on_no_screen(environ: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    given = environ | {"ECHODECK_TOKEN": TOKEN, "ECHODECK_LOGS_LEVEL": "debug"}
    host = start(
        "--headless",
        "--verbose",
        "--data-dir",
        str(data),
        "--discord-api",
        "http://127.0.0.1:9/api",
        "--discord-gateway",
        "ws://127.0.0.1:9",
        environ=given,
    )
    assert host.stderr is not None
    told = b""
    while b"starting" not in told:
        line = host.stderr.readline()
        assert line, told
        told += line
    host.send_signal(signal.SIGTERM)
    out, rest = host.communicate(timeout=60)
    assert host.returncode == 0, rest
    written = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert (data / "logs" / "echodeck.log").stat().st_size > 0
    assert TOKEN.encode() not in out + told + rest + written


# --- the window --------------------------------------------------------------------------------


def until(text: bytes, running: subprocess.Popen[bytes]) -> None:
    """Read what it says on stderr until `text` comes."""
    assert running.stderr is not None
    told = b""
    while text not in told:
        line = running.stderr.readline()
        assert line, told
        told += line


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to end it in order")
def test_the_window_opens_once_and_closes_in_order_when_the_computer_shuts_down(
    environ: dict[str, str], tmp_path: Path
) -> None:
    given = environ | {"QT_QPA_PLATFORM": "offscreen", "ECHODECK_KEY": "ab" * 32}
    where = ("--verbose", "--data-dir", str(tmp_path / "data"))
    first = start(*where, environ=given)
    until(b"the window is shown", first)
    second = run(*where, environ=given)
    assert (second.returncode, second.stderr) == (0, b""), "the first comes forward, and the second is over"
    first.send_signal(signal.SIGTERM)
    _, told = first.communicate(timeout=60)
    assert first.returncode == 0, told
    assert b"error" not in told
    assert not (tmp_path / "data" / "echodeck.db-wal").exists()  # the store was closed, not cut off


def test_without_a_screen_it_says_so_and_talks_in_the_terminal(
    environ: dict[str, str], tmp_path: Path
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("elsewhere there is always a screen")
    given = environ | {"ECHODECK_KEY": "ab" * 32}
    done = run("--data-dir", str(tmp_path / "data"), environ=given, said="/help\n/quit\n")
    assert done.returncode == 0
    assert done.stderr.decode() == (
        "There is no screen here, so the window cannot open. Here is the practice chat instead.\n"
    )
    assert "You are talking with" in done.stdout.decode()
