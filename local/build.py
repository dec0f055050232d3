"""Builds this project's template for this machine. `make run` deploys the build, and `sam local` runs it."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local import sam_cli

# What is built, and what builds it
_SOURCES = ("template.yaml", "functions", "layers/dependencies")
_TOOLS = ("local/build.py", "local/sam_cli.py", "tools/requirements/sam.txt", "tools/requirements/uv.txt")


def template_in(directory: Path) -> Path:
    """Return the path of the built template in a directory."""
    return directory / "build" / "template.yaml"


def stamp_in(directory: Path) -> Path:
    """Return the path of a file that a directory has if its build is complete."""
    return template_in(directory).with_name("sources.sha256")


def update(directory: Path, say: Callable[[str], None]) -> None:
    """Run `sam build` for this machine's architecture, unless the directory's build is complete and of these sources.

    Parameters
    ----------
    directory : Path
        For the build and its log.
    say : callable
        Tells the developer that a build starts, in one line.

    Raises
    ------
    SamCliError
        The build failed, for example because this machine's architecture has no wheels.
    """
    sources = _digest()  # before the build, so that it does not stand for a file that changes meanwhile
    stamp = stamp_in(directory)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == sources:
        return
    log = directory / "build.log"
    say(f"building the template with the SAM CLI (log: {log})")
    stamp.unlink(missing_ok=True)
    sam_cli.build(stamp.parent, log)
    _copy_linked_libraries(stamp.parent / "DependenciesLayer")
    stamp.write_text(sources, encoding="utf-8")


def _digest() -> str:
    """Return a digest of the sources, the tools, and this machine's Python and architecture.

    Dates do not matter: `cp -p`, tar and rsync give changed files old ones.
    """
    roots = [sam_cli.PROJECT / each for each in (*_SOURCES, *_TOOLS)]
    files = [*roots, *(path for root in roots for path in root.rglob("*") if "__pycache__" not in path.parts)]
    digest = hashlib.sha256(f"{sys.version}\0{sam_cli.architecture()}\0".encode())
    for path in sorted(files):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(sam_cli.PROJECT)}\0{content}\0".encode())
    return digest.hexdigest()


def _copy_linked_libraries(layer: Path) -> None:
    """Copy the shared libraries that the layer's modules are linked to into the layer, except for libc.

    `sam local` may run in a base image that is not AWS's, which may lack libdl and librt. Wheels name these two,
    although glibc 2.34 made them part of libc. In Amazon Linux the copies are not used: Lambda searches layers last.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (LD_LIBRARY_PATH)
    """
    modules = [str(path) for path in layer.rglob("*.so")]
    linked = os.fsdecode(subprocess.run(["ldd", *modules], capture_output=True, check=False).stdout)
    libraries = layer / "lib"
    libraries.mkdir(parents=True, exist_ok=True)
    for library in set(re.findall(r"=> (/\S+)", linked)):
        if not Path(library).name.startswith("libc."):
            shutil.copy(library, libraries)
