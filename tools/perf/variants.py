"""The variants of the function that `make bench` compares, and how each is packaged."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local import sam_cli
from tools.perf.errors import BenchError
from tools.perf.packages import install, size

_HANDLERS = Path(__file__).parent / "handlers"
_REQUIREMENTS = sam_cli.PROJECT / "tools/requirements"
_LAYER_REQUIREMENTS = sam_cli.PROJECT / "layers/dependencies/requirements.txt"
_FUNCTION, _LAYER = Path("DevicesFunction"), Path("DependenciesLayer/python")  # in the folder of `sam build`

HANDLER = "devices.app.lambda_handler"

OURS = "ours"
PLAIN = "plain wheels"
FASTAPI = "FastAPI + Mangum"
BARE = "bare boto3"
RAW = "raw urllib3"
EMPTY = "empty handler"


@dataclass(frozen=True)
class Variant:
    """A packaged function.

    Attributes
    ----------
    task : Path
        The content of /var/task.
    layer : Path or None
        The content of /opt/python.
    """

    name: str
    handler: str
    task: Path
    layer: Path | None = None

    def sizes(self) -> dict[str, float]:
        """Return the sizes of the whole package and of its layer, in MB (10^6 bytes), unzipped and zipped."""
        layer = size(self.layer) if self.layer else (0.0, 0.0)
        task = size(self.task)
        return {
            "package_mb": round(task[0] + layer[0], 3),
            "package_zip_mb": round(task[1] + layer[1], 3),
            "layer_mb": round(layer[0], 3),
            "layer_zip_mb": round(layer[1], 3),
        }


def package(directory: Path, built: Path | None = None) -> list[Variant]:
    """Package all variants into a folder, which is emptied before.

    Parameters
    ----------
    built : Path or None
        Folder of a finished `sam build` to measure as ours, which is copied; None builds it.

    Raises
    ------
    BenchError
        `built` lacks the function or the layer.
    SamCliError
        The SAM CLI or uv failed.
    """
    if built and not all((built / part).is_dir() for part in (_FUNCTION, _LAYER)):
        raise BenchError(f"{built} is not the folder of a finished build: {_FUNCTION} and {_LAYER} must be in it.")
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    packages: dict[str, Callable[[Path], Variant]] = {
        OURS: lambda folder: ours(shutil.copytree(built, folder / "build") if built else build(folder)),
        PLAIN: _plain,
        FASTAPI: _fastapi,
        BARE: lambda folder: _with_handler("bare_boto3", BARE, folder),
        RAW: lambda folder: _with_handler("raw_urllib3", RAW, folder),
        EMPTY: lambda folder: _with_handler("empty", EMPTY, folder),
    }
    return [make(directory / folder_name(name)) for name, make in packages.items()]


def folder_name(name: str) -> str:
    """Return the name of a variant's folder and log, without spaces."""
    return name.lower().replace(" + ", "-").replace(" ", "-")


def runtime(directory: Path) -> Path:
    """Install the runtime client and boto3 into a folder that replaces Lambda's /var/runtime, and compile them.

    The folder is emptied before.
    """
    shutil.rmtree(directory, ignore_errors=True)
    install(_REQUIREMENTS / "bench-runtime.txt", directory)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(directory)], check=True)
    return directory


def build(folder: Path) -> Path:
    """Build the function and its layer as `make build` does, but for this machine; return the folder of the result."""
    folder.mkdir(parents=True, exist_ok=True)
    sam_cli.build(folder / "build", folder / "build.log")
    return folder / "build"


def ours(built: Path) -> Variant:
    """Return the function that `sam build` made."""
    return Variant(OURS, HANDLER, built / _FUNCTION, built / _LAYER)


def copy_source(folder: Path) -> Path:
    """Copy the function's source without bytecode into a new folder; return the folder."""
    shutil.copytree(sam_cli.PROJECT / "functions", folder, ignore=shutil.ignore_patterns("__pycache__", "Makefile"))
    return folder


def _plain(folder: Path) -> Variant:
    """Package the same source with its wheels as they are; nothing is compiled."""
    task = copy_source(folder / "task")
    return Variant(PLAIN, HANDLER, task, install(_LAYER_REQUIREMENTS, folder / "layer"))


def _fastapi(folder: Path) -> Variant:
    layer = install(_REQUIREMENTS / "bench-fastapi.txt", folder / "layer")
    return _with_handler("fastapi_mangum", FASTAPI, folder, layer)


def _with_handler(module: str, name: str, folder: Path, layer: Path | None = None) -> Variant:
    task = folder / "task"
    task.mkdir(parents=True)
    for file in (f"{module}.py", "view.py"):
        shutil.copy(_HANDLERS / file, task)
    return Variant(name, f"{module}.handler", task, layer)
