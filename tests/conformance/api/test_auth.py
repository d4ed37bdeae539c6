"""InitiateAuth, AdminInitiateAuth, RespondToAuthChallenge, AdminRespondToAuthChallenge (user-pools-api.md §2.2, §6)."""

import base64
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from pycognito.aws_srp import AWSSRP

from tests.support.oauth import claims_of
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes, refused, secret_hash
from tests.support.srp import N, SRPClient, timestamp

INCORRECT = "Incorrect username or password."
WRONG = "Wrong-Horse-1"


@pytest.fixture(scope="module")
def guarded_id(pools, user_pool_id):
    """A client that does not tell who exists."""
    return pools.client_id(user_pool_id, PreventUserExistenceErrors="ENABLED")


@pytest.fixture(scope="module")
def secretive(pools, user_pool_id):
    return pools.client(user_pool_id, GenerateSecret=True)


@pytest.fixture(scope="module")
def other_pool(pools):
    """A second pool with a client: whatever belongs to it is foreign here."""
    pool = pools.user_pool()
    return pool, pools.client_id(pool)


@pytest.fixture(scope="module")
def clocked_pools(clocked):
    return Pools(clocked.client())


@pytest.fixture(scope="module")
def clocked_pool(clocked_pools):
    pool = clocked_pools.user_pool()
    return pool, clocked_pools.client_id(pool)


def password_auth(cognito, client_id, username, password=PASSWORD, **more):
    return cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password, **more},
    )


def srp_challenge(cognito, client_id, client: SRPClient, **more):
    return cognito.initiate_auth(
        ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters={**client.parameters, **more}
    )


def answer(cognito, client_id, name, responses, **more):
    return cognito.respond_to_auth_challenge(
        ClientId=client_id, ChallengeName=name, ChallengeResponses=responses, **more
    )


def srp_answer(cognito, client_id, responses):
    return answer(cognito, client_id, "PASSWORD_VERIFIER", responses)


def new_password(cognito, client_id, challenge, username, password="Another-Horse-2", **more):
    return answer(
        cognito,
        client_id,
        "NEW_PASSWORD_REQUIRED",
        {"USERNAME": username, "NEW_PASSWORD": password, **more},
        Session=challenge["Session"],
    )


def temporary_user(cognito, pool, **values) -> str:
    """A user with a temporary password; his name."""
    username = unique("temp")
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=username,
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
        UserAttributes=attributes(**values),
    )
    return username


def raw(server, operation, body):
    """Status, error headers and body of an unsigned call, as bytes."""
    got = server.call(operation, body, sign=False)
    return got.status_code, got.headers["x-amzn-errortype"], got.headers["x-amzn-errormessage"], got.content


def raw_sign_in(server, client_id, username, password):
    return raw(
        server,
        "InitiateAuth",
        {
            "ClientId": client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": username, "PASSWORD": password},
        },
    )


