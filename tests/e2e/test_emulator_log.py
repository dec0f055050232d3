"""emulator.log has lines of the emulator, of the page's server and of the function."""

import unicodedata
from pathlib import Path
from typing import Any

import httpx

from tests.support.raw_http import exchange


def test_the_log_has_no_control_characters(session: dict[str, Any]) -> None:
    # Given requests whose path and headers clear the screen, in bytes and in escapes
    for url in (session["page_url"], session["cognito_endpoint"]):
        port = httpx.URL(url).port or 80
        for path in (b"/\x1b[2J\x9b2J", b"/%1b[2J%0d%0aforged", b"/_aws/execute-api/x/v1/%1b[2J"):
            head = b"Host: 127.0.0.1:%d\r\nUser-Agent: \xc2\x9b2J\r\nConnection: close\r\n\r\n" % port
            exchange(port, b"GET %s HTTP/1.1\r\n%s" % (path, head))
    # When somebody shows the log
    text = (Path(session["directory"]) / "emulator.log").read_text(encoding="utf-8")
    # Then the terminal gets only text
    assert "GET /\\x1b[2J\\x9b2J HTTP/1.1" in text
    assert {each for each in text if unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp"}} <= {"\n", "\t"}
    assert not [line for line in text.splitlines() if line.startswith("forged")]
