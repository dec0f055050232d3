"""The page's files: where `make page` writes them, their types, how long browsers keep them, which are compressed."""

from pathlib import Path

DIST = Path(__file__).parent.parent / "spa/dist"

# Files of other types are not served.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

# Bytes. CloudFront compresses files of all these types, but no shorter and no longer ones.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
COMPRESSED_LENGTHS = range(1_000, 10_000_001)


def cache_control(path: str) -> str:
    """Return the header Cache-Control of a file.

    Parameters
    ----------
    path : str
        The file's path below the page's URL, without a slash in front. The names of those in `assets/` contain a hash
        of their content, so they never change.
    """
    return "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
