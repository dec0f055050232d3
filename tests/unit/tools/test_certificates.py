"""The certificates of the stand-in that `make bench` runs, and the packages that trust them."""

import os
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.support.certificates import shake_hands
from tools.perf import certificates
from tools.perf.certificates import BUNDLE, Chain


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return certificates.create(tmp_path / "certificates")


def test_a_chain_has_three_certificates_with_rsa_keys_of_2048_bits(chain: Chain) -> None:
    leaf, intermediate, root = x509.load_pem_x509_certificates(chain.server.read_bytes() + chain.root.read_bytes())

    for certificate in (leaf, intermediate, root):
        key = certificate.public_key()
        assert isinstance(key, RSAPublicKey)
        assert key.key_size == 2048
    leaf.verify_directly_issued_by(intermediate)
    intermediate.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]


def test_only_the_user_can_read_the_key_of_the_newest_chain(chain: Chain) -> None:
    before = chain.server.read_text()

    again = certificates.create(chain.server.parent)

    assert again.server.read_text() != before
    assert again.server.stat().st_mode & 0o777 == 0o600


def test_a_file_of_certificates_gets_the_root_and_its_other_links_stay(chain: Chain, tmp_path: Path) -> None:
    bundle, cache = tmp_path / BUNDLE, tmp_path / "cache.pem"
    bundle.parent.mkdir()
    cache.write_text("trusted before")
    os.link(cache, bundle)

    certificates.trust(chain.root, tmp_path)

    assert bundle.read_text() == f"trusted before\n{chain.root.read_text()}"
    assert cache.read_text() == "trusted before"


def test_a_folder_of_certificates_gets_the_root_where_openssl_finds_it(chain: Chain, tmp_path: Path) -> None:
    folder = (tmp_path / BUNDLE).with_suffix("")
    folder.mkdir(parents=True)

    certificates.trust(chain.root, tmp_path)

    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain.server)
    shake_hands(ssl.create_default_context(capath=folder), server)


def test_a_package_without_botocore_stays_as_it_is(chain: Chain, tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()

    certificates.trust(chain.root, package)

    assert list(package.iterdir()) == []
