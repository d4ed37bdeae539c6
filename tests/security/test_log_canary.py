"""Nothing that a caller sends as a secret, or where a secret could stand, reaches the log (docs/threat-model.md, "In the log")."""

import base64
import json

import pytest

from tests.support.oauth import basic

CANARY = "CanaryBird7"
LONG = CANARY * 6  # as long as a token or a client secret
ODD = f"12 34 {CANARY}"  # breaks every pattern that forbids blanks


@pytest.fixture(scope="module", params=["dev", "serve"])
def log(request, tmp_path_factory):
    """What a server has written after all of this was sent to it: on SQLite only, no engine can change it."""
    from tests.support.server import starter

    with starter(lambda: "", tmp_path_factory) as start:
        server = start()
        if request.param == "serve":
            server.stop()
            key = server.data / "master.key"
            server = start("--master-key-file", str(key), "--request-log", command="serve", data=server.data)
        sent = _send_everything(server)
        server.stop()
        yield server.read_log(), sent


def _send_everything(server):
    """Everything is refused, or not built; how many requests that were."""
    return sum(
        send(server)
        for send in (_members, _wrong_values, _authorization, _targets, _token_endpoint, _addresses, _paths)
    )


def _members(server):
    """Values that break a constraint, in all members that hold secrets; first one by one, then in maps and lists."""
    client, name = {"ClientId": server.demo_client_id}, {"Username": "demo"}
    bodies = [
        ("ConfirmSignUp", {**client, **name, "ConfirmationCode": ODD}),
        ("ConfirmForgotPassword", {**client, **name, "ConfirmationCode": ODD, "Password": f" {CANARY} "}),
        ("ConfirmForgotPassword", {**client, **name, "ConfirmationCode": CANARY, "Password": f" {CANARY} "}),
        ("SignUp", {**client, "Username": ODD, "Password": f" {CANARY} ", "SecretHash": ODD}),
        ("SignUp", {**client, **name, "Password": {CANARY: CANARY}}),
        ("InitiateAuth", {**client, "AuthFlow": ODD}),
        ("InitiateAuth", {"ClientId": ODD, "AuthFlow": "USER_PASSWORD_AUTH"}),
        ("InitiateAuth", {**client, "AuthFlow": "USER_AUTH", "Session": CANARY}),
        ("InitiateAuth", {**client, "AuthFlow": "USER_AUTH", "ClientMetadata": {"x" * 200_000: CANARY}}),
        ("RespondToAuthChallenge", {**client, "ChallengeName": ODD, "Session": ODD}),
        ("RespondToAuthChallenge", {**client, "ChallengeName": "SMS_MFA", "Session": CANARY}),
        ("GetUser", {"AccessToken": ODD}),
        ("VerifyUserAttribute", {"AccessToken": CANARY, "AttributeName": ODD, "Code": ODD}),
        ("ChangePassword", {"AccessToken": ODD, "PreviousPassword": f" {CANARY}", "ProposedPassword": f" {CANARY}"}),
        ("RevokeToken", {**client, "Token": ODD, "ClientSecret": ODD}),
        ("GetTokensFromRefreshToken", {**client, "RefreshToken": ODD, "ClientSecret": ODD}),
        ("UpdateUserAttributes", {"AccessToken": "x.y.z", "UserAttributes": [{"Name": ODD, "Value": CANARY * 300}]}),
        ("AssociateSoftwareToken", {"AccessToken": ODD, "Session": ODD}),
        ("AdminSetUserPassword", {"UserPoolId": ODD, **name, "Password": f" {CANARY}"}),
        ("AddCustomAttributes", {"UserPoolId": "a_b", "CustomAttributes": [{"AttributeDataType": CANARY}]}),
        ("CreateUserPoolClient", {"UserPoolId": server.demo_user_pool_id, "ClientName": "x", "CallbackURLs": [ODD]}),
        (
            "CreateUserPoolClient",
            {
                "UserPoolId": server.demo_user_pool_id,
                "ClientName": "x",
                "CallbackURLs": [f"https://a.example/?t={CANARY}#"],
            },
        ),
        ("DeleteUserPoolClientSecret", {**client, "UserPoolId": server.demo_user_pool_id, "ClientSecretId": LONG}),
        ("AddUserPoolClientSecret", {**client, "UserPoolId": server.demo_user_pool_id, "ClientSecret": ODD}),
    ]
    answers = [server.call(operation, body, sign=False) for operation, body in bodies]
    assert {answer.status_code for answer in answers} == {400}
    return len(answers)


