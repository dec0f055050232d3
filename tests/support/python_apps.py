"""Apps with boto3 and with pycognito, which have the methods of the apps in JavaScript."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import SoftwareTokenMFAChallengeException

from local import demo
from local.cognito.upstream import claims_of
from local.deployment import client
from tests.support.srp import Known, client_side


class Boto3App:
    """An app with boto3. It calls each operation itself; pycognito calculates the proofs."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.cognito = client("cognito-idp", settings["cognitoEndpoint"])
        self.device: dict[str, str | None] = {}
        self.tokens: dict[str, Any] = {}
        self.pending = ""

    def call(self, method: str, *args: str | None) -> Any:
        """Call a method; return its result, or the error that Cognito answered."""
        try:
            return getattr(self, method)(*args)
        except ClientError as error:
            return {"error": f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"}

    def signin(self) -> Any:
        srp = self.srp()
        asked = srp.get_auth_params()
        answer = self.cognito.initiate_auth(ClientId=srp.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=asked)
        proof = srp.process_challenge(answer["ChallengeParameters"], asked)
        return self.after(self.respond("PASSWORD_VERIFIER", answer.get("Session"), **proof))

    def answer(self, code: str) -> Any:
        return self.after(
            self.respond(
                "SOFTWARE_TOKEN_MFA", self.pending, USERNAME=self.settings["username"], SOFTWARE_TOKEN_MFA_CODE=code
            )
        )

    def refresh(self) -> Any:
        answer = self.cognito.initiate_auth(
            ClientId=self.settings["userPoolClientId"],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": self.tokens["RefreshToken"]} | self.key(),
        )
        self.tokens |= answer["AuthenticationResult"]
        return self.session()

    def session(self) -> Any:
        return {"device": claims_of(self.tokens["AccessToken"]).get("device_key"), "signedIn": True}

    def remember(self) -> None:
        self.cognito.update_device_status(
            AccessToken=self.tokens["AccessToken"],
            DeviceKey=self.device["deviceKey"],
            DeviceRememberedStatus="remembered",
        )

    def forget(self, key: str | None = None) -> None:
        self.cognito.forget_device(AccessToken=self.tokens["AccessToken"], DeviceKey=key or self.device["deviceKey"])

    def signout(self) -> None:
        self.cognito.global_sign_out(AccessToken=self.tokens["AccessToken"])

    def totp(self) -> Any:
        return self.user().associate_software_token()

    def mfa(self, code: str) -> None:
        user = self.user()
        user.verify_software_token(code)
        user.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")

    def stored(self, name: str, *new: str | None) -> Any:
        if new:
            self.device[name] = new[0]
        return self.device.get(name)

    def key(self) -> dict[str, str]:
        key = self.device.get("deviceKey")
        return {"DEVICE_KEY": key} if key else {}

    def srp(self) -> AWSSRP:
        """Return the client's side of a sign-in on this device."""
        names = ("deviceKey", "deviceGroupKey", "randomPasswordKey")
        known = Known(*(str(self.device[name]) for name in names)) if self.key() else None
        return client_side(
            self.cognito,
            self.settings["userPoolId"],
            self.settings["userPoolClientId"],
            self.settings["username"],
            self.settings["password"],
            known,
        )

    def user(self) -> Cognito:
        """Return pycognito's view of the user."""
        user = Cognito(
            self.settings["userPoolId"],
            self.settings["userPoolClientId"],
            user_pool_region="us-east-1",
            username=self.settings["username"],
            access_token=self.tokens.get("AccessToken"),
            refresh_token=self.tokens.get("RefreshToken"),
        )
        user.client = self.cognito
        return user

    def respond(self, challenge: str, session: str | None, **responses: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.cognito.respond_to_auth_challenge(
            ClientId=self.settings["userPoolClientId"],
            ChallengeName=challenge,
            ChallengeResponses=responses | self.key(),
            **({"Session": session} if session else {}),
        )
        return answer

    def after(self, answer: dict[str, Any]) -> Any:
        """Go on after an answer to a challenge."""
        if answer.get("ChallengeName") == "DEVICE_SRP_AUTH":
            srp = self.srp()
            asked = {"USERNAME": self.settings["username"], "SRP_A": f"{srp.large_a_value:x}"}
            answer = self.respond("DEVICE_SRP_AUTH", answer["Session"], **asked)
            proof = srp.process_device_challenge(answer["ChallengeParameters"])
            answer = self.respond("DEVICE_PASSWORD_VERIFIER", answer["Session"], **proof)
        if "ChallengeName" in answer:
            self.pending = answer["Session"]
            return {"challenge": answer["ChallengeName"]}
        return self.signed_in(answer["AuthenticationResult"])

    def signed_in(self, result: dict[str, Any]) -> Any:
        """Keep the tokens of a sign-in, and confirm its device if it is new."""
        self.tokens = result
        if "NewDeviceMetadata" in result:
            _, secret = demo.confirm_device(self.cognito, result, "Test browser")
            new = result["NewDeviceMetadata"]
            self.device = {
                "deviceKey": new["DeviceKey"],
                "deviceGroupKey": new["DeviceGroupKey"],
                "randomPasswordKey": secret,
            }
        return self.session()


class PycognitoApp(Boto3App):
    """An app with pycognito, whose own methods sign in and refresh. It refreshes without a device key."""

    def signin(self) -> Any:
        try:
            return self.signed_in(self.srp().authenticate_user()["AuthenticationResult"])
        except SoftwareTokenMFAChallengeException as asked:
            return self.after(asked.get_tokens())

    def refresh(self) -> Any:
        user = self.user()
        user.renew_access_token()
        self.tokens |= {"AccessToken": user.access_token}
        return self.session()
