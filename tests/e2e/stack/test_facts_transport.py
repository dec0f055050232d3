"""How Amazon Cognito is reached: facts on which the connection of init relies.

A fact that turns out to be otherwise does not fail `make verify`. docs/local.md says how to report it.
"""

import shutil
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest
import trust_store
from botocore.httpsession import DEFAULT_CA_BUNDLE

from tests.support.transport_facts import answer, verification

type Fact = Callable[..., None]


# Lambda usually sends the first request right after init, and seconds later if it started the environment in advance.
@pytest.mark.fact("unconfirmed")
def test_a_connection_may_be_idle_for_20_seconds(idle: tuple[HTTPConnection, float], fact: Fact) -> None:
    connection, opened = idle
    time.sleep(max(0.0, opened + 20 - time.monotonic()))
    fact(answer(connection), "400 NotAuthorizedException")


# Amazon Trust Services, whose authorities botocore's trust store has, issues the certificates of AWS's endpoints.
# https://aws.amazon.com/blogs/security/how-to-prepare-for-aws-move-to-its-own-certificate-authority/
@pytest.mark.fact("unconfirmed")
def test_the_layer_trusts_the_certificate_of_cognito(cognito_url: str, fact: Fact, tmp_path: Path) -> None:
    if not cognito_url.startswith("https:"):
        pytest.skip("the local cloud has no TLS")
    trusted = trust_store.split(Path(shutil.copy(DEFAULT_CA_BUNDLE, tmp_path)))
    fact(verification(cognito_url, trusted), "trusted")
