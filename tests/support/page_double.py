"""The local double of the page that `make deploy-page` deploys: page and API on one origin."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local import page
from tests.support.local_cloud import free_port


@contextmanager
def page_double(config: Mapping[str, Any], api_url: str) -> Iterator[str]:
    """Serve the bundled page of `make run` on a port of its own, and yield its URL.

    Parameters
    ----------
    config : mapping
        The page's config.json, in which `/v1` takes the place of the API's URL.
    api_url : str
        URL of the API, which does not allow the double's origin.
    """
    port = free_port()
    with page.serving(port, {**config, "apiUrl": "/v1"}, api_url=api_url):
        yield f"{page.origin(port)}/"
