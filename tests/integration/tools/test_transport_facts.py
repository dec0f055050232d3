"""What `make verify` prints about an idle connection, and about a server's certificate."""

import ssl
from contextlib import closing
from pathlib import Path

import pytest
import trust_store

from tests.support.certificates import create_server
from tests.support.fake_cognito import FakeCognito, Reply, drop
from tests.support.transport_facts import answer, connected, verification
from tests.support.wire_cognito import WireCognito

ANSWERS = {
    "400 NotAuthorizedException": Reply.error("NotAuthorizedException"),
    "408": Reply(408),
    "no response: Remote end closed connection without response": Reply(send=drop),
}


@pytest.mark.parametrize("shown", ANSWERS)
def test_the_answer_over_an_open_connection_is_shown(shown: str) -> None:
    with FakeCognito([ANSWERS[shown]]) as fake, closing(connected(fake.url)) as connection:
        assert answer(connection) == shown

    assert [request.operation for request in fake.requests] == ["ListDevices"]
    assert fake.connections == 1


def test_a_connection_that_the_server_closed_is_not_replaced() -> None:
    with FakeCognito([Reply(send=drop, unread=True)]) as fake, closing(connected(fake.url)) as connection:
        assert answer(connection).startswith("no response: ")

    assert (fake.connections, fake.requests) == (1, [])


def test_a_certificate_is_trusted_if_the_folder_has_its_authority(tmp_path: Path) -> None:
    (tmp_path / "another").mkdir()
    server, another = create_server(tmp_path), create_server(tmp_path / "another")

    with WireCognito(server.context) as cognito:
        trusted = verification(cognito.url, trust_store.split(server.bundle))
        refused = verification(cognito.url, trust_store.split(another.bundle))

    assert (trusted, refused) == ("trusted", "unable to get local issuer certificate")


def test_a_server_is_not_connected_to_unless_botocore_trusts_it(tmp_path: Path) -> None:
    with WireCognito(create_server(tmp_path).context) as cognito, pytest.raises(ssl.SSLCertVerificationError):
        connected(cognito.url)
