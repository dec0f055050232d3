"""The response headers that the page's host should send; local/page.py sends them, and docs/api.md links here."""

from urllib.parse import urlsplit


def security_headers(*connects_to: str) -> dict[str, str]:
    """Return headers that let the page run its own code only, and connect only to its own origin and some others.

    Sources: https://www.w3.org/TR/CSP3/ and https://www.w3.org/TR/trusted-types/.

    Parameters
    ----------
    *connects_to : str
        URLs of the API and of Cognito; the page may connect to their origins.
    """
    origins = sorted({f"{url.scheme}://{url.netloc}" for url in map(urlsplit, connects_to)})
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        f"connect-src 'self' {' '.join(origins)}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
