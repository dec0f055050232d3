"""Builds this repo's template for this machine, to be deployed into the local cloud and to be run by `sam local`."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from local import sam_cli

_SOURCES = ("template.yaml", "functions", "layers/dependencies")


def template_in(directory: Path) -> Path:
    """Return where the built template of a directory is."""
    return directory / "build" / "template.yaml"


def build(directory: Path) -> None:
    """Run `sam build` for this machine's architecture.

    Parameters
    ----------
    directory : Path
        Where the build and its log go.

    Raises
    ------
    SamCliError
        If the build fails, or there are no wheels for this machine.
    """
    stamp = _stamp_in(directory)
    stamp.unlink(missing_ok=True)
    started = time.time()  # what is changed while it builds is newer than the build
    sam_cli.build(template_in(directory).parent, directory / "build.log")
    _bring_linked_libraries(template_in(directory).parent / "DependenciesLayer")
    stamp.touch()
    os.utime(stamp, (started, started))


def is_current(directory: Path) -> bool:
    """Return whether the directory's build is complete, and newer than all that goes into it."""
    stamp = _stamp_in(directory)
    return stamp.exists() and stamp.stat().st_mtime > _last_change()


def _stamp_in(directory: Path) -> Path:
    return directory / "built"


def _last_change() -> float:
    roots = [sam_cli.PROJECT / source for source in _SOURCES]
    # Folders count as well: a file that is gone changes only the folder that it was in.
    paths = [*roots, *(path for root in roots for path in root.rglob("*") if "__pycache__" not in path.parts)]
    return max(path.stat().st_mtime for path in paths)


def _bring_linked_libraries(layer: Path) -> None:
    """Copy the shared libraries that the layer's modules are linked to, except for libc, into the layer.

    Amazon Linux has them all, and Lambda looks for libraries in a layer last. But a base image that was put together
    without AWS's may lack libdl and librt, which wheels name although glibc 2.34 made them part of libc.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (LD_LIBRARY_PATH)
    """
    modules = [str(path) for path in layer.rglob("*.so")]
    linked = subprocess.run(["ldd", *modules], capture_output=True, check=False, text=True).stdout
    libraries = layer / "lib"
    libraries.mkdir(parents=True, exist_ok=True)
    for library in set(re.findall(r"=> (/\S+)", linked)):
        if not Path(library).name.startswith("libc."):
            shutil.copy(library, libraries)