class TestInitiateAuth:
    def test_right_password_gives_tokens(self, cognito, client_id, user):
        got = password_auth(cognito, client_id, user.username)
        assert got.keys() - {"ResponseMetadata"} == {"AuthenticationResult", "ChallengeParameters"}
        assert got["ChallengeParameters"] == {}
        result = got["AuthenticationResult"]
        assert result.keys() == {"AccessToken", "ExpiresIn", "TokenType", "RefreshToken", "IdToken"}
        assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")
        assert cognito.get_user(AccessToken=result["AccessToken"])["Username"] == user.username

    def test_refresh_token_looks_like_cognitos(self, pools, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        assert token.startswith("eyJjdHkiOiJKV1Qi")
        assert token.count(".") == 4
        assert len(token) > 1000

    # ---------------------------------------------------------------- which flow

    @pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_admin_flow_is_not_supported_here(self, cognito, client_id, flow):
        with refused("InvalidParameter", "Initiate Auth method not supported."):
            cognito.initiate_auth(ClientId=client_id, AuthFlow=flow, AuthParameters={"USERNAME": "a", "PASSWORD": "b"})

    @pytest.mark.parametrize(
        ("flow", "allowed"),
        [
            ("USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"),
            ("USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"),
            ("USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"),
        ],
    )
    def test_flow_that_is_not_enabled(self, cognito, pools, user_pool_id, flow, allowed):
        client_id = pools.client_id(user_pool_id, ExplicitAuthFlows=[allowed, "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameter", f"{flow} flow not enabled for this client"):
            cognito.initiate_auth(ClientId=client_id, AuthFlow=flow, AuthParameters={"USERNAME": "a"})

    def test_the_secret_is_proven_before_the_flows_are_told(self, cognito, pools, user_pool_id):
        """Issue 5 exactness 8: the order of user-pools-api.md §1.5."""
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = pools.client(user_pool_id, GenerateSecret=True, ExplicitAuthFlows=flows)
        client_id, given = made["ClientId"], {"USERNAME": "ada"}
        missing = f"Client {client_id} is configured with secret but SECRET_HASH was not received"
        for more, error, text in (
            ({}, "NotAuthorized", missing),
            ({"SECRET_HASH": "x"}, "NotAuthorized", f"Unable to verify secret hash for client {client_id}"),
            (
                {"SECRET_HASH": secret_hash(made["ClientSecret"], "ada", client_id)},
                "InvalidParameter",
                "USER_PASSWORD_AUTH flow not enabled for this client",
            ),
        ):
            with refused(error, text):
                cognito.initiate_auth(
                    ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={**given, **more}
                )

    def test_a_client_that_hides_who_exists_tells_of_a_reset_only_who_knows_the_password(
        self, cognito, guarded_id, pools, user_pool_id
    ):
        user = pools.user(user_pool_id)
        cognito.admin_reset_user_password(UserPoolId=user_pool_id, Username=user.username)
        for password, error, text in (
            (WRONG, "NotAuthorized", INCORRECT),
            (user.password, "PasswordResetRequired", "Password reset required for the user"),
        ):
            with refused(error, text):
                password_auth(cognito, guarded_id, user.username, password)
            srp = SRPClient(user_pool_id, user.username, password)
            challenge = srp_challenge(cognito, guarded_id, srp)
            with refused(error, text):
                srp_answer(cognito, guarded_id, srp.responses(challenge))

    def test_client_that_names_no_flows_allows_srp_and_not_the_password(self, cognito, user_pool_id, user):
        made = cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="plain")["UserPoolClient"]
        srp = SRPClient(user_pool_id, user.username, user.password)
        assert srp_challenge(cognito, made["ClientId"], srp)["ChallengeName"] == "PASSWORD_VERIFIER"
        with refused("InvalidParameter", "USER_PASSWORD_AUTH flow not enabled for this client"):
            password_auth(cognito, made["ClientId"], user.username)

    def test_flow_names_from_before_2019(self, cognito, pools, user_pool_id, user):
        client_id = pools.client_id(user_pool_id, ExplicitAuthFlows=["USER_PASSWORD_AUTH"])
        assert "AuthenticationResult" in password_auth(cognito, client_id, user.username)
        srp = SRPClient(user_pool_id, user.username, user.password)
        assert srp_challenge(cognito, client_id, srp)["ChallengeName"] == "PASSWORD_VERIFIER"

    def test_custom_auth_that_is_not_enabled_or_has_no_trigger(self, cognito, pools, user_pool_id):
        without = pools.client_id(user_pool_id, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameter", "CUSTOM_AUTH is not enabled for the client."):
            cognito.initiate_auth(ClientId=without, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "a"})
        client_id = pools.client_id(user_pool_id, ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameter", "Custom auth lambda trigger is not configured for the user pool."):
            cognito.initiate_auth(ClientId=client_id, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "a"})

    @pytest.mark.parametrize(
        ("flow", "parameters", "missing"),
        [
            ("USER_PASSWORD_AUTH", {}, "USERNAME"),
            ("USER_PASSWORD_AUTH", {"PASSWORD": "x"}, "USERNAME"),
            ("USER_PASSWORD_AUTH", {"USERNAME": "x"}, "PASSWORD"),
            ("USER_PASSWORD_AUTH", {"USERNAME": "x", "PASSWORD": ""}, "PASSWORD"),
            ("USER_SRP_AUTH", {"SRP_A": "1f"}, "USERNAME"),
            ("USER_SRP_AUTH", {"USERNAME": "x"}, "SRP_A"),
            ("REFRESH_TOKEN_AUTH", {}, "REFRESH_TOKEN"),
            ("REFRESH_TOKEN", {}, "REFRESH_TOKEN"),
        ],
    )
    def test_missing_parameter(self, cognito, client_id, flow, parameters, missing):
        with refused("InvalidParameter", f"Missing required parameter {missing}"):
            cognito.initiate_auth(ClientId=client_id, AuthFlow=flow, AuthParameters=parameters)

    def test_unknown_client(self, cognito):
        with refused("ResourceNotFound", "User pool client 1234567890abcdefghijklmnop does not exist."):
            password_auth(cognito, "1234567890abcdefghijklmnop", "x")

    def test_unknown_flow_is_a_constraint(self, unchecked_cognito, client_id):
        with refused("InvalidParameter") as refusal:
            unchecked_cognito.initiate_auth(ClientId=client_id, AuthFlow="PASSWORD_PLEASE")
        assert "Value 'PASSWORD_PLEASE' at 'authFlow' failed to satisfy constraint" in str(refusal.value)

    # ---------------------------------------------------------------- the client's secret

    @pytest.mark.parametrize("flow", ["USER_PASSWORD_AUTH", "USER_SRP_AUTH"])
    def test_secret_hash_is_missing(self, cognito, secretive, user, flow):
        client_id = secretive["ClientId"]
        text = f"Client {client_id} is configured with secret but SECRET_HASH was not received"
        with refused("NotAuthorized", text):
            cognito.initiate_auth(
                ClientId=client_id,
                AuthFlow=flow,
                AuthParameters={"USERNAME": user.username, "PASSWORD": PASSWORD, "SRP_A": "1f"},
            )

    @pytest.mark.parametrize("given", ["wrong", "", "é", "A" * 128])
    def test_secret_hash_is_wrong(self, cognito, secretive, user, given):
        client_id = secretive["ClientId"]
        text = (
            f"Unable to verify secret hash for client {client_id}"
            if given
            else f"Client {client_id} is configured with secret but SECRET_HASH was not received"
        )
        with refused("NotAuthorized", text):
            password_auth(cognito, client_id, user.username, SECRET_HASH=given)

    def test_secret_hash_of_another_name_is_wrong(self, cognito, secretive, user):
        hashed = secret_hash(secretive["ClientSecret"], "somebody-else", secretive["ClientId"])
        with refused("NotAuthorized", f"Unable to verify secret hash for client {secretive['ClientId']}"):
            password_auth(cognito, secretive["ClientId"], user.username, SECRET_HASH=hashed)

    def test_secret_hash_for_a_client_without_secret(self, cognito, client_id, user):
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client_id}"):
            password_auth(cognito, client_id, user.username, SECRET_HASH="x")

    def test_either_of_two_secrets_is_right(self, cognito, pools, user_pool_id, user):
        client = pools.client(user_pool_id, GenerateSecret=True)
        client_id = client["ClientId"]
        second = cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id)
        for secret in (client["ClientSecret"], second["ClientSecretDescriptor"]["ClientSecretValue"]):
            hashed = secret_hash(secret, user.username, client_id)
            assert "AuthenticationResult" in password_auth(cognito, client_id, user.username, SECRET_HASH=hashed)

    def test_refresh_takes_the_hash_of_the_username_or_the_sub(self, cognito, secretive, user):
        client_id, secret = secretive["ClientId"], secretive["ClientSecret"]
        hashed = secret_hash(secret, user.username, client_id)
        token = password_auth(cognito, client_id, user.username, SECRET_HASH=hashed)["AuthenticationResult"][
            "RefreshToken"
        ]

        def refresh(**more):
            return cognito.initiate_auth(
                ClientId=client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token, **more}
            )

        assert "AuthenticationResult" in refresh(SECRET_HASH=hashed)
        assert "AuthenticationResult" in refresh(SECRET_HASH=secret_hash(secret, user.sub, client_id))
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client_id}"):
            refresh(SECRET_HASH=secret_hash(secret, user.email, client_id))
        with refused("NotAuthorized", f"Client {client_id} is configured with secret but SECRET_HASH was not received"):
            refresh()

    # ---------------------------------------------------------------- who, and in which state

    def test_wrong_password(self, cognito, client_id, user):
        with refused("NotAuthorized", INCORRECT):
            password_auth(cognito, client_id, user.username, WRONG)

    @pytest.mark.parametrize(
        "password", [PASSWORD + " ", " " + PASSWORD, PASSWORD.lower(), PASSWORD[:-1], PASSWORD + "é"]
    )
    def test_password_is_compared_exactly(self, cognito, client_id, user, password):
        with refused("NotAuthorized", INCORRECT):
            password_auth(cognito, client_id, user.username, password)

    def test_longest_password_with_emoji(self, cognito, pools, client_id, user_pool_id):
        """Acceptance 21, the longest."""
        password = "Aa1é😀!" * 42 + "End!"
        assert len(password) == 256
        user = pools.user(user_pool_id, password=password)
        assert "AuthenticationResult" in password_auth(cognito, client_id, user.username, password)
        with refused("NotAuthorized", INCORRECT):
            password_auth(cognito, client_id, user.username, password[:-1] + "?")

    @pytest.mark.parametrize("around", ["{} ", " {}", " {} ", "{}\t"], ids=repr)
    def test_password_with_blanks_at_its_ends_is_refused(self, cognito, pools, client_id, user_pool_id, around):
        """Acceptance 21: blanks are never cut off, so neither the password with them nor the one without is set."""
        user = pools.user(user_pool_id)
        other = around.format("Another-Horse-2")
        token = password_auth(cognito, client_id, user.username)["AuthenticationResult"]["AccessToken"]
        text = (
            "1 validation error detected: Value at 'proposedPassword' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\S]+"
        )
        with refused("InvalidParameter", text):
            cognito.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=other)
        for wrong in (other, other.strip()):
            with refused("NotAuthorized", INCORRECT):
                password_auth(cognito, client_id, user.username, wrong)
        assert "AuthenticationResult" in password_auth(cognito, client_id, user.username)

    @pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000"], ids=ascii)
    def test_other_spaces_at_the_ends_of_a_password_count(self, cognito, pools, client_id, user_pool_id, space):
        """Acceptance 21: the pattern of a password knows ASCII's blanks only, so these are taken, and compared exactly."""
        password = f"{space}Another-Horse-2😀{space}"
        user = pools.user(user_pool_id, password=password)
        for wrong in (password.strip(), password[1:], password[:-1], password.replace(space, " ")):
            with refused("NotAuthorized", INCORRECT):
                password_auth(cognito, client_id, user.username, wrong)
        assert "AuthenticationResult" in password_auth(cognito, client_id, user.username, password)

    def test_unknown_user_where_existence_is_told(self, cognito, client_id):
        with refused("UserNotFound", "User does not exist."):
            password_auth(cognito, client_id, unique())

    def test_unknown_wrong_and_disabled_are_one_answer(self, server, cognito, guarded_id, pools, user_pool_id, user):
        """Acceptance 15."""
        disabled = pools.user(user_pool_id)
        cognito.admin_disable_user(UserPoolId=user_pool_id, Username=disabled.username)
        answers = [
            raw_sign_in(server, guarded_id, user.username, WRONG),
            raw_sign_in(server, guarded_id, unique(), WRONG),
            raw_sign_in(server, guarded_id, disabled.username, WRONG),
            raw_sign_in(server, guarded_id, temporary_user(cognito, user_pool_id), WRONG),
        ]
        assert answers[0] == (400, "NotAuthorizedException:", INCORRECT, answers[0][3])
        assert json.loads(answers[0][3]) == {"__type": "NotAuthorizedException", "message": INCORRECT}
        assert len(set(answers)) == 1

    def test_disabled_user_with_the_right_password(self, cognito, client_id, guarded_id, user_pool_id, user):
        cognito.admin_disable_user(UserPoolId=user_pool_id, Username=user.username)
        for client in (client_id, guarded_id):
            with refused("NotAuthorized", "User is disabled."):
                password_auth(cognito, client, user.username)

    @pytest.mark.parametrize("password", [PASSWORD, WRONG])
    def test_unconfirmed_user_learns_it_whatever_the_password(
        self, cognito, user_pool_id, client_id, guarded_id, password
    ):
        """Issue 5, exactness 1; a client that hides who exists says so, too (OBS)."""
        username = unique()
        cognito.sign_up(ClientId=client_id, Username=username, Password=PASSWORD)
        for client in (client_id, guarded_id):
            with refused("UserNotConfirmed", "User is not confirmed."):
                password_auth(cognito, client, username, password)
            srp = SRPClient(user_pool_id, username, password)
            challenge = srp_challenge(cognito, client, srp)
            with refused("UserNotConfirmed", "User is not confirmed."):
                srp_answer(cognito, client, srp.responses(challenge))

    def test_wrong_passwords_of_an_unconfirmed_user_are_counted(self, cognito, client_id):
        """Issue 5, exactness 1."""
        username = unique()
        cognito.sign_up(ClientId=client_id, Username=username, Password=PASSWORD)
        for _ in range(5):
            with refused("UserNotConfirmed"):
                password_auth(cognito, client_id, username, WRONG)
        with refused("NotAuthorized", "Password attempts exceeded"):
            password_auth(cognito, client_id, username)

    def test_user_whose_password_was_reset(self, cognito, client_id, guarded_id, user_pool_id, user):
        cognito.admin_reset_user_password(UserPoolId=user_pool_id, Username=user.username)
        with refused("PasswordResetRequired", "Password reset required for the user"):
            password_auth(cognito, client_id, user.username, WRONG)
        with refused("NotAuthorized", INCORRECT):
            password_auth(cognito, guarded_id, user.username, WRONG)

    @pytest.mark.parametrize("password", [PASSWORD, WRONG])
    def test_srp_user_whose_password_was_reset(self, cognito, client_id, user_pool_id, user, password):
        """Issue 5, exactness 8: told regardless of the password, as by the password flows."""
        cognito.admin_reset_user_password(UserPoolId=user_pool_id, Username=user.username)
        srp = SRPClient(user_pool_id, user.username, password)
        challenge = srp_challenge(cognito, client_id, srp)
        with refused("PasswordResetRequired", "Password reset required for the user"):
            srp_answer(cognito, client_id, srp.responses(challenge))

    def test_sub_and_alias_name_the_user(self, cognito, pools):
        pool = pools.user_pool(AliasAttributes=["email"])
        client_id = pools.client_id(pool)
        user = pools.user(pool)
        for name in (user.username, user.sub, user.email):
            token = password_auth(cognito, client_id, name)["AuthenticationResult"]["AccessToken"]
            assert claims_of(token)["username"] == user.username

    def test_pool_whose_usernames_are_addresses(self, cognito, pools):
        pool = pools.user_pool(UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False})
        client_id = pools.client_id(pool)
        email = f"{unique()}@example.com"
        user = pools.user(pool, username=email, email=email)
        result = password_auth(cognito, client_id, email.upper())["AuthenticationResult"]
        assert claims_of(result["AccessToken"])["username"] == user.sub
        assert claims_of(result["IdToken"])["cognito:username"] == user.sub
        srp = SRPClient(pool, email, PASSWORD)
        challenge = srp_challenge(cognito, client_id, srp)
        assert challenge["ChallengeParameters"]["USER_ID_FOR_SRP"] == user.sub
        assert "AuthenticationResult" in srp_answer(cognito, client_id, srp.responses(challenge))

    # ---------------------------------------------------------------- a temporary password

    def test_temporary_password_leads_to_a_challenge(self, cognito, client_id, user_pool_id):
        email = f"{unique()}@example.com"
        username = temporary_user(cognito, user_pool_id, email=email, email_verified="true")
        got = password_auth(cognito, client_id, username)
        assert got.keys() - {"ResponseMetadata"} == {"ChallengeName", "Session", "ChallengeParameters"}
        assert got["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        assert 20 <= len(got["Session"]) <= 2048
        parameters = got["ChallengeParameters"]
        assert parameters.keys() == {"USER_ID_FOR_SRP", "requiredAttributes", "userAttributes"}
        assert parameters["USER_ID_FOR_SRP"] == username
        assert json.loads(parameters["requiredAttributes"]) == []
        assert json.loads(parameters["userAttributes"]) == {"email": email, "email_verified": "true"}

    def test_temporary_password_expires(self, clocked, clocked_pool):
        cognito = clocked.client()
        pool, client_id = clocked_pool
        username = temporary_user(cognito, pool)
        clocked.advance_clock(7 * 86_400 + 1)
        text = "Temporary password has expired and must be reset by an administrator."
        with refused("NotAuthorized", text):
            password_auth(cognito, client_id, username)

    # ---------------------------------------------------------------- lockout

    @pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
    def test_lockout_after_five_failures_doubles_from_one_second(self, clocked, clocked_pools, clocked_pool, is_known):
        """Acceptance 13, 14."""
        cognito = clocked.client()
        pool, _ = clocked_pool
        client_id = clocked_pools.client_id(pool, PreventUserExistenceErrors="ENABLED")
        username = clocked_pools.user(pool).username if is_known else unique()
        for _ in range(5):
            with refused("NotAuthorized", INCORRECT):
                password_auth(cognito, client_id, username, WRONG)
        with refused("NotAuthorized", "Password attempts exceeded"):
            password_auth(cognito, client_id, username)
        with refused("NotAuthorized", "Password attempts exceeded"):
            srp_challenge(cognito, client_id, SRPClient(pool, username, PASSWORD))
        clocked.advance_clock(1)
        for n in range(6, 11):
            with refused("NotAuthorized", INCORRECT):
                password_auth(cognito, client_id, username, WRONG)
            for _ in range(2):  # refused attempts neither count nor prolong the lock
                with refused("NotAuthorized", "Password attempts exceeded"):
                    password_auth(cognito, client_id, username)
            clocked.advance_clock(2 ** (n - 5))
        if not is_known:
            return
        assert "AuthenticationResult" in password_auth(cognito, client_id, username)
        for _ in range(4):  # a success has cleared the count
            with refused("NotAuthorized", INCORRECT):
                password_auth(cognito, client_id, username, WRONG)
        assert "AuthenticationResult" in password_auth(cognito, client_id, username)

    def test_lockout_counts_wrong_srp_answers(self, cognito, pools, user_pool_id, client_id):
        user = pools.user(user_pool_id)
        srp = SRPClient(user_pool_id, user.username, WRONG)
        challenges = [srp_challenge(cognito, client_id, srp) for _ in range(6)]
        for challenge in challenges[:5]:
            with refused("NotAuthorized", INCORRECT):
                srp_answer(cognito, client_id, srp.responses(challenge))
        with refused("NotAuthorized", "Password attempts exceeded"):
            srp_answer(cognito, client_id, srp.responses(challenges[5]))

    def test_failures_are_forgotten_after_fifteen_quiet_minutes(self, clocked, clocked_pools, clocked_pool):
        cognito = clocked.client()
        pool, client_id = clocked_pool
        user = clocked_pools.user(pool)
        for _ in range(4):
            with refused("NotAuthorized", INCORRECT):
                password_auth(cognito, client_id, user.username, WRONG)
        clocked.advance_clock(901)
        for _ in range(2):
            with refused("NotAuthorized", INCORRECT):
                password_auth(cognito, client_id, user.username, WRONG)
        assert "AuthenticationResult" in password_auth(cognito, client_id, user.username)

    # ---------------------------------------------------------------- SRP, first step

    def test_srp_challenge(self, cognito, client_id, user_pool_id, user):
        got = srp_challenge(cognito, client_id, SRPClient(user_pool_id, user.username, user.password))
        assert got.keys() - {"ResponseMetadata"} == {"ChallengeName", "ChallengeParameters"}
        assert got["ChallengeName"] == "PASSWORD_VERIFIER"
        parameters = got["ChallengeParameters"]
        assert parameters.keys() == {"SALT", "SRP_B", "SECRET_BLOCK", "USERNAME", "USER_ID_FOR_SRP"}
        assert parameters["USERNAME"] == parameters["USER_ID_FOR_SRP"] == user.username
        assert 0 < int(parameters["SRP_B"], 16) < N
        assert bytes.fromhex(parameters["SALT"])
        assert base64.b64decode(parameters["SECRET_BLOCK"], validate=True)

    @pytest.mark.parametrize(
        "srp_a",
        ["0", "00", f"{N:x}", f"0{N:x}", f"{2 * N:x}", "xyz", "-1", "0x1f", " 1f", "1f" * 5000, "١"],
        ids=["0", "00", "N", "0N", "2N", "letters", "negative", "0x", "blank", "10 KB", "arabic"],
    )
    def test_srp_a_that_no_honest_client_sends(self, cognito, client_id, user, srp_a):
        with refused("InvalidParameter", "Invalid SRP_A value"):
            cognito.initiate_auth(
                ClientId=client_id,
                AuthFlow="USER_SRP_AUTH",
                AuthParameters={"USERNAME": user.username, "SRP_A": srp_a},
            )

    def test_unknown_user_in_srp_where_existence_is_told(self, cognito, client_id, user_pool_id):
        with refused("UserNotFound", "User does not exist."):
            srp_challenge(cognito, client_id, SRPClient(user_pool_id, unique(), PASSWORD))

    def test_unknown_user_gets_a_steady_salt_and_id(self, cognito, guarded_id, user_pool_id, pools):
        def challenge(client_id, pool, username):
            got = srp_challenge(cognito, client_id, SRPClient(pool, username, PASSWORD))["ChallengeParameters"]
            return got["SALT"], got["USER_ID_FOR_SRP"]

        first, second = unique(), unique()
        assert challenge(guarded_id, user_pool_id, first) == challenge(guarded_id, user_pool_id, first)
        assert challenge(guarded_id, user_pool_id, first) != challenge(guarded_id, user_pool_id, second)
        elsewhere = pools.user_pool()
        guarded_elsewhere = pools.client_id(elsewhere, PreventUserExistenceErrors="ENABLED")
        assert challenge(guarded_elsewhere, elsewhere, first) != challenge(guarded_id, user_pool_id, first)

    def test_pool_that_keeps_argon2id_has_no_srp(self, cognito, pools):
        pool = pools.user_pool(UserPoolTags={"poolhouse:password_storage": "argon2id"})
        client_id = pools.client_id(pool)
        user = pools.user(pool)
        assert "AuthenticationResult" in password_auth(cognito, client_id, user.username)
        with refused("NotAuthorized", INCORRECT):
            password_auth(cognito, client_id, user.username, WRONG)
        with refused("InvalidParameter", "USER_SRP_AUTH flow not enabled for this client"):
            srp_challenge(cognito, client_id, SRPClient(pool, user.username, user.password))

    # ---------------------------------------------------------------- refresh

    @pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
    def test_refresh(self, cognito, pools, client_id, user, flow):
        first = pools.sign_in(client_id, user)
        got = cognito.initiate_auth(
            ClientId=client_id, AuthFlow=flow, AuthParameters={"REFRESH_TOKEN": first["RefreshToken"]}
        )
        assert got["ChallengeParameters"] == {}
        result = got["AuthenticationResult"]
        assert result.keys() == {"AccessToken", "ExpiresIn", "TokenType", "IdToken"}
        for kind in ("AccessToken", "IdToken"):
            before, after = claims_of(first[kind]), claims_of(result[kind])
            assert before["auth_time"] == after["auth_time"]
            assert before["origin_jti"] == after["origin_jti"]
            assert before["jti"] != after["jti"]
            assert before.keys() == after.keys()

    @pytest.mark.parametrize("token", ["x", "a.b.c", "a.b.c.d.e", "eyJjdHkiOiJKV1Qi." * 4 + "x", "é.é.é.é.é"])
    def test_refresh_with_garbage(self, cognito, client_id, token):
        with refused("NotAuthorized", "Invalid Refresh Token"):
            cognito.initiate_auth(
                ClientId=client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token}
            )

    def test_rotation_switches_the_refresh_flow_off(self, cognito, user_pool_id):
        made = cognito.create_user_pool_client(
            UserPoolId=user_pool_id, ClientName="rotating", RefreshTokenRotation={"Feature": "ENABLED"}
        )["UserPoolClient"]
        with refused("InvalidParameter", "REFRESH_TOKEN_AUTH flow not enabled for this client"):
            cognito.initiate_auth(
                ClientId=made["ClientId"], AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": "x"}
            )


