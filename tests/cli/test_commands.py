"""The commands: listed without importing any, as their modules make them."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from graphsvc.cli.main import COMMANDS, app

HEAVY = (
    "polars",
    "scipy",
    "neo4j",
    "networkx",
    "fastapi",
    "pypinyin",
    "opencc",
    "ingest",
    "graphsvc.rackets",
)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_lines_of_its_help(name: str) -> None:
    root = typer.main.get_group(app)
    made = root.get_command(typer.Context(root), name)
    assert made is not None
    assert made.name == name
    assert " ".join((made.help or "").split("\n\n")[0].split()) == COMMANDS[name][1]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["nonsense"]])
def test_what_needs_no_command_imports_none(words: list[str]) -> None:
    program = (
        "import sys\n"
        "from graphsvc.cli.entry import main\n"
        f"sys.argv = ['graphsvc', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == "[]"
