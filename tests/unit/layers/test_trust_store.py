"""The folder of trusted certificates that OpenSSL reads lazily."""

import ssl
from pathlib import Path

import botocore
import pytest
import trust_store

from tests.support.certificates import Server, create_server, shake_hands

BOTOCORES = Path(botocore.__file__).with_name("cacert.pem")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return create_server(tmp_path)


def _bundle(folder: Path, *files: Path) -> Path:
    bundle = folder / "cacert.pem"
    bundle.write_text("\n".join(file.read_text() for file in files))
    return bundle


def _connect(server: Server, trusted: Path) -> ssl.SSLContext:
    """Let a client that trusts a folder connect to the server; return the client's context."""
    context = ssl.create_default_context(capath=trusted)
    shake_hands(context, server.context)
    return context


def test_openssl_reads_only_the_authority_of_the_server(server: Server, tmp_path: Path) -> None:
    trusted = trust_store.split(_bundle(tmp_path, BOTOCORES, server.bundle))

    assert len([*trusted.iterdir()]) > 100
    assert _connect(server, trusted).cert_store_stats()["x509"] == 1


def test_a_server_of_another_authority_is_refused(server: Server, tmp_path: Path) -> None:
    trusted = trust_store.split(_bundle(tmp_path, BOTOCORES))

    with pytest.raises(ssl.SSLCertVerificationError):
        _connect(server, trusted)


def test_authorities_of_the_same_name_are_all_trusted(server: Server, tmp_path: Path) -> None:
    (tmp_path / "another").mkdir()
    another = create_server(tmp_path / "another")

    trusted = trust_store.split(_bundle(tmp_path, another.bundle, server.bundle))

    for each in (server, another):
        _connect(each, trusted)


@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_a_file_without_certificates_is_an_error(text: str | None, tmp_path: Path) -> None:
    bundle = tmp_path / "cacert.pem"
    if text is not None:
        bundle.write_text(text)

    with pytest.raises(LookupError, match=r"cacert\.pem has no certificates"):
        trust_store.split(bundle)


def test_a_certificate_that_openssl_cannot_read_is_an_error(server: Server, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path, server.bundle)
    bundle.write_text(bundle.read_text() + ssl.DER_cert_to_PEM_cert(b"not a certificate"))

    with pytest.raises(LookupError, match=r"OpenSSL cannot read .*001\.pem"):
        trust_store.split(bundle)
