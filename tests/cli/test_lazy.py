"""The root group knows its commands without importing them, and says of them what they say themselves."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graphsvc.cli import lazy
from graphsvc.cli.main import app

HEAVY = ("neo4j", "polars", "scipy", "numpy", "networkx", "pandas", "pypinyin", "community", "cpca", "opencc",
         "phonenumbers", "fastapi", "uvicorn")  # fmt: skip


def imported_by(home: Path, *words: str) -> set[str]:
    """Return the heavy libraries that one command line imports."""
    program = (
        "import sys\nfrom graphsvc.cli.entry import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"sys.stderr.write('imported: ' + ' '.join(n for n in {HEAVY!r} if n in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True, text=True, check=True, env=os.environ | {"GRAPHSVC_HOME": str(home)},
    )  # fmt: skip
    return set(done.stderr.rpartition("imported: ")[2].split())


def test_the_table_says_what_the_modules_register() -> None:
    registered = {
        name: (module, " ".join(inspect.cleandoc(command.help).split("\n\n")[0].split()))
        for module in dict.fromkeys(module for module, _ in lazy.COMMANDS.values())
        for name, command in lazy.load(module).items()
    }
    assert list(registered.items()) == list(lazy.COMMANDS.items())


def test_every_module_with_commands_is_in_the_table() -> None:
    folder = Path(lazy.__file__).parent
    with_commands = {
        path.stem for path in folder.glob("*.py") if "\ndef register(" in path.read_text("utf-8")
    }
    assert with_commands == {module for module, _ in lazy.COMMANDS.values()}


@pytest.mark.parametrize("name", list(lazy.COMMANDS))
def test_help_of_a_command_is_its_own(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    command = lazy.load(lazy.COMMANDS[name][0])[name]
    for child in getattr(command, "commands", ()):
        assert child in shown.output
    for option in (o for p in command.params if p.param_type_name == "option" for o in p.opts):
        assert option in shown.output


def test_a_slip_in_a_name_is_answered_with_the_right_one() -> None:
    shown = CliRunner().invoke(app, ["racket"])
    assert shown.exit_code == 2
    assert "rackets" in shown.output


def completed(words: str) -> str:
    """Return what bash is offered for a line cut off after ``words``."""
    env = {"_GRAPHSVC_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    return CliRunner().invoke(app, [], prog_name="graphsvc", env=env).output


def test_completion_knows_commands_and_their_options() -> None:
    assert completed("graphsvc ra").split() == ["rackets"]
    assert set(completed("graphsvc neo4j st").split()) == {"start", "status", "stop"}
    assert "--jurisdiction" in completed("graphsvc rackets --ju")


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), ("nonsense",), ("neo4j", "status"), ("neo4j", "stop")]
)
def test_what_asks_no_server_imports_nothing_heavy(words: tuple[str, ...], tmp_path: Path) -> None:
    assert imported_by(tmp_path, *words) == set()


def test_listing_rackets_imports_no_detection(tmp_path: Path) -> None:
    assert not imported_by(tmp_path, "rackets", "--help") & {"scipy", "community", "pypinyin", "fastapi"}
