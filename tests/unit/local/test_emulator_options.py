"""The emulator's command line; what it starts is tested as a process."""

import pytest

from local.emulator import main


@pytest.mark.parametrize("option", ["--port", "--log"])
def test_it_needs_a_port_and_a_log(
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
