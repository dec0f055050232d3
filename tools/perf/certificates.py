"""The certificates of the stand-in for Amazon Cognito, and the packages that trust them."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import trustme

# The file of certificates in the folder of a package that has botocore.
BUNDLE = Path("botocore/cacert.pem")
_RSA = trustme.KeyType.RSA  # 2048 bits, as Amazon's certificates have


@dataclass(frozen=True)
class Chain:
    """The files of a chain of three certificates, as AWS has: a server called `localhost`, an intermediate and a root.

    Attributes
    ----------
    server : Path
        The server's key, its certificate and the intermediate one.
    root : Path
        The certificate that a client must trust.
    """

    server: Path
    root: Path


def create(folder: Path) -> Chain:
    """Create a chain, with its files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    chain = Chain(folder / "server.pem", folder / "root.pem")
    root = trustme.CA(key_type=_RSA)
    leaf = root.create_child_ca(key_type=_RSA).issue_cert("localhost", key_type=_RSA)
    root.cert_pem.write_to_path(chain.root)
    chain.server.unlink(missing_ok=True)
    chain.server.touch(mode=0o600)
    leaf.private_key_and_cert_chain_pem.write_to_path(chain.server)
    return chain


def trust(root: Path, package: Path) -> None:
    """Add a root to those that a package's botocore trusts. A package without botocore stays as it is.

    The function's layer has a folder instead of botocore's file: layers/dependencies/trust_store.py makes it.
    """
    bundle = package / BUNDLE
    if (folder := bundle.with_suffix("")).is_dir():
        shutil.copy(root, folder)
        subprocess.run(["openssl", "rehash", str(folder)], capture_output=True, check=True)
    if bundle.exists():
        trusted = bundle.read_bytes()
        bundle.unlink()  # it may be a link into the cache of uv
        bundle.write_bytes(trusted + b"\n" + root.read_bytes())
