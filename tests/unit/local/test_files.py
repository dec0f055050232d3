"""Files with secrets: only their owner can read them, whatever was at their path before."""

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local import session
from local.events import User, ready
from local.files import write_private
from local.session import Session

SECRET = "the-access-token"  # noqa: S105 - not a real one


def publish(directory: Path) -> Path:
    facts = Session(
        page_url="",
        api_url="",
        cognito_endpoint="",
        region="",
        user_pool_id="",
        user_pool_client_id="",
        username="",
        password="",
        access_token=SECRET,
        device_keys=[],
    )
    with session.published(facts, directory) as path:
        return path.rename(directory / "kept.json")  # the file of the session is removed when the block ends


def fill(directory: Path) -> Path:
    event = directory / "template/event.json"
    event.parent.mkdir()
    event.write_text('"ACCESS_TOKEN"', encoding="utf-8")
    return ready(event, lambda: User(SECRET, "us-east-1_key"), directory)


def write(directory: Path) -> Path:
    path = directory / "any.json"
    write_private(path, SECRET)
    return path


# What writes a secret, and the name of its file.
WRITERS = [(publish, "session.json"), (fill, "event.json"), (write, "any.json")]


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """Let others read new files, as most machines do."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def is_private(path: Path) -> bool:
    return SECRET in path.read_text(encoding="utf-8") and stat.S_IMODE(path.lstat().st_mode) == 0o600


@pytest.mark.parametrize(("writer", "name"), WRITERS)
def test_a_file_that_everybody_can_read_is_replaced(writer: Callable[[Path], Path], name: str, tmp_path: Path) -> None:
    # Given a file that another process has open
    older = tmp_path / name
    older.write_text("older", encoding="utf-8")
    with older.open(encoding="utf-8") as opened:
        # When
        written = writer(tmp_path)
        # Then
        assert is_private(written)
        assert opened.read() == "older"


@pytest.mark.parametrize(("writer", "name"), WRITERS)
def test_a_link_is_replaced_and_not_followed(writer: Callable[[Path], Path], name: str, tmp_path: Path) -> None:
    # Given
    target = tmp_path / "target"
    target.write_text("of somebody else", encoding="utf-8")
    (tmp_path / name).symlink_to(target)
    # When
    written = writer(tmp_path)
    # Then
    assert is_private(written)
    assert not written.is_symlink()
    assert target.read_text(encoding="utf-8") == "of somebody else"


@pytest.mark.parametrize(("writer", "name"), WRITERS)
def test_a_link_to_nothing_creates_no_file_elsewhere(writer: Callable[[Path], Path], name: str, tmp_path: Path) -> None:
    # Given
    (tmp_path / name).symlink_to(tmp_path / "elsewhere")
    # When
    written = writer(tmp_path)
    # Then
    assert is_private(written)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("writer", [writer for writer, _ in WRITERS])
def test_no_other_file_is_left(writer: Callable[[Path], Path], tmp_path: Path) -> None:
    written = writer(tmp_path)

    assert [path for path in tmp_path.iterdir() if path.is_file()] == [written]


def test_a_directory_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "any.json").mkdir()

    with pytest.raises(IsADirectoryError):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["any.json"]


def test_several_writers_replace_one_file_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(write, [tmp_path] * 200))

    assert is_private(written[0])
    assert list(tmp_path.iterdir()) == [written[0]]
