#!/usr/bin/env bash
# Pins anew what pyproject.toml asks for, with hashes and without any registry address. Needs `uv` on the path.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header "$@"
}
# Tests first: what runs in tests is what runs for users, so the others keep to its versions.
compile pyproject.toml --group test --extra notebooks --upgrade -o requirements/test.txt
compile pyproject.toml --extra notebooks --constraint requirements/test.txt -o requirements/notebooks.txt
compile pyproject.toml --constraint requirements/test.txt -o requirements/main.txt
compile requirements/build.in --constraint requirements/test.txt -o requirements/build.txt
