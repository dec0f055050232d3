"""The stack under test: what its outputs and parameters say, and the clients that reach it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Stack:
    """A deployed stack.

    Attributes
    ----------
    name, region : str
    aws : callable
        `aws(service)` returns a boto3 client with the operator's credentials.
    api_url : str
        Base URL of the API, including the stage.
    parameters : mapping
        The parameters' deployed values.
    user_pool_id : str
    client_id : str
        An app client that signs users in with SRP; empty if none is needed.
    made_pool : bool
        Whether the stack made the user pool, in which tests may create users.
    endpoint : str or None
        URL of the local cloud; None for AWS.
    username, password, access_token : str
        A user of an existing pool, or only a user's access token. Otherwise empty.
    wanted : mapping
        The parameters' values in samconfig.toml; empty if it has none, or for the local cloud.
    page : mapping
        The outputs of the page's stack; empty if there is none, or for the local cloud.
    no_page : str
        Why `page` is empty.
    """

    name: str
    region: str
    aws: Callable[[str], Any]
    api_url: str
    parameters: Mapping[str, str]
    user_pool_id: str
    client_id: str
    made_pool: bool
    endpoint: str | None = None
    username: str = ""
    password: str = ""
    access_token: str = ""
    wanted: Mapping[str, str] = field(default_factory=dict)
    page: Mapping[str, str] = field(default_factory=dict)
    no_page: str = ""

    @property
    def origins(self) -> list[str]:
        """The origins whose pages may read the API's responses."""
        return [origin for origin in self.parameters["AllowedOrigins"].split(",") if origin]

    def resource(self, logical_id: str) -> str:
        """Return the physical ID of one of the stack's resources."""
        described = self.aws("cloudformation").describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(described["StackResourceDetail"]["PhysicalResourceId"])
