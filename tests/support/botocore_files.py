"""Caches what botocore reads and calculates anew for each client, because most tests create a client of their own."""

from functools import cache
from typing import Any
from unittest import mock

from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.loaders import JSONFileLoader, Loader

_read = cache(JSONFileLoader().load_file)
_list = Loader.list_available_services
_listed = cache(lambda type_name: _list(Loader(), type_name))
_alias = EventAliaser._alias_event_name  # type: ignore[attr-defined]  # noqa: SLF001
_aliased = cache(lambda event_name: _alias(EventAliaser(HierarchicalEmitter()), event_name))


class _ReadOnce(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:
        return _read(file_path)


def share() -> None:
    """Let all clients of this process share the parsed service models, and the aliases of events."""
    Loader.FILE_LOADER_CLASS = _ReadOnce
    mock.patch.object(Loader, "list_available_services", lambda _self, type_name: _listed(type_name)).start()
    mock.patch.object(EventAliaser, "_alias_event_name", lambda _self, event_name: _aliased(event_name)).start()
