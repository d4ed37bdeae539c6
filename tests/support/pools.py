"""User pools, clients and users as tests need them, made through the public API."""

import secrets
import string
from dataclasses import dataclass
from typing import Any

PASSWORD = "Correct-Horse-1"
ALL_FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


def unique(prefix: str = "u") -> str:
    """A name that no other test uses: letters and digits only, begins with prefix."""
    return prefix + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(10))


@dataclass(frozen=True)
class NewUser:
    username: str
    password: str
    email: str
    sub: str


class Pools:
    """Makes things at one server with its boto3 client."""

    def __init__(self, cognito: Any) -> None:
        self.cognito = cognito

    def user_pool(self, **settings: Any) -> str:
        """A new pool; its id. Costs two RSA key generations: share it where you can."""
        settings.setdefault("PoolName", unique("pool"))
        return str(self.cognito.create_user_pool(**settings)["UserPool"]["Id"])

    def client(self, user_pool_id: str, **settings: Any) -> dict[str, Any]:
        """A new app client with every flow of the first issue allowed; the whole description."""
        settings.setdefault("ClientName", unique("client"))
        settings.setdefault("ExplicitAuthFlows", ALL_FLOWS)
        return self.cognito.create_user_pool_client(UserPoolId=user_pool_id, **settings)["UserPoolClient"]

    def client_id(self, user_pool_id: str, **settings: Any) -> str:
        return str(self.client(user_pool_id, **settings)["ClientId"])

    def user(
        self, user_pool_id: str, *, username: str = "", password: str = PASSWORD, email: str = "", **attributes: str
    ) -> NewUser:
        """A confirmed user with a verified e-mail address and a permanent password. attributes: custom__x is custom:x."""
        username = username or unique("user")
        email = email or f"{username}@example.com"
        values = {
            "email": email,
            "email_verified": "true",
            **{name.replace("__", ":"): text for name, text in attributes.items()},
        }
        created = self.cognito.admin_create_user(
            UserPoolId=user_pool_id,
            Username=username,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": name, "Value": text} for name, text in values.items()],
        )["User"]
        self.cognito.admin_set_user_password(
            UserPoolId=user_pool_id, Username=username, Password=password, Permanent=True
        )
        sub = next(entry["Value"] for entry in created["Attributes"] if entry["Name"] == "sub")
        return NewUser(created["Username"], password, email, sub)

    def sign_in(self, client_id: str, user: NewUser) -> dict[str, Any]:
        """USER_PASSWORD_AUTH to the end; the AuthenticationResult."""
        answer = self.cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
        )
        return answer["AuthenticationResult"]
