"""Turns a folder of installed wheels into what the function needs of them, compiled.

    python -X no_debug_ranges build.py FOLDER

Lambda unpacks a layer into /opt, which is read-only: what has no bytecode is compiled anew at every cold start. So the
layer has bytecode instead of sources. Without column numbers (no_debug_ranges) it is smaller; tracebacks still name
file, line and function. The same wheels always give the same bytes.
"""

import compileall
import os
import py_compile
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import botocore_data
import deferred

PYTHON = (3, 13)
LAYER = "/opt/python"  # where Lambda unpacks it, which is what tracebacks are to show

# What is no code, and yet read when the function runs.
_READ = ("*.so", "botocore/cacert.pem", "botocore/data/**/*.json")

# Parts of libraries that nothing imports here; each would work if it were there.
_UNUSED = (
    "aws_lambda_powertools/metrics/provider/datadog",
    "aws_lambda_powertools/utilities/*",
    "bin",
    "boto3/dynamodb",
    "boto3/ec2",
    "boto3/s3",
    "dateutil/zoneinfo",
    "pydantic/mypy.py",
    "pydantic/v1",
    "urllib3/contrib/emscripten",
)
_USED_AFTER_ALL = (
    "aws_lambda_powertools/utilities/__init__.py",
    "aws_lambda_powertools/utilities/data_classes",
    "aws_lambda_powertools/utilities/jmespath_utils",
    "aws_lambda_powertools/utilities/typing",
)
# The oldest date that ZIP knows: when the files were made is nothing that a build should depend on.
_MTIME = 315532800  # 1980-01-01T00:00:00Z


def build(folder: Path) -> None:
    """Cut `folder`, into which wheels were installed, down to what the function needs, and compile it.

    Raises
    ------
    LookupError
        A library no longer has what is to be changed: it was updated, and this needs another look.
    """
    botocore_data.cut(folder / "botocore" / "data")
    deferred.defer(folder)
    _remove(_matching(folder, _UNUSED) - _matching(folder, _USED_AFTER_ALL))
    _compile(folder)
    read = {path for pattern in _READ for path in folder.glob(f"**/{pattern}")}
    _remove(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc" and path not in read)
    _remove_empty_folders(folder)
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (_MTIME, _MTIME))


def _matching(folder: Path, patterns: Iterable[str]) -> set[Path]:
    matching = {path for pattern in patterns for path in folder.glob(pattern)}
    return matching | {below for path in matching for below in path.rglob("*")}


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_file():
            path.unlink()


def _compile(folder: Path) -> None:
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)
    compiled = compileall.compile_dir(
        folder,
        quiet=1,
        legacy=True,  # beside the source, where it is found without it
        stripdir=str(folder),
        prependdir=LAYER,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise SyntaxError("a module cannot be compiled: see above")


def _remove_empty_folders(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def main(folder: str, version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Build what `folder` is named, unless this is not the function's version of Python."""
    if version != PYTHON:
        sys.exit("The layer's bytecode must be of Python {}.{}, not {}.{}.".format(*PYTHON, *version))
    build(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1])
