"""Cognito's service model, as botocore has it."""

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel


@cache
def service_model() -> ServiceModel:
    """Return the model of Cognito user pools; it takes 0.2 s the first time."""
    return ServiceModel(Loader().load_service_model("cognito-idp", "service-2"))


@cache
def operations() -> frozenset[str]:
    """Return the names of all operations."""
    return frozenset(service_model().operation_names)


@cache
def unsigned_operations() -> frozenset[str]:
    """Return the names of the operations that need no signature."""
    model = service_model()
    return frozenset(name for name in operations() if model.operation_model(name).auth_type == "none")
