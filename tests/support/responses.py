"""What every response of the API has in common, compared with the contract."""

from collections.abc import Mapping

import httpx

COMMON = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
EXPOSED = "Retry-After,x-amzn-RequestId"


def assert_response(response: httpx.Response, status: int, headers: Mapping[str, str | None]) -> None:
    """Compare the status and headers; the message names everything that differs."""
    wrong = [f"status is {response.status_code}, not {status}"] if response.status_code != status else []
    for name, expected in headers.items():
        found = response.headers.get(name)
        if found != expected:
            wrong.append(f"header {name} is {found!r}, not {expected!r}")
    assert not wrong, f"{_request(response)}: {'; '.join(wrong)}"


def assert_problem(response: httpx.Response, status: int, slug: str, *, by_gateway: bool) -> None:
    """Check a problem that the page's origin can read, made by API Gateway itself or by the function."""
    origin = response.request.headers["origin"]
    cors: dict[str, str | None] = (
        {"access-control-allow-origin": "*", "vary": None}
        if by_gateway
        else {"access-control-allow-origin": origin, "vary": "Origin"}
    )
    fixed = {"content-type": "application/problem+json", "access-control-allow-credentials": None}
    exposed = {"access-control-expose-headers": EXPOSED}
    assert_response(response, status, {**COMMON, **fixed, **exposed, **cors})
    problem = response.json()
    where = _request(response)
    assert set(problem) == {"type", "title", "status", "detail", "requestId"}, f"{where}: members {sorted(problem)}"
    told = (problem["type"].removeprefix("urn:problem-type:"), problem["status"])
    assert told == (slug, status), f"{where}: the problem is {told}, not {(slug, status)}"
    header = response.headers.get("x-amzn-requestid")
    assert problem["requestId"] == header, f"{where}: the requestId {problem['requestId']} is not the header's {header}"


def _request(response: httpx.Response) -> str:
    # The path as it was sent, because a decoded one may contain a line break.
    return f"{response.request.method} {response.request.url.raw_path.decode()}"
