"""A folder of the local cloud that cannot be used."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from local import session
from local.files import write_private
from local.folder import usable
from local.server import EmulatorError

# No user may make a folder there, not even root.
REFUSED = Path("/proc/local")


def make_file(path: Path) -> None:
    path.touch()


def make_dangling_link(path: Path) -> None:
    path.symlink_to("/nowhere/local")


def make_folder_with_a_folder_for_a_file(path: Path) -> None:
    (path / "lock").mkdir(parents=True)


@pytest.mark.parametrize("make", [make_file, make_dangling_link, make_folder_with_a_folder_for_a_file])
def test_what_is_not_a_folder_is_named(make: Callable[[Path], None], tmp_path: Path) -> None:
    directory = tmp_path / "local"
    make(directory)

    with pytest.raises(EmulatorError, match=f"^{directory}.* cannot be used .* must be a folder"), usable(directory):
        (directory / "lock").open("wb")


@pytest.mark.parametrize("directory", [REFUSED, REFUSED / "below"])
def test_a_folder_that_may_not_be_made_is_named(directory: Path) -> None:
    with pytest.raises(EmulatorError, match=f"cannot be used .*: {directory} must be a folder"), usable(directory):
        pytest.fail("the folder exists")


def test_a_full_disk_is_an_error_of_the_folder(tmp_path: Path) -> None:
    message = re.escape(f"{tmp_path} cannot be used (No space left on device)")

    with pytest.raises(EmulatorError, match=message), usable(tmp_path), Path("/dev/full").open("wb") as full:
        full.write(b"x")


def test_a_folder_in_the_place_of_a_file_with_secrets_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("local/any.json").mkdir(parents=True)

    with pytest.raises(EmulatorError, match=r"^.*/local/any\.json\..*\.new cannot be used"), usable(Path("local")):
        write_private(Path("local/any.json"), "text")


@pytest.mark.parametrize("error", [FileNotFoundError(2, "No such file", "ldd"), ConnectionResetError(104, "Reset")])
def test_another_error_stays_as_it_is(error: OSError, tmp_path: Path) -> None:
    with pytest.raises(type(error)) as raised, usable(tmp_path):
        raise error

    assert raised.value is error


def test_a_file_in_the_place_of_the_folder_holds_no_session(tmp_path: Path) -> None:
    make_file(tmp_path / "local")

    assert session.read(tmp_path / "local") is None


PARTIAL = '{"cognito_endpoint": "http://127.0.0.1:4566"}'


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, "[]", "null", "{}", PARTIAL, "\xff"], ids=lambda text: text[:9]
)
def test_a_file_without_a_session_is_ignored(text: str, tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text(text, encoding="latin-1")

    assert session.read(tmp_path) is None


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_session_that_is_not_a_file_is_ignored(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "session.json")

    assert session.read(tmp_path) is None


def test_a_folder_that_cannot_be_looked_into_holds_no_session(tmp_path: Path) -> None:
    assert session.read(tmp_path / ("a" * 256)) is None  # longer than a name may be
