"""`make bench-imports`: a short run of the real command, and what stops it. No test looks at a time."""

import re
from pathlib import Path

import patches
import pytest

from tests.support.commands import printed
from tests.support.scripts import script
from tools.perf import imports, instructions
from tools.perf.instructions import Counter

CHANGE = "urllib3/http2/__init__.py"


def counted(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(instructions, "counter", lambda: Counter((command,), calls=1))


def test_the_table_says_what_a_change_spares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Stands in for valgrind, which is slow.
    counted(monkeypatch, script(tmp_path / "count", '#!/bin/sh\n"$@" || exit 1\necho "2000000,,instructions:u" >&2\n'))

    table = printed(imports.main, "--starts", "1", "--only", CHANGE, "--directory", str(tmp_path / "layers"))

    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows] == ["Changed module", CHANGE, "all"]
    spared, alone, everything = int(rows[1][3]), int(rows[1][6]), int(rows[2][3])
    assert 0 < spared < everything
    assert 0 <= alone < everything
    assert rows[1][1] == "0.00%"
    assert re.search(r"An init with all changes takes 2 million instructions, \d+ ms of CPU time, \d+ modules\.", table)


def test_a_failed_count_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counted(monkeypatch, "false")
    monkeypatch.setattr(imports, "_BUILD", "")  # the layers stay as they were installed

    assert imports.main(["--starts", "1", "--only", CHANGE, "--directory", str(tmp_path)]) == 1

    assert "false could not count the instructions" in capsys.readouterr().err


def test_a_machine_without_counter_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(instructions, "counter", lambda: None)

    assert imports.main([]) == 1

    assert "install valgrind" in capsys.readouterr().err


def test_an_unknown_change_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    counted(monkeypatch, "true")

    assert imports.main(["--only", "flask"]) == 1

    error = capsys.readouterr().err
    assert "contains 'flask'" in error
    assert all(module in error for module in patches.CHANGES)


def test_a_layer_that_cannot_be_built_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counted(monkeypatch, "true")
    monkeypatch.setattr(imports, "_BUILD", "raise LookupError('no such import')")

    assert imports.main(["--only", CHANGE, "--directory", str(tmp_path)]) == 1

    assert "no such import" in capsys.readouterr().err
