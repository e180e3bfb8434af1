"""docker-compose.yml: pinned, health-checked, secrets from outside, nothing published beyond need."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphsvc.store.local.config import RELEASES

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docker-compose.yml"
SECRETS = {"NEO4J_PASSWORD", "GRAPHSVC_ACCOUNT_KEY"}
_LIBRARY = "github.com/compose-spec/compose-go/v2/cli@v2.9.0"
_SUMS = "7fa4fb4d30f6d8f1e53a5b9282ecc93da91abbd77813dfd1912c8fca8659c636"
"""Of the ``go.sum`` that Go writes for the library and all it needs: the file itself would name registries."""


@pytest.fixture
def compose() -> dict[str, Any]:
    """The file as YAML."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def test_it_has_a_name_of_its_own(compose: dict[str, Any]) -> None:
    assert compose["name"] == "graphsvc"


def test_two_services_each_healthy_before_it_is_used(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"neo4j", "api"}
    assert all(service["healthcheck"]["test"] for service in services.values())
    assert services["api"]["depends_on"]["neo4j"]["condition"] == "service_healthy"
    assert "readyz" in json.dumps(services["api"]["healthcheck"])


def test_neo4j_is_the_tested_one_with_gds(compose: dict[str, Any]) -> None:
    version = RELEASES["2026.08"].coordinates[0].rsplit(":", 1)[1]
    neo4j = compose["services"]["neo4j"]
    assert neo4j["image"] == f"neo4j:{version}-community"
    assert json.loads(neo4j["environment"]["NEO4J_PLUGINS"]) == ["graph-data-science"]


def test_only_the_api_is_reachable_from_elsewhere(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["neo4j"]["ports"])
    assert len(services["api"]["ports"]) == 1
    assert all("privileged" not in s and "network_mode" not in s for s in services.values())


def test_secrets_are_required_and_have_no_default() -> None:
    text = FILE.read_text(encoding="utf-8")
    used = re.findall(r"(?<!\$)\$\{(\w+)(:[?-])?", text)
    assert {name for name, _ in used} >= SECRETS
    assert {mark for name, mark in used if name in SECRETS} == {":?"}


def test_what_must_last_is_on_named_volumes(compose: dict[str, Any]) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service["volumes"]]
    assert {mount.split(":")[0] for mount in mounts} == set(compose["volumes"])
    assert {mount.split(":")[1] for mount in mounts} >= {"/data", "/var/lib/graphsvc"}


def test_compose_reads_it_and_wants_the_secrets(tmp_path: Path) -> None:
    command = _reader(tmp_path)
    if command is None:
        return  # without Docker Compose, and without Go and its modules, the rules above are all that can be checked
    env = {key: value for key, value in os.environ.items() if key not in SECRETS}
    without = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert without.returncode != 0
    assert "required variable" in without.stderr
    env |= dict.fromkeys(SECRETS, "x" * 32)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _reader(folder: Path) -> list[str] | None:
    """Return the command that reads the file: Docker Compose's, or one built on the library that Compose reads with."""
    docker, go = shutil.which("docker"), shutil.which("go")
    if (
        docker
        and not subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        return [docker, "compose", "--file", str(FILE), "config", "--quiet"]
    if not go:
        return None
    # writable: what Go fetches could not be removed with the folder otherwise
    env = os.environ | {
        "GOPATH": str(folder / "go"),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "-modcacherw",
        "GOTOOLCHAIN": "local",
    }
    source, program = folder / "source", folder / "read-compose"
    shutil.copytree(ROOT / "tests" / "compose", source)
    for fetch in (["mod", "init", "read-compose"], ["get", _LIBRARY]):
        if subprocess.run([go, *fetch], cwd=source, env=env, capture_output=True, check=False).returncode:
            return None
    assert hashlib.sha256((source / "go.sum").read_bytes()).hexdigest() == _SUMS
    command = [go, "build", "-o", str(program), "."]
    built = subprocess.run(command, cwd=source, env=env, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return [str(program), str(FILE)]


def test_image_installs_pinned_requirements_and_is_not_root() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert re.search(r"^USER graphsvc$", text, re.MULTILINE)