class TestAdminInitiateAuth:
    @pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_password(self, cognito, user_pool_id, client_id, user, flow):
        def sign_in(password):
            return cognito.admin_initiate_auth(
                UserPoolId=user_pool_id,
                ClientId=client_id,
                AuthFlow=flow,
                AuthParameters={"USERNAME": user.username, "PASSWORD": password},
            )

        got = sign_in(user.password)
        assert got["ChallengeParameters"] == {}
        assert got["AuthenticationResult"].keys() == {
            "AccessToken",
            "ExpiresIn",
            "TokenType",
            "RefreshToken",
            "IdToken",
        }
        with refused("NotAuthorized", INCORRECT):
            sign_in(WRONG)

    def test_password_flow_of_the_public_is_not_supported_here(self, cognito, user_pool_id, client_id):
        with refused("InvalidParameter", "Initiate Auth method not supported."):
            cognito.admin_initiate_auth(
                UserPoolId=user_pool_id,
                ClientId=client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": "a", "PASSWORD": "b"},
            )

    @pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH", "USER_AUTH"])
    def test_flow_that_is_not_enabled(self, cognito, pools, user_pool_id, flow):
        client_id = pools.client_id(user_pool_id, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameter", "Auth flow not enabled for this client"):
            cognito.admin_initiate_auth(
                UserPoolId=user_pool_id, ClientId=client_id, AuthFlow=flow, AuthParameters={"USERNAME": "a"}
            )

    def test_missing_parameter(self, cognito, user_pool_id, client_id):
        with refused("InvalidParameter", "Missing required parameter PASSWORD"):
            cognito.admin_initiate_auth(
                UserPoolId=user_pool_id,
                ClientId=client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": "a"},
            )

    def test_client_of_another_pool(self, cognito, user_pool_id, other_pool):
        _, foreign = other_pool
        with refused("ResourceNotFound", f"User pool client {foreign} does not exist."):
            cognito.admin_initiate_auth(
                UserPoolId=user_pool_id,
                ClientId=foreign,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": "a", "PASSWORD": "b"},
            )

    def test_unknown_pool(self, cognito, client_id):
        with refused("ResourceNotFound", "User pool us-east-1_Nowhere01 does not exist."):
            cognito.admin_initiate_auth(
                UserPoolId="us-east-1_Nowhere01", ClientId=client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH"
            )

    def test_unknown_user(self, cognito, user_pool_id, client_id, guarded_id):
        def sign_in(client):
            cognito.admin_initiate_auth(
                UserPoolId=user_pool_id,
                ClientId=client,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": unique(), "PASSWORD": "b"},
            )

        with refused("UserNotFound", "User does not exist."):
            sign_in(client_id)
        with refused("NotAuthorized", INCORRECT):
            sign_in(guarded_id)

    def test_states_of_the_user(self, cognito, user_pool_id, client_id, pools):
        def sign_in(username):
            return cognito.admin_initiate_auth(
                UserPoolId=user_pool_id,
                ClientId=client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
            )

        unconfirmed = unique()
        cognito.sign_up(ClientId=client_id, Username=unconfirmed, Password=PASSWORD)
        with refused("UserNotConfirmed", "User is not confirmed."):
            sign_in(unconfirmed)
        reset = pools.user(user_pool_id).username
        cognito.admin_reset_user_password(UserPoolId=user_pool_id, Username=reset)
        with refused("PasswordResetRequired", "Password reset required for the user"):
            sign_in(reset)
        assert sign_in(temporary_user(cognito, user_pool_id))["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    def test_refresh(self, cognito, pools, user_pool_id, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        got = cognito.admin_initiate_auth(
            UserPoolId=user_pool_id,
            ClientId=client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )
        assert got["AuthenticationResult"].keys() == {"AccessToken", "ExpiresIn", "TokenType", "IdToken"}

    def test_secret_hash(self, cognito, user_pool_id, secretive, user):
        client_id = secretive["ClientId"]
        text = f"Client {client_id} is configured with secret but SECRET_HASH was not received"
        with refused("NotAuthorized", text):
            cognito.admin_initiate_auth(
                UserPoolId=user_pool_id,
                ClientId=client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": user.username, "PASSWORD": PASSWORD},
            )


class TestRespondToAuthChallenge:
    # ---------------------------------------------------------------- PASSWORD_VERIFIER

    def test_srp_by_hand(self, cognito, client_id, user_pool_id, user):
        srp = SRPClient(user_pool_id, user.username, user.password)
        got = srp_answer(cognito, client_id, srp.responses(srp_challenge(cognito, client_id, srp)))
        assert got["ChallengeParameters"] == {}
        assert cognito.get_user(AccessToken=got["AuthenticationResult"]["AccessToken"])["Username"] == user.username

    @pytest.mark.parametrize("has_secret", [False, True])
    def test_srp_by_pycognito(self, cognito, pools, user_pool_id, user, has_secret):
        client = pools.client(user_pool_id, GenerateSecret=has_secret)
        srp = AWSSRP(
            username=user.username,
            password=user.password,
            pool_id=user_pool_id,
            client_id=client["ClientId"],
            client_secret=client.get("ClientSecret"),
            client=cognito,
        )
        assert "AccessToken" in srp.authenticate_user()["AuthenticationResult"]

    def test_wrong_password(self, cognito, client_id, user_pool_id, user):
        srp = SRPClient(user_pool_id, user.username, WRONG)
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, client_id, srp.responses(srp_challenge(cognito, client_id, srp)))

    def test_same_answer_twice_is_refused(self, cognito, client_id, user_pool_id, user):
        srp = SRPClient(user_pool_id, user.username, user.password)
        responses = srp.responses(srp_challenge(cognito, client_id, srp))
        srp_answer(cognito, client_id, responses)
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, client_id, responses)

    def test_unknown_user_is_refused_like_a_wrong_password(self, server, cognito, guarded_id, user_pool_id, user):
        def refusal(username):
            srp = SRPClient(user_pool_id, username, WRONG)
            responses = srp.responses(srp_challenge(cognito, guarded_id, srp))
            return raw(
                server,
                "RespondToAuthChallenge",
                {"ClientId": guarded_id, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses},
            )

        known = refusal(user.username)
        assert known[:3] == (400, "NotAuthorizedException:", INCORRECT)
        assert refusal(unique()) == known

    @pytest.mark.parametrize("member", ["PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE"])
    @pytest.mark.parametrize("value", ["AAAA", "not base64!", "é", "A" * 4000])
    def test_forged_member(self, cognito, client_id, user_pool_id, user, member, value):
        srp = SRPClient(user_pool_id, user.username, user.password)
        responses = srp.responses(srp_challenge(cognito, client_id, srp), **{member: value})
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, client_id, responses)

    def test_flipped_secret_block(self, cognito, client_id, user_pool_id, user):
        srp = SRPClient(user_pool_id, user.username, user.password)
        challenge = srp_challenge(cognito, client_id, srp)
        block = bytearray(base64.b64decode(challenge["ChallengeParameters"]["SECRET_BLOCK"]))
        for position in (0, len(block) // 2, len(block) - 1):
            forged = bytes([*block[:position], block[position] ^ 1, *block[position + 1 :]])
            challenge["ChallengeParameters"]["SECRET_BLOCK"] = base64.b64encode(forged).decode()
            with refused("NotAuthorized", INCORRECT):
                srp_answer(cognito, client_id, srp.responses(challenge))

    def test_secret_block_of_another_client_pool_or_user(
        self, cognito, pools, client_id, user_pool_id, user, other_pool
    ):
        srp = SRPClient(user_pool_id, user.username, user.password)
        challenge = srp_challenge(cognito, client_id, srp)
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, pools.client_id(user_pool_id), srp.responses(challenge))
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, other_pool[1], srp.responses(challenge))
        other = pools.user(user_pool_id)
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, client_id, srp.responses(challenge, USERNAME=other.username))
        assert "AuthenticationResult" in srp_answer(cognito, client_id, srp.responses(challenge))

    @pytest.mark.parametrize(
        "when",
        [
            timestamp(datetime.now(UTC) - timedelta(minutes=30)),
            timestamp(datetime.now(UTC) + timedelta(minutes=30)),
            "yesterday",
            "Tue Foo 7 00:09:40 UTC 2025",
            "Tue May 7 00:09:61 UTC 2025",
            "Tue May 7 00:09:40 UTC 99999999999999999999",
            "Tue May 7 00:09:40 UTC " + "9" * 5000,
            "Tue May 99999999999999999999 00:09:40 UTC 2025",
        ],
        ids=["late", "early", "word", "month", "second", "year", "long year", "day"],
    )
    def test_timestamp_that_is_late_early_or_no_time(self, cognito, client_id, user_pool_id, user, when):
        srp = SRPClient(user_pool_id, user.username, user.password)
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, client_id, srp.responses(srp_challenge(cognito, client_id, srp), at=when))

    def test_timestamp_with_a_padded_day(self, cognito, client_id, user_pool_id, user):
        srp = SRPClient(user_pool_id, user.username, user.password)
        padded = f"{datetime.now(UTC):%a %b %d %H:%M:%S UTC %Y}"
        assert "AuthenticationResult" in srp_answer(
            cognito, client_id, srp.responses(srp_challenge(cognito, client_id, srp), at=padded)
        )

    def test_expired_secret_block(self, clocked, clocked_pools, clocked_pool):
        cognito = clocked.client()
        pool, client_id = clocked_pool
        user = clocked_pools.user(pool)
        srp = SRPClient(pool, user.username, user.password)
        challenge = srp_challenge(cognito, client_id, srp)
        clocked.advance_clock(181)
        now = datetime.fromtimestamp(clocked.get_json("/_poolhouse/api/clock")["now"], UTC)
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, client_id, srp.responses(challenge, at=timestamp(now)))

    def test_password_changed_between_the_steps(self, cognito, client_id, user_pool_id, user):
        srp = SRPClient(user_pool_id, user.username, user.password)
        challenge = srp_challenge(cognito, client_id, srp)
        cognito.admin_set_user_password(
            UserPoolId=user_pool_id, Username=user.username, Password="Another-Horse-2", Permanent=True
        )
        with refused("NotAuthorized", INCORRECT):
            srp_answer(cognito, client_id, srp.responses(challenge))

    def test_disabled_and_deleted_between_the_steps(self, cognito, client_id, user_pool_id, user):
        srp = SRPClient(user_pool_id, user.username, user.password)
        challenges = [srp_challenge(cognito, client_id, srp) for _ in range(2)]
        cognito.admin_disable_user(UserPoolId=user_pool_id, Username=user.username)
        with refused("NotAuthorized", "User is disabled."):
            srp_answer(cognito, client_id, srp.responses(challenges[0]))
        cognito.admin_delete_user(UserPoolId=user_pool_id, Username=user.username)
        with refused("UserNotFound", "User does not exist."):
            srp_answer(cognito, client_id, srp.responses(challenges[1]))

    def test_secret_hash_is_over_the_username_of_this_step(self, cognito, secretive, user_pool_id, user):
        client_id, secret = secretive["ClientId"], secretive["ClientSecret"]
        hashed = secret_hash(secret, user.username, client_id)
        srp = SRPClient(user_pool_id, user.username, user.password)
        challenge = srp_challenge(cognito, client_id, srp, SECRET_HASH=hashed)
        with refused("NotAuthorized", f"Client {client_id} is configured with secret but SECRET_HASH was not received"):
            srp_answer(cognito, client_id, srp.responses(challenge))
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client_id}"):
            srp_answer(cognito, client_id, srp.responses(challenge, SECRET_HASH="x"))
        assert "AuthenticationResult" in srp_answer(cognito, client_id, srp.responses(challenge, SECRET_HASH=hashed))

    @pytest.mark.parametrize(
        "missing", ["USERNAME", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"]
    )
    def test_missing_response(self, cognito, client_id, missing):
        responses = {
            name: "x"
            for name in ("USERNAME", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP")
            if name != missing
        }
        with refused("InvalidParameter", f"Missing required parameter {missing}"):
            srp_answer(cognito, client_id, responses)

    def test_unknown_client(self, cognito):
        with refused("ResourceNotFound", "User pool client 1234567890abcdefghijklmnop does not exist."):
            srp_answer(cognito, "1234567890abcdefghijklmnop", {"USERNAME": "x"})

    # ---------------------------------------------------------------- NEW_PASSWORD_REQUIRED

    def test_new_password_for_a_temporary_one_that_was_replaced_meanwhile(self, cognito, user_pool_id, client_id):
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        cognito.admin_set_user_password(
            UserPoolId=user_pool_id, Username=username, Password="Second-Temporary-1", Permanent=False
        )
        with refused("NotAuthorized", "Invalid session for the user."):
            new_password(cognito, client_id, challenge, username)

    def test_new_password_signs_in_and_confirms(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id)
        got = new_password(cognito, client_id, password_auth(cognito, client_id, username), username)
        assert "AuthenticationResult" in got
        assert cognito.admin_get_user(UserPoolId=user_pool_id, Username=username)["UserStatus"] == "CONFIRMED"
        assert "AuthenticationResult" in password_auth(cognito, client_id, username, "Another-Horse-2")
        with refused("NotAuthorized", INCORRECT):
            password_auth(cognito, client_id, username)

    def test_new_password_after_srp(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id)
        srp = SRPClient(user_pool_id, username, PASSWORD)
        responses = srp.responses(srp_challenge(cognito, client_id, srp))
        challenge = srp_answer(cognito, client_id, responses)
        assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        with refused("NotAuthorized", INCORRECT):  # the block is spent although no token was issued
            srp_answer(cognito, client_id, responses)
        assert "AuthenticationResult" in new_password(cognito, client_id, challenge, username)

    def test_temporary_password_may_stay(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        assert "AuthenticationResult" in new_password(cognito, client_id, challenge, username, PASSWORD)

    def test_new_password_has_to_conform(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        for password, reason in (
            ("Ab1!", "Password not long enough"),
            ("abcdefg1!", "Password must have uppercase characters"),
            ("ABCDEFG1!", "Password must have lowercase characters"),
            ("Abcdefgh!", "Password must have numeric characters"),
            ("Abcdefgh1", "Password must have symbol characters"),
        ):
            with refused("InvalidPassword", f"Password does not conform to policy: {reason}"):
                new_password(cognito, client_id, challenge, username, password)
        # A refusal leaves the session good.
        assert "AuthenticationResult" in new_password(cognito, client_id, challenge, username)

    def test_session_can_be_used_once(self, cognito, client_id, user_pool_id):
        """Acceptance 26."""
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        new_password(cognito, client_id, challenge, username)
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            new_password(cognito, client_id, challenge, username)

    def test_session_can_be_used_once_in_parallel(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)

        def attempt(_):
            try:
                return new_password(cognito, client_id, challenge, username)["AuthenticationResult"]["TokenType"]
            except cognito.exceptions.NotAuthorizedException as refusal:
                return refusal.response["Error"]["Message"]

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(attempt, range(8)))
        assert answers.count("Bearer") == 1
        assert set(answers) == {"Bearer", "Invalid session for the user, session can only be used once."}

    @pytest.mark.parametrize("session", [None, "A" * 20, "é" * 20, "x" * 2048])
    def test_forged_session(self, cognito, client_id, user_pool_id, session):
        username = temporary_user(cognito, user_pool_id)
        more = {} if session is None else {"Session": session}
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(
                cognito,
                client_id,
                "NEW_PASSWORD_REQUIRED",
                {"USERNAME": username, "NEW_PASSWORD": "Another-Horse-2"},
                **more,
            )

    def test_session_of_another_client_pool_or_user(self, cognito, pools, client_id, user_pool_id, other_pool):
        """Acceptance 27, the Session of another."""
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        text = "Invalid session for the user."
        with refused("NotAuthorized", text):
            new_password(cognito, pools.client_id(user_pool_id), challenge, username)
        foreign_pool, foreign_client = other_pool
        cognito.admin_create_user(
            UserPoolId=foreign_pool, Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
        with refused("NotAuthorized", text):
            new_password(cognito, foreign_client, challenge, username)
        with refused("NotAuthorized", text):
            new_password(cognito, client_id, challenge, temporary_user(cognito, user_pool_id))
        with refused("NotAuthorized", text):
            new_password(cognito, client_id, challenge, unique())
        assert "AuthenticationResult" in new_password(cognito, client_id, challenge, username)

    def test_flipped_session(self, cognito, client_id, user_pool_id):
        """Acceptance 27, a Session with a bit turned."""
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        whole = challenge["Session"]
        for position in (0, len(whole) // 2, len(whole) - 5):
            other = "A" if whole[position] != "A" else "B"
            challenge["Session"] = whole[:position] + other + whole[position + 1 :]
            with refused("NotAuthorized", "Invalid session for the user."):
                new_password(cognito, client_id, challenge, username)

    def test_expired_session(self, clocked, clocked_pools, clocked_pool):
        cognito = clocked.client()
        pool, client_id = clocked_pool
        longer = clocked_pools.client_id(pool, AuthSessionValidity=5)
        username = temporary_user(cognito, pool)
        short, long = (password_auth(cognito, client, username) for client in (client_id, longer))
        clocked.advance_clock(181)  # DOC: three minutes where the client says nothing
        with refused("NotAuthorized", "Invalid session for the user, session is expired."):
            new_password(cognito, client_id, short, username)
        assert "AuthenticationResult" in new_password(cognito, longer, long, username)

    def test_disabled_user(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        cognito.admin_disable_user(UserPoolId=user_pool_id, Username=username)
        with refused("NotAuthorized", "User is disabled."):
            new_password(cognito, client_id, challenge, username)

    def test_missing_new_password(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id)
        challenge = password_auth(cognito, client_id, username)
        with refused("InvalidParameter", "Missing required parameter NEW_PASSWORD"):
            answer(cognito, client_id, "NEW_PASSWORD_REQUIRED", {"USERNAME": username}, Session=challenge["Session"])

    def test_required_attributes(self, cognito, pools):
        pool = pools.user_pool(
            Schema=[
                {"Name": "name", "Required": True, "Mutable": True},
                {"Name": "email", "Required": True, "Mutable": True},
                {"Name": "dept", "AttributeDataType": "String", "Mutable": True},
            ]
        )
        client_id = pools.client_id(pool, WriteAttributes=["name", "email", "custom:dept"])
        username = temporary_user(cognito, pool, email="a@example.com", email_verified="true")
        challenge = password_auth(cognito, client_id, username)
        assert json.loads(challenge["ChallengeParameters"]["requiredAttributes"]) == ["userAttributes.name"]
        with refused("InvalidPassword", "Password does not conform to policy: Password not long enough"):
            new_password(cognito, client_id, challenge, username, "Ab1!")  # issue 5 exactness 8: before the attributes
        with refused("InvalidParameter", "Invalid attributes given, name is missing"):
            new_password(cognito, client_id, challenge, username)
        with refused("NotAuthorized", "Cannot modify an already provided email"):
            new_password(
                cognito,
                client_id,
                challenge,
                username,
                **{"userAttributes.name": "N", "userAttributes.email": "b@example.com"},
            )
        for name in ("nickname", "email_verified"):
            with refused("NotAuthorized", "A client attempted to write unauthorized attribute"):
                new_password(
                    cognito,
                    client_id,
                    challenge,
                    username,
                    **{"userAttributes.name": "N", f"userAttributes.{name}": "true"},
                )
        with refused(
            "InvalidParameter",
            "Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.\n",
        ):
            new_password(
                cognito, client_id, challenge, username, **{"userAttributes.name": "N", "userAttributes.custom:x": "1"}
            )
        got = new_password(
            cognito, client_id, challenge, username, **{"userAttributes.name": "N", "userAttributes.custom:dept": "D"}
        )
        claims = claims_of(got["AuthenticationResult"]["IdToken"])
        assert (claims["name"], claims["custom:dept"], claims["email"]) == ("N", "D", "a@example.com")

    def test_address_given_with_the_new_password_is_not_verified(self, cognito, client_id, user_pool_id):
        username = temporary_user(cognito, user_pool_id, email="old@example.com", email_verified="true")
        challenge = password_auth(cognito, client_id, username)
        got = new_password(cognito, client_id, challenge, username, **{"userAttributes.email": "new@example.com"})
        claims = claims_of(got["AuthenticationResult"]["IdToken"])
        assert (claims["email"], claims["email_verified"]) == ("new@example.com", False)

    def test_alias_that_somebody_has(self, cognito, pools):
        pool = pools.user_pool(UsernameAttributes=["email", "phone_number"])
        client_id = pools.client_id(pool)
        email = f"{unique()}@example.com"
        pools.user(pool, username=email, email=email)
        username = f"+1555{secrets.randbelow(10**7):07}"
        cognito.admin_create_user(
            UserPoolId=pool, Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
        challenge = password_auth(cognito, client_id, username)
        with refused("AliasExists", "An account with the given email already exists."):
            new_password(
                cognito,
                client_id,
                challenge,
                challenge["ChallengeParameters"]["USER_ID_FOR_SRP"],
                **{"userAttributes.email": email},
            )


class TestAdminRespondToAuthChallenge:
    def test_new_password(self, cognito, user_pool_id, client_id):
        username = temporary_user(cognito, user_pool_id)
        challenge = cognito.admin_initiate_auth(
            UserPoolId=user_pool_id,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
        )

        def respond(password, session=challenge["Session"]):
            return cognito.admin_respond_to_auth_challenge(
                UserPoolId=user_pool_id,
                ClientId=client_id,
                ChallengeName="NEW_PASSWORD_REQUIRED",
                Session=session,
                ChallengeResponses={"USERNAME": username, "NEW_PASSWORD": password},
            )

        with refused("InvalidPassword", "Password does not conform to policy: Password not long enough"):
            respond("Ab1!")
        with refused("NotAuthorized", "Invalid session for the user."):
            respond("Another-Horse-2", "A" * 40)
        got = respond("Another-Horse-2")
        assert got["ChallengeParameters"] == {}
        assert "IdToken" in got["AuthenticationResult"]
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            respond("Another-Horse-2")

    def test_srp(self, cognito, user_pool_id, client_id, user):
        srp = SRPClient(user_pool_id, user.username, user.password)
        challenge = cognito.admin_initiate_auth(
            UserPoolId=user_pool_id, ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.parameters
        )
        responses = srp.responses(challenge)

        def respond():
            return cognito.admin_respond_to_auth_challenge(
                UserPoolId=user_pool_id,
                ClientId=client_id,
                ChallengeName="PASSWORD_VERIFIER",
                ChallengeResponses=responses,
            )

        assert "AuthenticationResult" in respond()
        with refused("NotAuthorized", INCORRECT):
            respond()

    def test_client_of_another_pool(self, cognito, user_pool_id, other_pool):
        _, foreign = other_pool
        with refused("ResourceNotFound", f"User pool client {foreign} does not exist."):
            cognito.admin_respond_to_auth_challenge(
                UserPoolId=user_pool_id,
                ClientId=foreign,
                ChallengeName="NEW_PASSWORD_REQUIRED",
                ChallengeResponses={"USERNAME": "x"},
            )

    def test_unknown_pool(self, cognito, client_id):
        with refused("ResourceNotFound", "User pool us-east-1_Nowhere01 does not exist."):
            cognito.admin_respond_to_auth_challenge(
                UserPoolId="us-east-1_Nowhere01", ClientId=client_id, ChallengeName="NEW_PASSWORD_REQUIRED"
            )

    def test_missing_username(self, cognito, user_pool_id, client_id):
        with refused("InvalidParameter", "Missing required parameter USERNAME"):
            cognito.admin_respond_to_auth_challenge(
                UserPoolId=user_pool_id, ClientId=client_id, ChallengeName="NEW_PASSWORD_REQUIRED"
            )
