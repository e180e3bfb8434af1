# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from graphsvc.cli import normalise

app = typer.Typer()
normalise.register(app)


@pytest.fixture
def run() -> CliRunner:
    return CliRunner()


def test_normalise_prints_a_line_of_json_a_value(run: CliRunner) -> None:
    result = run.invoke(app, ["normalise", "address", "杭州市西湖区文三路478号", "杭州市"])
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["adcode"] for line in lines] == ["330106", "330100"]


@pytest.mark.parametrize(
    ("what", "text", "canonical"),
    [
        ("account", "6222 0212 3456 7890 128", "6222021234567890128"),
        ("phone", "138-0013-8000", "+8613800138000"),
        ("name", "張三", "张三"),
    ],
)
def test_normalise_reads_lines_from_standard_input(
    run: CliRunner, what: str, text: str, canonical: str
) -> None:
    result = run.invoke(app, ["normalise", what], input=f"{text}\n\n")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["canonical"] for line in lines] == [canonical, ""]


def test_compare_gives_probability_and_reasons(run: CliRunner) -> None:
    result = run.invoke(app, ["compare", "address", "杭州市文三路12号", "杭州市文三路13号"])
    found = json.loads(result.stdout)
    assert found["probability"] < 0.01
    assert any("number" in reason for reason in found["reasons"])


def test_compare_reads_pairs_from_a_file_and_standard_input(run: CliRunner, tmp_path: Path) -> None:
    table = 'a,b\n杭州市文三路12号,杭州市文三路12號\n"x, y",\n'
    (tmp_path / "pairs.csv").write_text(table, encoding="utf-8")
    outputs = [
        run.invoke(app, ["compare", "address", "--pairs", str(tmp_path / "pairs.csv")]).stdout,
        run.invoke(app, ["compare", "address", "--pairs", "-"], input=table).stdout,
    ]
    assert outputs[0] == outputs[1]
    rows = list(csv.DictReader(io.StringIO(outputs[0])))
    assert [(row["a"], float(row["probability"])) for row in rows] == [
        ("杭州市文三路12号", 1.0),
        ("x, y", 0.0),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "address", "x"],
        ["compare", "address", "x", "y", "--pairs", "f"],
        ["normalise", "account", "--kind", "shell", "1"],
        ["normalise", "colour", "x"],
    ],
)
def test_wrong_usage_ends_with_two(run: CliRunner, arguments: list[str]) -> None:
    assert run.invoke(app, arguments).exit_code == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"x,y\n1,2\n", "no column a and b"), (b"a,b\n\xff\xfe,1\n", "line")],
)
def test_bad_files_are_told_in_one_line(
    run: CliRunner, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "pairs.csv"
    if content is not None:
        path.write_bytes(content)
    result = run.invoke(app, ["compare", "name", "--pairs", str(path)])
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_importing_the_commands_loads_no_library() -> None:
    code = "import sys, graphsvc.cli.normalise; print(sorted({'polars', 'opencc', 'pypinyin', 'phonenumbers', 'rapidfuzz', 'pandas'} & set(sys.modules)))"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_reading_imports_no_pandas() -> None:
    code = "import sys; from ingest.normalise import address; address.parse('杭州市西湖区文三路1号'); print('pandas' in sys.modules, 'cpca' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "False False"
    )
