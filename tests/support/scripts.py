"""Scripts that stand in for commands."""

from pathlib import Path


def script(path: Path, text: str) -> str:
    """Write an executable file; return its path."""
    path.write_text(text)
    path.chmod(0o755)
    return str(path)
