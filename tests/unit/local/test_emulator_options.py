"""The emulator's command line. tests/integration/local/test_emulator.py tests the process."""

import pytest

from local.emulator import main


@pytest.mark.parametrize("option", ["--port", "--log"])
def test_the_port_and_the_log_are_required(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given
    monkeypatch.setattr("sys.argv", ["emulator"])
    # When
    with pytest.raises(SystemExit) as exited:
        main()
    # Then
    assert exited.value.code == 2
    assert option in capsys.readouterr().err
