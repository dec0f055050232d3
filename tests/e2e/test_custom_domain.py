"""The deployed API at a domain name of its own, under base paths. test_conditions.py deploys the template's domain."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from local.deployment import client

DOMAIN = "devices.example.com"


@pytest.fixture(scope="module", params=["v1", "devices", "(none)"])
def domain(session: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """Map a base path of a domain name to the API; return a client of that base path."""
    gateway = client("apigateway", session["cognito_endpoint"])
    (api,) = gateway.get_rest_apis()["items"]
    gateway.create_domain_name(domainName=DOMAIN, endpointConfiguration={"types": ["REGIONAL"]})
    gateway.create_base_path_mapping(domainName=DOMAIN, basePath=request.param, restApiId=api["id"], stage="v1")
    url = session["cognito_endpoint"] + ("" if request.param == "(none)" else f"/{request.param}")
    # The Host header stands for the DNS record.
    with httpx.Client(base_url=url, headers={"Host": DOMAIN}, timeout=30, trust_env=False) as caller:
        yield caller
    gateway.delete_domain_name(domainName=DOMAIN)


def test_each_operation_works_under_a_base_path(
    domain: httpx.Client, bearer: dict[str, str], session: dict[str, Any]
) -> None:
    path = f"/devices/{session['device_keys'][0]}"

    device = domain.get(path, headers=bearer)
    listed = domain.get("/devices", headers=bearer, params={"limit": 1})
    changed = domain.patch(path, headers=bearer, json={"remembered": True})
    forgotten = domain.delete("/devices/us-east-1_00000000-0000-0000-0000-000000000000", headers=bearer)

    assert device.json()["deviceKey"] == session["device_keys"][0]
    assert len(listed.json()["devices"]) == 1
    assert changed.status_code == 204
    assert (forgotten.status_code, forgotten.json()["type"]) == (404, "urn:problem-type:device-not-found")


def test_errors_and_preflights_are_the_same_under_a_base_path(domain: httpx.Client, session: dict[str, Any]) -> None:
    origin = {"Origin": session["page_url"]}

    refused = domain.get("/devices", headers=origin)
    preflight = domain.options("/devices/current", headers=origin | {"Access-Control-Request-Method": "DELETE"})

    assert (refused.status_code, refused.json()["type"]) == (401, "urn:problem-type:invalid-token")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == session["page_url"]
