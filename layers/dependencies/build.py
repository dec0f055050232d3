"""Reduce a folder of installed wheels to what the function needs, and compile it.

    python -X no_debug_ranges build.py FOLDER

Lambda unpacks a layer into /opt, which is read-only, so Python would compile plain sources again at every cold start.
The layer therefore has bytecode instead of sources. Without column numbers (no_debug_ranges) the bytecode is smaller;
tracebacks still name file, line and function. Builds are reproducible: the same wheels give the same bytes.
"""

import compileall
import os
import py_compile
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import botocore_data
import patches
import trust_store

PYTHON = (3, 13)
LAYER = "/opt/python"  # where Lambda unpacks the layer: tracebacks show these paths

# The files that the function reads besides bytecode.
_READ = ("*.so", "botocore/cacert/*", "botocore/data/**/*.json")

# Parts of libraries that the function never imports.
_UNUSED = (
    "aws_lambda_powertools/metrics/provider/datadog",
    "aws_lambda_powertools/utilities/*",
    "bin",
    "boto3/dynamodb",
    "boto3/ec2",
    "boto3/s3",
    "dateutil/rrule.py",
    "dateutil/zoneinfo",
    "pydantic/mypy.py",
    "pydantic/v1",
    "s3transfer/crt.py",
    "s3transfer/processpool.py",
    "urllib3/contrib/emscripten",
)
# Parts that _UNUSED matches although the function imports them.
_USED = (
    "aws_lambda_powertools/utilities/__init__.py",
    "aws_lambda_powertools/utilities/data_classes",
    "aws_lambda_powertools/utilities/jmespath_utils",
    "aws_lambda_powertools/utilities/typing",
)
# A fixed date makes builds reproducible. ZIP stores local times and none before 1980.
# 1980-01-02 UTC is in 1980 in every time zone.
_MTIME = 315619200  # 1980-01-02T00:00:00Z


def build(folder: Path) -> None:
    """Reduce `folder`, into which wheels were installed, to what the function needs, and compile it.

    Raises
    ------
    LookupError
        A library lacks what botocore_data.py, patches.py or trust_store.py changes. After an update of the library,
        adapt them.
    SyntaxError
        A module cannot be compiled.
    """
    botocore_data.cut(folder / "botocore" / "data")
    patches.apply(folder)
    trust_store.split(folder / "botocore" / "cacert.pem")
    _remove(_matching(folder, _UNUSED) - _matching(folder, _USED))
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
        legacy=True,  # beside the source, because Python ignores __pycache__ when the source is missing
        stripdir=str(folder),
        prependdir=LAYER,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,  # valid whatever the mtime is
    )
    if not compiled:
        raise SyntaxError("a module cannot be compiled: compileall printed which one, and why")


def _remove_empty_folders(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def main(folder: str, version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Build the layer in `folder`; exit if `version`, this interpreter's, is not the function's."""
    if version != PYTHON:
        sys.exit("Compile the layer with Python {}.{}, which the function runs, not {}.{}.".format(*PYTHON, *version))
    build(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1])
