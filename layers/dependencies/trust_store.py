"""Split botocore's trust store into a folder that OpenSSL reads lazily.

OpenSSL looks a certificate up in such a folder by a hash of its subject when a server's chain leads to it. So the
function trusts the same authorities as botocore, and reads one file instead of all certificates.
https://docs.openssl.org/3.0/man3/X509_LOOKUP_hash_dir/
"""

import re
import subprocess
from collections import Counter
from pathlib import Path

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)


def split(bundle: Path) -> Path:
    """Replace a file of certificates by a folder of the same name without suffix; return the folder.

    Raises
    ------
    LookupError
        The file is missing or has no certificate.
    OSError, subprocess.CalledProcessError
        `openssl` is missing, or cannot read a certificate.
    """
    certificates = _CERTIFICATE.findall(bundle.read_text()) if bundle.exists() else []
    if not certificates:
        raise LookupError(f"{bundle} has no certificates")
    folder = bundle.with_suffix("")
    folder.mkdir()
    seen: Counter[str] = Counter()
    for certificate in certificates:
        subject = _hash(certificate)
        (folder / f"{subject}.{seen[subject]}").write_text(certificate)
        seen[subject] += 1
    bundle.unlink()
    return folder


def _hash(certificate: str) -> str:
    command = ["openssl", "x509", "-noout", "-subject_hash"]
    finished = subprocess.run(command, input=certificate, capture_output=True, text=True, check=True)  # noqa: S603
    return finished.stdout.strip()
