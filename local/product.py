"""Starts the whole product on this machine: the local cloud, the deployed template, the demo user and the page."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from local import build, demo, gateway_responses, origins, page
from local.cognito.store import DeviceStore
from local.deployment import STACK_NAME, STAGE_NAME, client, deploy
from local.docker import bridge_address
from local.emulator import running
from local.hosts import THIS_MACHINE
from local.ministack import REGION
from local.server import EmulatorError, refuse_taken_port
from local.session import Session, page_config, published, withdraw


@contextmanager
def product(
    port: int, page_port: int, own_origins: Sequence[str], directory: Path, say: Callable[[str], None]
) -> Iterator[tuple[Session, Path]]:
    """Run the product while the block runs, and yield its session and the path of `session.json`.

    Parameters
    ----------
    port, page_port : int
        TCP ports of the local cloud and of the page, 1 to 65535.
    own_origins : sequence of str
        Origins of the developer's own app, which the API allows besides the page's.
    directory : Path
        For the build, the logs and `session.json`.
    say : callable
        Tells the developer about each step, in one line.

    Raises
    ------
    EmulatorError, SamCliError, GatewayResponsesError
        A step failed; the message is for the developer.
    botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError
        The local cloud rejected a request.
    """
    if page_port == port:
        raise EmulatorError(f"The page and the local cloud cannot both have port {port}. Choose another PAGE_PORT.")
    allowed = origins.allowed(page_port, own_origins)
    refuse_taken_port(THIS_MACHINE, page_port, "PAGE_PORT")
    log = directory / "emulator.log"
    log.unlink(missing_ok=True)
    withdraw(directory)
    say(f"starting the local cloud on port {port} (log: {log})")
    devices = DeviceStore()
    with running(port, log, devices, bridge_address()) as endpoint:
        build.update(directory, say)
        say(f"deploying it into the local cloud (log: {directory / 'deploy.log'})")
        outputs = deploy(endpoint, directory, allowed)
        gateway_responses.apply(
            client("apigateway", endpoint), client("cloudformation", endpoint), STACK_NAME, STAGE_NAME
        )
        say("creating the demo user and their devices")
        session = _signed_in(endpoint, outputs, page.origin(page_port), devices)
        with page.serving(page_port, page_config(session)), published(session, directory) as session_file:
            yield session, session_file


def _signed_in(endpoint: str, outputs: dict[str, str], page_url: str, devices: DeviceStore) -> Session:
    pool_id, client_id = outputs["UserPoolId"], outputs["UserPoolClientId"]
    user = demo.create_user(client("cognito-idp", endpoint), pool_id)
    signed_in = demo.sign_in_devices(endpoint, client_id, user, devices)
    api_id = outputs["ApiUrl"].removeprefix("https://").partition(".")[0]
    return {
        "page_url": page_url,
        # The emulator serves https://{api}.execute-api... under a path too, which needs no name resolution.
        "api_url": f"{endpoint}/_aws/execute-api/{api_id}/{STAGE_NAME}",
        "cognito_endpoint": endpoint,
        "region": REGION,
        "user_pool_id": pool_id,
        "user_pool_client_id": client_id,
        "username": demo.USERNAME,
        "password": demo.PASSWORD,
        "access_token": signed_in.access_token,
        "device_keys": signed_in.device_keys,
    }
