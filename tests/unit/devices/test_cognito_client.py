"""The boto3 client: its endpoint, its retries and its log."""

import logging

import pytest
from botocore import UNSIGNED

from devices import cognito_client
from tests.support.start import started

URL = "https://cognito-idp.us-east-1.amazonaws.com"

pytestmark = pytest.mark.usefixtures("own_client")


def test_client_is_created_once_for_the_region_and_unsigned() -> None:
    client = cognito_client.client()

    assert cognito_client.client() is client
    assert client.meta.endpoint_url == URL
    assert vars(client.meta.config)["signature_version"] is UNSIGNED


def test_client_takes_the_regional_endpoint_if_the_variable_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    # template.yaml sets the variable for every deployment, to an empty value by default.
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "")

    assert cognito_client.client().meta.endpoint_url == URL


def test_client_takes_the_endpoint_of_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    fips = "https://cognito-idp-fips.us-east-1.amazonaws.com"
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", fips)

    assert cognito_client.client().meta.endpoint_url == fips


def test_environment_variables_do_not_change_the_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    # The mode `legacy` does not retry throttled calls. botocore reads the variables when it creates its first client.
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")

    retries, _ = started("""
import json
from devices import cognito_client
print(json.dumps(vars(cognito_client.client().meta.config)["retries"]))
""")

    assert (retries["total_max_attempts"], retries["mode"]) == (2, "standard")


@pytest.mark.parametrize("name", ["boto3", "botocore", "botocore.endpoint", "botocore.parsers", "urllib3"])
def test_the_sdk_does_not_log_even_if_the_root_logger_is_at_debug(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)

    assert not logging.getLogger(name).isEnabledFor(logging.ERROR)
