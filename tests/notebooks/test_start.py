"""`python3 start.py notebooks` opens JupyterLab on the notebooks."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pins(group: str) -> set[str]:
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^[\w.-]+(?:\[[^\]]*\])?==\S+", text, re.MULTILINE))


def test_each_set_of_requirements_holds_the_smaller_ones() -> None:
    assert pins("main") < pins("notebooks") < pins("test")


def checkout(folder: Path) -> Path:
    """Make a checkout whose `.venv` is set up already, with the programs that these tests run on."""
    for name in ("start.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("requirements", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (programs / "jupyter").symlink_to(Path(sys.executable).parent / "jupyter")
    spec = spec_from_file_location("start_of_a_checkout", folder / "start.py")
    assert spec is not None
    assert spec.loader is not None
    start = module_from_spec(spec)
    spec.loader.exec_module(start)
    (folder / ".venv" / "notebooks.stamp").write_text(start.fingerprint("notebooks"))
    return folder


def test_it_opens_jupyterlab(tmp_path: Path) -> None:
    command = [sys.executable, str(checkout(tmp_path) / "start.py"), "notebooks", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, version("jupyterlab")), done.stderr
