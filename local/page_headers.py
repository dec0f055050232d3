"""The headers of the page's responses, as spa/template.yaml has them for CloudFront; local/page.py sends them too."""

import re
from typing import Any
from urllib.parse import urlsplit

from local import templates

_CONNECTS = re.compile(r"(?<=connect-src 'self')[^;]*")


def security_headers(*connects_to: str) -> dict[str, str]:
    """Return headers that let the page run its own code only, and connect only to its own origin and some others.

    Strict-Transport-Security is not among them: `strict_transport_security` has it for pages with TLS.

    Parameters
    ----------
    *connects_to : str
        URLs of the API and of Cognito; the page may connect to their origins. `/v1` is on the page's own origin.
    """
    origins = sorted({f"{url.scheme}://{url.netloc}" for url in map(urlsplit, connects_to) if url.netloc})
    policy = _policy()
    named = policy["SecurityHeadersConfig"]
    content = named["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    return {
        "Content-Security-Policy": _CONNECTS.sub("".join(f" {each}" for each in origins), content),
        "Referrer-Policy": named["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
        **{each["Header"]: each["Value"] for each in policy["CustomHeadersConfig"]["Items"]},
    }


def strict_transport_security() -> str:
    """Return the value of Strict-Transport-Security, which RFC 6797 forbids on responses without TLS."""
    transport = _policy()["SecurityHeadersConfig"]["StrictTransportSecurity"]
    return f"max-age={transport['AccessControlMaxAgeSec']}"


def _policy() -> dict[str, Any]:
    properties = templates.read("spa/template.yaml")["Resources"]["SecurityHeaders"]["Properties"]
    policy: dict[str, Any] = properties["ResponseHeadersPolicyConfig"]
    return policy
