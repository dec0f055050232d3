"""The boto3 client for Amazon Cognito: its timeouts, attempts and limits."""

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.parsers import ResponseParser, ResponseParserFactory

from devices.cognito_connection import OPEN, POOLS
from devices.cognito_response import MAX_BYTES, UnreadableResponseError
from devices.cognito_reuse import reuse
from devices.deadlines import DeadlineExceededError, within
from devices.observability import logger

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

# The SDK logs whole requests at DEBUG, with the access token, and Cognito's headers at WARNING.
for _name in ("boto3", "botocore", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

# Two attempts, each with 1 s to connect and 2 s to read. The second one follows a throttled call after up to 1 s, and a
# failed one after 50 ms. Only the mode `standard` retries throttled calls.
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
CONFIG = Config(
    signature_version=UNSIGNED,  # the access token alone authorises these operations, without IAM
    connect_timeout=1,
    read_timeout=2,
    retries={"total_max_attempts": 2, "mode": "standard"},
    max_pool_connections=1,  # an environment makes one call at a time
    parameter_validation=False,  # `request` and `auth` have validated the parameters
    # Otherwise botocore assembles the user agent twice per call, which takes a tenth of the call's time.
    user_agent=f"Boto3/{boto3.__version__} Botocore/{botocore.__version__} cognito-device-api",
)

# How long init waits for a connection, which usually takes milliseconds. Lambda ends an init after 10 s.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
MAX_CONNECT_SECONDS = 2.0
# The values of AWS_LAMBDA_INITIALIZATION_TYPE with which init connects. SnapStart (`snap-start`) is not one of them,
# because a snapshot keeps no connection. Only Lambda sets the variable.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
_CONNECTING = {"on-demand", "provisioned-concurrency"}


class Attempts:
    """The requests that this environment has sent to Cognito so far."""

    count = 0


# botocore itself reports attempts only when a response arrives.
attempts = Attempts()


class _Parsers(ResponseParserFactory):
    """Parsers that raise one exception for every malformed response. botocore's own raise many."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        parser = super().create_parser(protocol_name)
        parse = parser.parse

        def guarded(response: Any, shape: Any) -> Any:  # noqa: ANN401 - botocore's
            try:
                return parse(response, shape)
            except Exception as error:
                raise UnreadableResponseError from error

        parser.parse = guarded  # type: ignore[method-assign]
        return parser


@cache
def client() -> "CognitoIdentityProviderClient":
    """Return this execution environment's client. Later invocations reuse its connections."""
    core = botocore.session.get_session()
    parsers = _Parsers()
    # The default parser looks up the local time zone for each timestamp.
    parsers.set_parser_defaults(timestamp_parser=lambda seconds: datetime.fromtimestamp(seconds, UTC))
    core.register_component("response_parser_factory", parsers)
    made = boto3.session.Session(botocore_session=core).client("cognito-idp", config=CONFIG)
    # botocore has no setting for the class of its connections, so this uses two private names.
    made._endpoint.http_session._pool_classes_by_scheme.update(POOLS)  # type: ignore[attr-defined]  # noqa: SLF001

    def begin(request: "AWSPreparedRequest", **_: object) -> None:
        if request.method == OPEN:
            return
        attempts.count += 1
        reuse.begin(close=made.close)

    made.meta.events.register("before-send.cognito-identity-provider", begin)
    made.meta.events.register("before-parse.cognito-identity-provider", _refuse_excess)
    made.meta.events.register_first("needs-retry.cognito-identity-provider", _ignore_requested_wait)
    made.meta.events.register_last("needs-retry.cognito-identity-provider", _repeat_over_a_new_connection)  # type: ignore[arg-type]
    return made


def connect() -> None:
    """Create the client and open its connection to Cognito, so that the first request does not wait for them.

    Lambda gives init more processor time than requests. The SDK chooses the endpoint, but sends nothing: connecting
    needs no token and no permission, and uses none of Cognito's quota. If Cognito does not accept the connection in
    time, log a warning; the first request then opens one.
    """
    made = client()
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") not in _CONNECTING:
        return
    made.meta.events.register("request-created.cognito-identity-provider", _only_open)
    try:
        within(MAX_CONNECT_SECONDS, lambda: made.get_device(AccessToken="", DeviceKey=""))
    except (Exception, DeadlineExceededError, UnreadableResponseError) as error:  # noqa: BLE001 - init must not fail
        made.close()
        logger.warning("not connected to Cognito during init", extra={"error_type": type(error).__name__})
    finally:
        made.meta.events.unregister("request-created.cognito-identity-provider", _only_open)


def _only_open(request: "AWSRequest", **_: object) -> None:
    request.method = OPEN


def _refuse_excess(response_dict: Mapping[str, Any], **_: object) -> None:
    if len(response_dict["body"]) > MAX_BYTES:
        raise UnreadableResponseError


def _ignore_requested_wait(response: "tuple[AWSResponse, object] | None", **_: object) -> None:
    # botocore would wait up to 5 s. Let the browser retry: waiting here occupies an execution environment.
    if response:
        response[0].headers.pop("x-amz-retry-after", None)


def _repeat_over_a_new_connection(
    response: "tuple[AWSResponse, object] | None", attempts: int, **_: object
) -> int | None:
    if response is None or response[0].status_code == HTTPStatus.OK:
        return None
    # An error names no device. Over a used connection it may be the response to an earlier request. A server may send
    # 408 over an idle connection just before a request arrives: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9
    gave_up_waiting = response[0].status_code == HTTPStatus.REQUEST_TIMEOUT and attempts == 1
    return 0 if reuse.used or gave_up_waiting else None
