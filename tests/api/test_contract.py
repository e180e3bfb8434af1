from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import Service


def test_the_description_is_one_a_client_generator_likes(service: Service) -> None:
    document = service.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    ids = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            ids.append(operation["operationId"])
            assert operation["summary"], path
            assert operation["description"], path
            for status, response in operation["responses"].items():
                if status >= "400" and path != "/readyz":
                    assert list(response["content"]) == ["application/problem+json"], (method, path, status)
    assert len(ids) == len(set(ids))
    # A class in each generated client: of one word, not of a module's path.
    names = list(document["components"]["schemas"])
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []


@pytest.mark.slow
def test_no_request_made_from_the_description_breaks_the_service(service: Service, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{service.client.base_url}/openapi.json",
        "--header",
        f"Authorization: {service.headers('admin')['Authorization']}",
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--exclude-path",
        "/v1/runs",
        "--phases",
        "examples,fuzzing",
        "--max-examples",
        "5",
        "--seed",
        "1",
        "--generation-deterministic",
        "--no-color",
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_failures_are_problems_with_a_remedy(service: Service) -> None:
    headers = service.headers("admin")
    cases = [
        (service.client.get("/nowhere", headers=headers), 404),
        (service.client.delete("/v1/rackets", headers=headers), 405),
        (service.client.get("/v1/rackets?limit=0", headers=headers), 422),
        (service.client.get("/v1/rackets?jurisdiction=putian", headers=headers), 422),
        (service.client.get("/v1/sellers/nobody", headers=headers), 404),
        (service.client.post("/v1/judgements", content=b"{", headers=headers), 422),
    ]
    for answer, status in cases:
        problem = answer.json()
        assert answer.status_code == problem["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "detail", "code", "remedy", "instance"} <= set(problem)
        assert problem["instance"].endswith(answer.headers["x-request-id"])


def test_the_monitor_gets_figures_by_route_and_never_by_id(service: Service) -> None:
    headers = service.headers("admin")
    service.client.get("/v1/sellers/s1", headers=headers)
    text = service.client.get("/metrics", headers=headers).text
    assert 'graphsvc_requests_total{method="GET",route="/v1/sellers/{seller_id:path}",status="200"}' in text
    assert "s1" not in text
    assert 'graphsvc_check{check="published"} 1.0' in text


def test_health_and_readiness_are_also_below_v1(service: Service) -> None:
    base = str(service.client.base_url)
    for path in ("/healthz", "/v1/healthz", "/readyz", "/v1/readyz"):
        assert httpx.get(base + path).status_code == 200
