#!/usr/bin/env python3
"""Set everything up in ``.venv`` beside this file, then run the product, its tests or its notebooks.

    python3 start.py demo [options of graphsvc demo]
    python3 start.py test [options of pytest]
    python3 start.py notebooks [options of jupyter lab]

Needs Python 3.11 or newer and pip, nothing else. A second call changes nothing that is in place already.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
GROUPS = ("main", "notebooks", "test")
"""Each holds the ones before it, at the same versions."""
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")
Command = list[str | Path]
CHECKS: tuple[tuple[str, Command], ...] = (
    ("ruff", [VENV / "bin" / "ruff", "check", "."]),
    ("mypy", [PYTHON, "-m", "mypy"]),
    ("lint-imports", [VENV / "bin" / "lint-imports"]),
)


def main(arguments: list[str]) -> int:
    """Run one of the commands; return its exit code."""
    command, *rest = arguments or [""]
    if command not in {"demo", "test", "notebooks"}:
        print(__doc__)
        return 0 if command in {"-h", "--help"} else 2
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may read
        fail(f"This is Python {sys.version.split()[0]}; version 3.11 or newer is needed.")
    if command == "demo":
        set_up("main")
        program = str(VENV / "bin" / "graphsvc")
        os.execv(program, [program, "demo", *rest])
    if command == "notebooks":
        set_up("notebooks")
        as_root = ["--allow-root"] if os.geteuid() == 0 else []
        os.chdir(ROOT / "notebooks")
        os.execv(VENV / "bin" / "jupyter", ["jupyter", "lab", *as_root, *rest])
    set_up("test")
    need_browser()
    return test(rest)


def set_up(group: str) -> None:
    """Make ``.venv`` with the pinned requirements of ``group`` and this package, unless it is so already."""
    stamp = VENV / f"{group}.stamp"
    wanted = fingerprint(group)
    if usable() and stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Setting up {VENV} (the first time takes a minute or two)", flush=True)
    if not usable():
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=False, symlinks=True)
    if not has_pip():
        install_pip()
    pip: Command = [PYTHON, "-m", "pip"]
    install(pip, "build")
    install(pip, group, "--no-build-isolation")
    run([*pip, "install", "--quiet", "--no-build-isolation", "--no-deps", "--editable", ROOT])
    # The other group's stamp may speak of versions that were just replaced.
    for other in VENV.glob("*.stamp"):
        other.unlink()
    stamp.write_text(wanted)
    for smaller in GROUPS[: GROUPS.index(group)]:
        (VENV / f"{smaller}.stamp").write_text(fingerprint(smaller))


def fingerprint(group: str) -> str:
    """Return what the environment depends on, as one line."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (REQUIREMENTS / "build.txt", REQUIREMENTS / f"{group}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return f"{digest.hexdigest()} {ROOT}"


def usable() -> bool:
    """Return whether ``.venv`` has a Python that runs and is of this version."""
    if not PYTHON.exists():
        return False
    code = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.split() == [str(part) for part in sys.version_info[:2]]


def has_pip() -> bool:
    """Return whether ``.venv`` has pip."""
    return (
        subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def install_pip() -> None:
    """Put pip into ``.venv``: Python's own copy or, where that is left out, by this Python's pip."""
    if importlib.util.find_spec("ensurepip") is not None:
        done = subprocess.run([PYTHON, "-m", "ensurepip"], capture_output=True, check=False)
        if done.returncode == 0:
            return
    if importlib.util.find_spec("pip") is None:
        fail("This Python has neither ensurepip nor pip. Install one, on Debian: apt-get install python3-pip")
    install([sys.executable, "-m", "pip", "--python", PYTHON], "build")


def install(pip: Command, group: str, *options: str) -> None:
    """Install pinned requirements, each checked against its hash."""
    run([*pip, "install", "--quiet", "--require-hashes", *options, "-r", REQUIREMENTS / f"{group}.txt"])


def need_browser() -> None:
    """Make sure of what the browser tests need: Chromium and a font with Chinese characters."""
    if has_chromium() and has_chinese_font():
        return
    line = f"apt-get install --yes --no-install-recommends {' '.join(DEBIAN_PACKAGES)}"
    if shutil.which("apt-get") is None:
        fail("The tests need Chromium and a font with Chinese characters: install both, then run again.")
    if os.geteuid() != 0:
        fail(f"The tests need Chromium and a font with Chinese characters. Run as root: {line}")
    print("Installing Chromium and a font with Chinese characters", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env)
    run([*line.split(), "-qq"], env)


def has_chromium() -> bool:
    """Return whether a Chromium is on the path."""
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def has_chinese_font() -> bool:
    """Return whether fontconfig knows a font with Chinese characters."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    return bool(subprocess.run([program, ":lang=zh"], capture_output=True, check=False).stdout.strip())


def test(pytest_arguments: list[str]) -> int:
    """Run every check and the tests; return 0 only if all pass."""
    steps: list[tuple[str, Command]] = [*CHECKS, ("pytest", [PYTHON, "-m", "pytest", *pytest_arguments])]
    results: dict[str, int] = {}
    for name, command in steps:
        print(f"== {name}", flush=True)
        results[name] = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(", ".join(f"{name}: {'passed' if code == 0 else 'FAILED'}" for name, code in results.items()))
    return 0 if not any(results.values()) else 1


def run(command: Sequence[str | Path], env: dict[str, str] | None = None) -> None:
    """Run a step of the set-up; a failure ends everything."""
    code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    if code != 0:
        fail(f"This step failed (exit code {code}): {' '.join(str(part) for part in command)}")


def fail(message: str) -> None:
    """Say why it cannot go on, and end."""
    sys.exit(f"start.py: {message}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
