"""Split botocore's trust store into a folder that OpenSSL reads lazily.

In such a folder, OpenSSL finds the authority of a server by a hash of its subject. So the function trusts the same
authorities as botocore, and reads one file instead of all certificates.
https://docs.openssl.org/3.0/man1/openssl-rehash/
"""

import re
import subprocess
from pathlib import Path

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)


def split(bundle: Path) -> Path:
    """Replace a file of certificates by a folder of the same name without suffix; return the folder.

    Raises
    ------
    LookupError
        The file is missing or has no certificate, or OpenSSL cannot read one of them.
    OSError, subprocess.CalledProcessError
        `openssl` is missing or fails.
    """
    certificates = _CERTIFICATE.findall(bundle.read_text()) if bundle.exists() else []
    if not certificates:
        raise LookupError(f"{bundle} has no certificates")
    folder = bundle.with_suffix("")
    folder.mkdir()
    for number, certificate in enumerate(dict.fromkeys(certificates)):
        (folder / f"{number:03}.pem").write_text(certificate)
    # Links to each certificate by its hash. The certificates then take the places of their links.
    subprocess.run(["openssl", "rehash", str(folder)], capture_output=True, check=True)  # noqa: S603, S607
    for link in [path for path in folder.iterdir() if path.is_symlink()]:
        (folder / link.readlink()).replace(link)
    if unread := sorted(folder.glob("*.pem")):
        raise LookupError(f"OpenSSL cannot read {unread[0]}")
    bundle.unlink()
    return folder
