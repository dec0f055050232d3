"""Builds this project's template for this machine. `make run` deploys the build, and `sam local` runs it."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from local import sam_cli

_SOURCES = ("template.yaml", "functions", "layers/dependencies")


def template_in(directory: Path) -> Path:
    """Return the path of the built template in a directory."""
    return directory / "build" / "template.yaml"


def build(directory: Path) -> None:
    """Run `sam build` for this machine's architecture.

    Parameters
    ----------
    directory : Path
        For the build and its log.

    Raises
    ------
    SamCliError
        The build failed, for example because this machine's architecture has no wheels.
    """
    stamp = _stamp_in(directory)
    stamp.unlink(missing_ok=True)
    started = time.time()  # a file that changes during the build must be newer than the build
    sam_cli.build(template_in(directory).parent, directory / "build.log")
    _copy_linked_libraries(template_in(directory).parent / "DependenciesLayer")
    stamp.touch()
    os.utime(stamp, (started, started))


def is_current(directory: Path) -> bool:
    """Return whether the directory's build is complete and newer than all of its sources."""
    stamp = _stamp_in(directory)
    return stamp.exists() and stamp.stat().st_mtime > _last_change()


def _stamp_in(directory: Path) -> Path:
    return directory / "built"


def _last_change() -> float:
    roots = [sam_cli.PROJECT / source for source in _SOURCES]
    # A deleted file changes only the time of its folder, so folders count too.
    paths = [*roots, *(path for root in roots for path in root.rglob("*") if "__pycache__" not in path.parts)]
    return max(path.stat().st_mtime for path in paths)


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
