"""Installs the packages of a variant, and measures their size."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from local import sam_cli


def install(requirements: Path, folder: Path) -> Path:
    """Install a requirements file into a folder, for this Python; return the folder.

    Raises
    ------
    SamCliError
        uv failed.
    """
    # Copies, because a link would lead to uv's cache, which may contain bytecode.
    command = ["pip", "install", "--quiet", "--link-mode", "copy", "--require-hashes", "--only-binary", ":all:"]
    finished = subprocess.run(
        [sam_cli.uv(), *command, "--python", sys.executable, "--target", str(folder), "-r", str(requirements)],
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise sam_cli.SamCliError(f"uv pip install -r {requirements} failed: {finished.stderr.strip()}")
    return folder


def size(folder: Path) -> tuple[float, float]:
    """Return the size of a folder's files in MB (10^6 bytes), and that of their ZIP archive."""
    zipped = BytesIO()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:  # as the SAM CLI does
        for path in files:
            archive.writestr(str(path.relative_to(folder)), path.read_bytes())
    return sum(path.stat().st_size for path in files) / 1e6, len(zipped.getvalue()) / 1e6
