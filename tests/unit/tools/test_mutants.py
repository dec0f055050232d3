"""What `make mutants` prints of mutmut's results, and when it fails."""

import json
from pathlib import Path

import pytest

from tools import mutants


@pytest.mark.parametrize(("survivors", "exit_code"), [(1, 0), (2, 1)])
def test_it_fails_below_95_percent(
    survivors: int, exit_code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given twenty mutants: killed, too slow, not run, and survivors
    codes = {f"devices.auth.x_parse__mutmut_{number}": 1 for number in range(20)}
    codes |= dict.fromkeys(list(codes)[:survivors], 0) | {"devices.auth.x_parse__mutmut_19": -24}
    (tmp_path / "auth.py.meta").write_text(json.dumps({"exit_code_by_key": {**codes, "not run": None}}))
    monkeypatch.setattr(mutants, "RESULTS", tmp_path)

    # When the result is printed
    assert mutants.main() == exit_code

    # Then each survivor has a line
    printed = capsys.readouterr().out
    assert f"{20 - survivors} of   20 killed" in printed
    assert printed.count("survived: devices.auth.x_parse__mutmut_") == survivors
