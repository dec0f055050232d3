"""The local double of the page that `make deploy-page` deploys: page and API on one origin."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local import page
from local.session import page_config
from tests.support.local_cloud import free_port


@contextmanager
def page_double(session: Mapping[str, Any]) -> Iterator[str]:
    """Serve the bundled page of `make run` on a port of its own, and yield its URL.

    Parameters
    ----------
    session : mapping
        The content of session.json. The API does not allow the double's origin.
    """
    port = free_port()
    config = {**page_config(session), "apiUrl": "/v1"}  # type: ignore[arg-type]  # a Session, read from JSON
    with page.serving(port, config, api_url=session["api_url"]):
        yield f"{page.origin(port)}/"