def _wrong_values(server):
    """What has the right form and is wrong."""
    client, name = {"ClientId": server.demo_client_id}, {"Username": "demo"}
    password_auth = {**client, "AuthFlow": "USER_PASSWORD_AUTH"}
    srp_auth = {**client, "AuthFlow": "USER_SRP_AUTH"}
    session = {**client, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": LONG}
    verifier = {
        "USERNAME": "demo",
        "PASSWORD_CLAIM_SECRET_BLOCK": LONG,
        "PASSWORD_CLAIM_SIGNATURE": LONG,
        "TIMESTAMP": LONG,
    }
    bodies = [
        ("InitiateAuth", {**password_auth, "AuthParameters": {"USERNAME": "demo", "PASSWORD": CANARY}}),
        ("InitiateAuth", {**password_auth, "AuthParameters": {"USERNAME": CANARY, "PASSWORD": CANARY}}),
        (
            "InitiateAuth",
            {**password_auth, "AuthParameters": {"USERNAME": "demo", "PASSWORD": CANARY, "SECRET_HASH": CANARY}},
        ),
        ("InitiateAuth", {**srp_auth, "AuthParameters": {"USERNAME": "demo", "SRP_A": CANARY}}),
        ("InitiateAuth", {**client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": LONG}}),
        (
            "InitiateAuth",
            {**client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": f"{LONG}.a.b.{LONG}.é"}},
        ),
        ("InitiateAuth", {"ClientId": LONG, "AuthFlow": "USER_PASSWORD_AUTH"}),
        ("RespondToAuthChallenge", {**session, "ChallengeResponses": {"USERNAME": "demo", "NEW_PASSWORD": CANARY}}),
        ("RespondToAuthChallenge", {**client, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": verifier}),
        ("ConfirmForgotPassword", {**client, **name, "ConfirmationCode": CANARY, "Password": f"{CANARY}-x"}),
        ("ConfirmSignUp", {**client, **name, "ConfirmationCode": CANARY}),
        ("SignUp", {**client, **name, "Password": CANARY, "SecretHash": CANARY}),
        ("GetUser", {"AccessToken": f"{LONG}.{LONG}.{LONG}"}),
        ("GlobalSignOut", {"AccessToken": LONG}),
        ("GetTokensFromRefreshToken", {**client, "RefreshToken": LONG, "ClientSecret": LONG}),
        ("RevokeToken", {**client, "Token": "x", "ClientSecret": LONG}),
    ]
    answers = [server.call(operation, body, sign=False) for operation, body in bodies]
    assert {answer.status_code for answer in answers} == {400}
    return len(answers)


def _authorization(server):
    """A header of SigV4 that cannot be read, or that says something else than it should."""
    signed = "SignedHeaders=host;x-amz-date;x-amz-target, Signature="
    headers = [
        base64.b64encode(CANARY.encode()).decode(),
        CANARY,
        f"Bearer {CANARY}",
        f"AWS4-HMAC-SHA256 Credential={CANARY}",
        f"AWS4-HMAC-SHA256 Credential={CANARY}/20260101/us-east-1/cognito-idp/aws4_request, {signed}{CANARY}",
        f"AWS4-HMAC-SHA256 Credential=a/{CANARY}/us-east-1/cognito-idp/aws4_request, {signed}{CANARY}",
        f"AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/cognito-idp/{CANARY}, {signed}{CANARY}",
        f"AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/{CANARY}/aws4_request, {signed}{CANARY}",
    ]
    for header in headers:
        server.call(
            "ListUserPools", {}, sign=False, headers={"authorization": header, "x-amz-date": "20260101T000000Z"}
        )
    server.call("ListUserPools", {}, sign=False, headers={"authorization": headers[4], "x-amz-date": CANARY})
    return len(headers) + 1


def _targets(server):
    for target in (CANARY, f"x.{CANARY}"):
        server.http.post(
            "/", headers={"x-amz-target": target, "content-type": CANARY, "user-agent": CANARY}, content="{}"
        )
    return 2


def _token_endpoint(server):
    id, form = server.demo_client_id, {"grant_type": "authorization_code", "code": CANARY, "code_verifier": LONG}
    encoded = base64.b64encode(CANARY.encode()).decode()
    requests = [
        ({**form, "client_id": id}, {}),
        ({**form, "client_id": id, "redirect_uri": f"https://a.example/?t={CANARY}"}, {}),
        ({**form, "client_id": id, "client_secret": CANARY}, {}),
        ({**form, "client_id": LONG, "client_secret": CANARY}, {}),
        ({**form, "client_id": CANARY}, {}),
        ({"grant_type": CANARY, "client_id": id}, {}),
        ({"grant_type": "refresh_token", "client_id": id, "refresh_token": LONG}, {}),
        ({"grant_type": "client_credentials", "client_id": id, "scope": CANARY}, {}),
        (form, {"authorization": encoded}),
        (form, {"authorization": f"Bearer {CANARY}"}),
        (form, {"authorization": f"Basic {encoded}"}),
        (form, {"authorization": f"Basic {CANARY}!"}),
        (form, basic(id, CANARY)),
        (form, basic("canarybird7", CANARY)),  # in the place of the id, and in its form
        (form, basic(CANARY, id)),
        ({**form, CANARY: CANARY, "client_id": CANARY}, basic(id, "")),
        (form, {"content-type": f"text/{CANARY}"}),
    ]
    for path in ("/oauth2/token", "/oauth2/revoke"):
        for fields, headers in requests:
            server.http.post(path, data={**fields, "token": LONG}, headers=headers)
    server.http.post("/oauth2/token", content=f"code={CANARY}&code={CANARY}", headers={"content-type": "text/plain"})
    for header in (CANARY, f"Bearer {LONG}", f"Basic {encoded}"):
        server.http.get("/oauth2/userInfo", headers={"authorization": header})
    return 2 * len(requests) + 4


def _addresses(server):
    """Addresses in the query; a secret in the query, the fragment or the credentials of one."""
    right = {
        "client_id": server.demo_client_id,
        "response_type": "code",
        "redirect_uri": f"{server.url}/_poolhouse/demo/callback",
    }
    odd = [f"https://a.example/cb?token={CANARY}", f"https://a.example/cb#{CANARY}", f"https://u:{CANARY}@a.example/cb"]
    changes = [{"redirect_uri": url} for url in odd]
    changes += [
        {name: CANARY} for name in ("response_type", "scope", "client_id", "state", "nonce", "prompt", "max_age")
    ]
    changes += [{"code_challenge": CANARY}, {"resource": CANARY}, {"identity_provider": CANARY}, {"client_id": LONG}]
    for change in changes:
        for path in ("/oauth2/authorize", "/login", "/signup", "/forgotPassword", "/confirmUser"):
            server.http.get(path, params={**right, **change})
    for url in odd:
        server.http.get("/logout", params={"client_id": server.demo_client_id, "logout_uri": url})
        server.http.get("/logout", params={"client_id": CANARY, "response_type": "code", "redirect_uri": url})
    server.http.post("/login", params=right, data={"_csrf": CANARY, "username": CANARY, "password": CANARY})
    return 5 * len(changes) + 2 * len(odd) + 1


def _paths(server):
    paths = [f"/oauth2/token%3Fclient_secret={CANARY}", f"/login%23{CANARY}", f"/login;{CANARY}", f"/reset/{LONG}"]
    for path in paths:
        server.http.get(path)
    return len(paths)


def test_the_log_has_a_line_for_each_and_no_secret(log):
    text, sent = log
    told = [line for line in text.splitlines() if " POST " in line or " GET " in line or '"asked":' in line]
    assert len(told) >= sent
    assert [line for line in text.splitlines() if CANARY.lower() in line.lower()] == []
    encoded = base64.b64encode(CANARY.encode()).decode()
    assert encoded.rstrip("=")[:-1] not in text
    assert "Traceback" not in text


def test_the_reason_is_still_told(log):
    text, _ = log
    for reason in (
        "Value at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern",
        "the authorization scheme is not Basic",
        "redirect_uri https://a.example/cb is not among",
        "logout_uri https://a.example/cb is not registered",
        "no client of that id in pool Demo",
    ):
        assert reason in text


def test_the_answer_quotes_as_ever(start_local_server):
    """The text that is answered stays Cognito's."""
    server = start_local_server()
    body = {"ClientId": server.demo_client_id, "Username": "demo", "ConfirmationCode": ODD}
    message = json.loads(server.call("ConfirmSignUp", body, sign=False).content)["message"]
    assert message.startswith(f"1 validation error detected: Value '{ODD}' at 'confirmationCode' failed to satisfy")
