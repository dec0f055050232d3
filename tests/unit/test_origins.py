"""The origins that a deployment may allow: those that browsers send, for template.yaml and for the function alike."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from devices.settings import ORIGIN, settings
from tests.support.start import started
from tests.support.template import PARAMETERS

PARAMETER = PARAMETERS["AllowedOrigins"]
LABEL = "a" * 63
ACCEPTED = [
    "https://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com:1",
    "https://app.example.com:80",
    "https://app.example.com:4430",
    "https://app.example.com:65535",
    "https://xn--bcher-kva.example",  # what browsers send for https://bücher.example
    "https://xn--p1ai.xn--p1ai",
    "https://my_app.example.com",
    "https://a--b.1and1.example",
    "https://3d.4me",
    "https://intranet",
    "https://2nd-server:8443",
    f"https://{LABEL}.example.com",
    "https://192.168.1.10",
    "https://255.255.255.255:8443",
    "https://0.0.0.1",
    "https://localhost",
    "https://localhost:3000",
    "https://127.0.0.1:3000",
    "https://[::1]:3000",
    "http://localhost",
    "http://localhost:8000",
    "http://localhost:443",
    "http://127.0.0.1",
    "http://127.0.0.1:5173",
    "http://[::1]",
    "http://[::1]:5173",
    "http://tauri.localhost",  # Tauri on Windows and Android
    "https://tauri.localhost",
    "http://shop.localhost:3000",
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
]
REFUSED = [
    "*",
    "null",
    "localhost:8000",
    "app.example.com",
    "//app.example.com",
    "https://",
    "https:app.example.com",
    "https:///app.example.com",
    "https://*",
    "https://*.example.com",
    "https://app.*.com",
    "HTTPS://app.example.com",
    "https://App.example.com",
    "https://app.example.COM",
    "http://LOCALHOST",
    "https://app.example.com:443",
    "http://localhost:80",
    "http://[::1]:80",
    "https://app.example.com:",
    "https://app.example.com:0",
    "https://app.example.com:08443",
    "https://app.example.com:65536",
    "https://app.example.com:99999",
    "https://app.example.com:100000",
    "https://app.example.com:port",
    "https://app.example.com:\u0668\u0664\u0664\u0663",
    "https://b\u00fccher.example",
    "https://app\u3002example.com",
    "https://app.example.com\u200b",
    "https://app.example.com/",
    "https://app.example.com/app",
    "https://app.example.com?",
    "https://app.example.com?a=b",
    "https://app.example.com#",
    "https://app.example.com#a",
    "https://user@app.example.com",
    "https://user:password@app.example.com",
    "https://app.example.com\\",
    "https://app.example.com%2e",
    "https://app.example.com.",
    "https://.example.com",
    "https://app..example.com",
    "https://app example.com",
    "https://app.example.com\n",
    "https://app.example.com;https://admin.example.com",
    "'https://app.example.com'",
    '"https://app.example.com"',
    "https://1.2.3",  # browsers send https://1.2.0.3
    "https://256.1.1.1",
    "https://192.168.01.10",
    "https://192.168.1.10.5",
    "https://192.168.1.10.",
    "https://3232235786",
    "https://0xc0a8010a",
    "https://a.0x1",
    "https://app.example.42",
    "https://[::1",
    "https://[0:0:0:0:0:0:0:1]",
    "https://::1",
    "http://app.example.com",
    "http://192.168.1.10",
    "http://localhost.example.com",
    "http://notlocalhost",
    "http://127.0.0.2",
    "http://127.0.0.1.example.com",
    "http://user@localhost",
    "capacitor://app",
    "capacitor://localhost:80",
    "capacitor://localhost/",
    "ionic://",
    "file://",
    "ftp://localhost",
    "javascript://localhost",
]
LISTS = [
    ("", True),
    ("https://app.example.com,https://admin.example.com:8443", True),
    ("capacitor://localhost,http://localhost,https://app.example.com", True),
    (" ", False),
    (",", False),
    ("https://app.example.com,", False),
    (",https://app.example.com", False),
    ("https://app.example.com,,https://admin.example.com", False),
    ("https://app.example.com, https://admin.example.com", False),
    (" https://app.example.com", False),
    ("https://app.example.com ", False),
    ("https://app.example.com https://admin.example.com", False),
    ("https://app.example.comhttps://admin.example.com", False),
    ("https://app.example.com,*", False),
    ("https://app.example.com:443,https://admin.example.com", False),
    ("https://1.2.3,https://admin.example.com", False),
    ("https://app.example.com\n,https://admin.example.com", False),
]
CASES = [*((each, True) for each in ACCEPTED), *((each, False) for each in REFUSED), *LISTS]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    settings.cache_clear()


def template_accepts(value: str) -> bool:
    """Return whether CloudFormation accepts the value: it compares the whole of it with the pattern."""
    return re.fullmatch(PARAMETER["AllowedPattern"], value) is not None


def function_accepts(value: str) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLOWED_ORIGINS", value)
        settings.cache_clear()
        try:
            return ",".join(settings().allowed_origins) == value
        except ValidationError:
            return False


@pytest.mark.parametrize(("value", "accepted"), CASES)
def test_the_template_and_the_function_accept_what_browsers_send(value: str, *, accepted: bool) -> None:
    assert template_accepts(value) is accepted
    assert function_accepts(value) is accepted


_origins = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "capacitor://", "HTTPS://", "//", ""]),
    st.lists(
        st.sampled_from(["app", "localhost", "1", "25", "0x1", "[::1]", "a-_", "", "*", "A", "\u00fc", " "]), max_size=4
    ).map(".".join),
    st.sampled_from(["", ":", ":443", ":80", ":65535", ":65536", ":080"]),
    st.sampled_from(["", "", "", "/", "?", "@", "$", "\n"]),
)


@given(st.lists(_origins, max_size=3).map(",".join) | st.sampled_from([each for each, _ in CASES]))
def test_the_template_and_the_function_agree(value: str) -> None:
    assert template_accepts(value) is function_accepts(value)


def test_the_template_has_the_functions_pattern() -> None:
    assert PARAMETER["AllowedPattern"] == rf"(({ORIGIN.pattern})(,(?=.)|$))*"


def test_the_pattern_means_the_same_in_java() -> None:
    # CloudFormation's regular expressions are Java's, where a `[` or `&&` within brackets starts another set.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-regexes.html
    sets = re.findall(r"(?<!\\)\[(.*?)(?<!\\)\]", PARAMETER["AllowedPattern"])

    assert sets
    assert set("".join(sets)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-:,.")


@pytest.mark.parametrize(
    "word", ["https://", "lower case", "http", "localhost", "capacitor://localhost", ":443", "xn--"]
)
def test_the_constraint_says_what_to_write(word: str) -> None:
    assert word in PARAMETER["ConstraintDescription"]


def test_the_function_does_not_start_with_a_bad_origin() -> None:
    program = """
import json
from pydantic import ValidationError
try:
    import devices.app
except ValidationError as error:
    print(json.dumps(str(error)))
"""
    message, _ = started(program, ALLOWED_ORIGINS="https://app.example.com,https://Admin.example.com/")

    assert "allowed_origins.1" in message
    assert "https://Admin.example.com/" in message
    assert "https://HOST" in message
