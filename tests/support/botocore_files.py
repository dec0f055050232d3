"""Caches the files that botocore reads for each client, because most tests create a client of their own."""

from functools import cache
from typing import Any
from unittest import mock

from botocore.loaders import JSONFileLoader, Loader

_read = cache(JSONFileLoader().load_file)
_list = Loader.list_available_services
_listed = cache(lambda type_name: _list(Loader(), type_name))


class _ReadOnce(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:
        return _read(file_path)


def share() -> None:
    """Let all clients of this process share the parsed service models."""
    Loader.FILE_LOADER_CLASS = _ReadOnce
    mock.patch.object(Loader, "list_available_services", lambda _self, type_name: _listed(type_name)).start()
