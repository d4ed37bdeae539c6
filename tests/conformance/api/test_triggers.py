"""Triggers, through every kind of target (user-pools-api.md §7, endpoints.md §13.7).

A pool of each kind has all five triggers on one function, which writes down what it is told and answers as the test says.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support import functions as support
from tests.support import oauth
from tests.support.functions import KINDS, Functions, arn
from tests.support.oauth import CALLBACK, World, basic, claims_of, text_of
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server

TRIGGERS = ("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication")


def lambda_config(name: str, version: str = "V2_0") -> dict[str, Any]:
    versioned = {"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": arn(name)}}
    return {**dict.fromkeys(TRIGGERS, arn(name)), **versioned}


@dataclass
class Pool:
    """One pool whose triggers all lead to one function."""

    server: Server
    functions: Functions
    cognito: Any
    pools: Pools
    id: str
    client_id: str

    def tell(self, trigger: str, **wanted: Any) -> None:
        self.functions.tell(self.id, trigger, **wanted)

    def told(self) -> list[dict[str, Any]]:
        return self.functions.told(self.id)

    def sign_up(self, name: str, **more: Any) -> dict[str, Any]:
        values = {"email": f"{name}@example.com", **more.pop("values", {})}
        return dict(
            self.cognito.sign_up(
                ClientId=self.client_id, Username=name, Password=PASSWORD, UserAttributes=attributes(**values), **more
            )
        )

    def sign_in(self, name: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
        parameters = {"USERNAME": name, "PASSWORD": password}
        return dict(
            self.cognito.initiate_auth(
                ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters, **more
            )
        )

    def user(self) -> str:
        """Of an administrator; nothing about it is told any more."""
        name = unique("user")
        username = self.pools.user(self.id, username=name).username
        self.told()
        return username

    def status(self, name: str) -> str:
        return str(self.cognito.admin_get_user(UserPoolId=self.id, Username=name)["UserStatus"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Functions]]:
    data, folder = tmp_path_factory.mktemp("triggers"), tmp_path_factory.mktemp("told")
    with support.served(data, folder) as both:
        yield both


@pytest.fixture(scope="module")
def worlds(served: tuple[Server, Functions]) -> dict[str, Pool]:
    server, functions = served
    cognito = server.client()
    pools = Pools(cognito)
    made: dict[str, Pool] = {}
    for kind in KINDS:
        pool_id = pools.user_pool(AutoVerifiedAttributes=["email"], LambdaConfig=lambda_config(kind))
        client_id = pools.client_id(pool_id, PreventUserExistenceErrors="ENABLED")
        made[kind] = Pool(server, functions, cognito, pools, pool_id, client_id)
    return made


@pytest.fixture(params=KINDS)
def each(request: pytest.FixtureRequest, worlds: dict[str, Pool]) -> Iterator[Pool]:
    """The pool of every kind of target."""
    yield from _clean(worlds[request.param])


@pytest.fixture
def pool(worlds: dict[str, Pool]) -> Iterator[Pool]:
    """The pool of one kind, for what no target can change."""
    yield from _clean(worlds["python"])


def _clean(pool: Pool) -> Iterator[Pool]:
    pool.told()
    yield pool
    for word in (*TRIGGERS, "TokenGeneration"):
        (pool.functions.folder / f"{pool.id}.{word}").unlink(missing_ok=True)


def refusal(call: Any, *arguments: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(*arguments, **more)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def envelope(pool: Pool, source: str, name: str, client_id: str | None = None, version: str = "1") -> dict[str, Any]:
    return {
        "version": version,
        "triggerSource": source,
        "region": "us-east-1",
        "userPoolId": pool.id,
        "userName": name,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client_id or pool.client_id},
    }


class TestEvents:
    """user-pools-api.md §7.1 to §7.3, field by field."""

    def test_a_sign_up_and_its_confirmation(self, each: Pool) -> None:
        name = unique("ada")
        each.sign_up(name, ValidationData=attributes(captcha="42"), ClientMetadata={"from": "test"})
        email = f"{name}@example.com"
        assert each.told() == [
            {
                **envelope(each, "PreSignUp_SignUp", name),
                "request": {
                    "userAttributes": {"email": email},
                    "validationData": {"captcha": "42"},
                    "clientMetadata": {"from": "test"},
                },
                "response": {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
            }
        ]
        code = each.server.inbox.code(email)
        each.cognito.confirm_sign_up(
            ClientId=each.client_id, Username=name, ConfirmationCode=code, ClientMetadata={"a": "b"}
        )
        (told,) = each.told()
        sub = told["request"]["userAttributes"].pop("sub")
        assert sub.count("-") == 4
        assert told == {
            **envelope(each, "PostConfirmation_ConfirmSignUp", name),
            "request": {
                "userAttributes": {"cognito:user_status": "CONFIRMED", "email": email, "email_verified": "true"},
                "clientMetadata": {"a": "b"},
            },
            "response": {},
        }

    def test_a_sign_in(self, each: Pool) -> None:
        name = each.user()
        each.sign_in(name, ClientMetadata={"a": "b"})
        before, after, tokens = each.told()
        told = {"sub": before["request"]["userAttributes"]["sub"], "cognito:user_status": "CONFIRMED"}
        told |= {"email": f"{name}@example.com", "email_verified": "true"}
        assert before == {
            **envelope(each, "PreAuthentication_Authentication", name),
            "request": {"userAttributes": told, "validationData": {"a": "b"}, "userNotFound": False},
            "response": {},
        }
        assert after == {
            **envelope(each, "PostAuthentication_Authentication", name),
            "request": {"userAttributes": told},
            "response": {},
        }
        assert tokens == {
            **envelope(each, "TokenGeneration_Authentication", name, version="2"),
            "request": {
                "userAttributes": told,
                "groupConfiguration": {"groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": None},
                "scopes": ["aws.cognito.signin.user.admin"],
            },
            "response": {"claimsAndScopeOverrideDetails": None},
        }

    def test_the_request_id_and_the_arn_are_in_the_context(self, worlds: dict[str, Pool]) -> None:
        for kind in ("python", "node"):
            pool = worlds[kind]
            pool.told()
            answer = pool.sign_up(unique("context"))
            (call,) = pool.functions.calls(pool.id)
            assert call["arn"] == arn(kind)
            assert call["request_id"] == answer["ResponseMetadata"]["RequestId"]

    def test_srp_fires_before_the_challenge(self, pool: Pool) -> None:
        name = pool.user()
        pool.cognito.initiate_auth(
            ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": name, "SRP_A": "a" * 64}
        )
        assert [told["triggerSource"] for told in pool.told()] == ["PreAuthentication_Authentication"]

    def test_a_stranger_is_told_as_one(self, pool: Pool) -> None:
        name = unique("nobody")
        code, text = refusal(pool.sign_in, name)
        assert (code, text) == ("NotAuthorizedException", "Incorrect username or password.")
        (told,) = pool.told()
        assert told["request"] == {"userAttributes": {}, "validationData": None, "userNotFound": True}

    def test_a_new_password_and_the_metadata_of_an_answer(self, pool: Pool) -> None:
        name = unique("invited")
        pool.cognito.admin_create_user(
            UserPoolId=pool.id, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
        (told,) = pool.told()
        assert told["triggerSource"] == "PreSignUp_AdminCreateUser"
        assert told["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
        assert told["request"] == {"userAttributes": {}, "validationData": None}
        challenge = pool.sign_in(name, ClientMetadata={"not": "this"})
        pool.told()
        pool.cognito.respond_to_auth_challenge(
            ClientId=pool.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": PASSWORD + "x"},
            ClientMetadata={"but": "this"},
        )
        after, tokens = pool.told()
        assert after["triggerSource"] == "PostAuthentication_Authentication"
        assert tokens["triggerSource"] == "TokenGeneration_NewPasswordChallenge"
        assert after["request"]["clientMetadata"] == tokens["request"]["clientMetadata"] == {"but": "this"}

    def test_a_refresh_fires_the_token_trigger_alone(self, pool: Pool) -> None:
        name = pool.user()
        refresh_token = pool.sign_in(name)["AuthenticationResult"]["RefreshToken"]
        pool.told()
        pool.cognito.get_tokens_from_refresh_token(
            ClientId=pool.client_id, RefreshToken=refresh_token, ClientMetadata={"a": "b"}
        )
        (told,) = pool.told()
        assert told["triggerSource"] == "TokenGeneration_RefreshTokens"
        assert told["request"]["clientMetadata"] == {"a": "b"}

    def test_an_administrator_confirms(self, pool: Pool) -> None:
        name = unique("waiting")
        pool.sign_up(name)
        pool.told()
        pool.cognito.admin_confirm_sign_up(UserPoolId=pool.id, Username=name, ClientMetadata={"a": "b"})
        (told,) = pool.told()
        assert told["triggerSource"] == "PostConfirmation_ConfirmSignUp"
        assert told["request"]["clientMetadata"] == {"a": "b"}

    def test_a_forgotten_password(self, pool: Pool) -> None:
        name = pool.user()
        pool.cognito.forgot_password(ClientId=pool.client_id, Username=name)
        pool.cognito.confirm_forgot_password(
            ClientId=pool.client_id,
            Username=name,
            ConfirmationCode=pool.server.inbox.code(f"{name}@example.com"),
            Password=PASSWORD + "x",
        )
        (told,) = pool.told()
        assert told["triggerSource"] == "PostConfirmation_ConfirmForgotPassword"

    def test_groups_are_told(self, pool: Pool) -> None:
        name, group = pool.user(), unique("group")
        role = "arn:aws:iam::123456789012:role/r"
        pool.cognito.create_group(UserPoolId=pool.id, GroupName=group, RoleArn=role)
        pool.cognito.admin_add_user_to_group(UserPoolId=pool.id, Username=name, GroupName=group)
        pool.sign_in(name)
        assert pool.told()[-1]["request"]["groupConfiguration"] == {
            "groupsToOverride": [group],
            "iamRolesToOverride": [role],
            "preferredRole": role,
        }


class TestPreSignUp:
    def test_it_confirms_and_vouches(self, each: Pool) -> None:
        each.tell("PreSignUp", response={"autoConfirmUser": True, "autoVerifyEmail": True})
        name = unique("auto")
        answer = each.sign_up(name)
        assert answer["UserConfirmed"] is True
        assert "CodeDeliveryDetails" not in answer
        assert [told["triggerSource"] for told in each.told()] == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]
        user = each.cognito.admin_get_user(UserPoolId=each.id, Username=name)
        assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
        assert each.sign_in(name)["AuthenticationResult"]

    def test_vouching_for_nothing_is_refused(self, pool: Pool) -> None:
        pool.tell("PreSignUp", response={"autoVerifyPhone": True})
        name = unique("phoneless")
        code, text = refusal(pool.sign_up, name)
        assert code == "InvalidLambdaResponseException"
        assert text == "Cannot auto verify the phone_number of a user without phone_number."
        with pytest.raises(pool.cognito.exceptions.UserNotFoundException):
            pool.status(name)

    def test_an_administrator_is_not_answered(self, pool: Pool) -> None:
        pool.tell("PreSignUp", response={"autoConfirmUser": True, "autoVerifyEmail": True})
        name = unique("invited")
        pool.cognito.admin_create_user(UserPoolId=pool.id, Username=name, MessageAction="SUPPRESS")
        assert pool.status(name) == "FORCE_CHANGE_PASSWORD"

    def test_a_verified_alias_moves(self, served: tuple[Server, Functions]) -> None:
        server, functions = served
        cognito = server.client()
        pools = Pools(cognito)
        pool_id = pools.user_pool(AliasAttributes=["email"], LambdaConfig={"PreSignUp": arn("python")})
        pool = Pool(server, functions, cognito, pools, pool_id, pools.client_id(pool_id))
        first, second = unique("first"), unique("second")
        email = f"{first}@example.com"
        pool.tell("PreSignUp", response={"autoConfirmUser": True, "autoVerifyEmail": True})
        pool.sign_up(first)
        pool.told()
        pool.sign_up(second, values={"email": email})
        assert pool.told()[0]["request"]["userAttributes"] == {"email": email}
        assert cognito.admin_get_user(UserPoolId=pool_id, Username=email)["Username"] == second


class TestRefusals:
    """user-pools-api.md §7.4: the exact text, in the API and on the page, and an unharmed user."""

    def test_the_function_raises(self, each: Pool) -> None:
        each.tell("PreSignUp", error="Sign-up restricted.")
        name = unique("denied")
        text = "PreSignUp failed with error Sign-up restricted.."
        assert refusal(each.sign_up, name) == ("UserLambdaValidationException", text)
        with pytest.raises(each.cognito.exceptions.UserNotFoundException):
            each.status(name)

    @pytest.mark.parametrize("word", ["PreAuthentication", "PostAuthentication", "TokenGeneration"])
    def test_a_sign_in_is_refused(self, pool: Pool, word: str) -> None:
        name = pool.user()
        pool.tell(word, error="no")
        trigger = "PreTokenGeneration" if word == "TokenGeneration" else word
        assert refusal(pool.sign_in, name) == ("UserLambdaValidationException", f"{trigger} failed with error no.")
        pool.tell(word)
        assert pool.sign_in(name)["AuthenticationResult"]

    def test_a_confirmation_stands(self, pool: Pool) -> None:
        name = unique("confirmed")
        pool.sign_up(name)
        pool.tell("PostConfirmation", error="no")
        code = pool.server.inbox.code(f"{name}@example.com")
        asked = {"ClientId": pool.client_id, "Username": name, "ConfirmationCode": code}
        text = "PostConfirmation failed with error no."
        assert refusal(pool.cognito.confirm_sign_up, **asked) == ("UserLambdaValidationException", text)
        assert pool.status(name) == "CONFIRMED"

    @pytest.mark.parametrize(
        "wanted",
        [
            {"answer": "a text"},
            {"answer": None},
            {"answer": {"only": "this"}},
            {"change": {"userName": "another"}},
            {"change": {"userPoolId": "us-east-1_other"}},
            {"change": {"triggerSource": "PreSignUp_AdminCreateUser"}},
            {"response": {"autoConfirmUser": "yes"}},
            {"big": 5_000_000},
        ],
        ids=str,
    )
    def test_an_answer_that_is_none(self, pool: Pool, wanted: dict[str, Any]) -> None:
        """Acceptance 68."""
        pool.tell("PreSignUp", **wanted)
        name = unique("odd")
        assert refusal(pool.sign_up, name) == ("InvalidLambdaResponseException", "Unrecognizable lambda output")
        pool.tell("PreSignUp")
        pool.sign_up(name)

    def test_a_big_answer_over_http(self, worlds: dict[str, Pool]) -> None:
        for kind in ("lambda", "webhook"):
            pool = worlds[kind]
            pool.tell("PreSignUp", big=5_000_000)
            text = "Unrecognizable lambda output"
            assert refusal(pool.sign_up, unique("big")) == ("InvalidLambdaResponseException", text)
            pool.tell("PreSignUp")

    def test_a_process_that_exits(self, pool: Pool) -> None:
        pool.tell("PreSignUp", exit=3)
        name = unique("exit")
        code, text = refusal(pool.sign_up, name)
        assert code == "UserLambdaValidationException"
        assert text.startswith("PreSignUp failed with error RequestId: ")
        pool.tell("PreSignUp")
        pool.sign_up(name)

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("nowhere", "ResourceNotFoundException"),
            ("absent", "ResourceNotFoundException"),
            ("forbidden", "AccessDeniedException"),
            ("dead", "ServiceException"),
        ],
    )
    def test_a_function_that_cannot_be_invoked(self, pool: Pool, name: str, error: str) -> None:
        pool_id = pool.pools.user_pool(LambdaConfig={"PreSignUp": arn(name)})
        asked = {"ClientId": pool.pools.client_id(pool_id), "Username": "ada", "Password": PASSWORD}
        text = f"PreSignUp invocation failed due to error {error}."
        assert refusal(pool.cognito.sign_up, **asked) == ("UnexpectedLambdaException", text)

    def test_a_function_that_hangs_harms_nobody_else(self, pool: Pool, worlds: dict[str, Pool]) -> None:
        """Three tries of five seconds; whoever signs in to another pool meanwhile does not wait for them."""
        pool.tell("PreSignUp", sleep=60)
        name, others, signed_up = unique("hanging"), worlds["node"], 0
        with ThreadPoolExecutor() as executor:
            hanging = executor.submit(refusal, pool.sign_up, name)
            while not hanging.done():
                others.sign_up(unique("quick"))
                signed_up += not hanging.done()
            assert signed_up > 10  # in 15 seconds
            text = "PreSignUp invocation failed due to error ServiceException."
            assert hanging.result() == ("UnexpectedLambdaException", text)
        assert len(pool.told()) == 3
        with pytest.raises(pool.cognito.exceptions.UserNotFoundException):
            pool.status(name)
        pool.tell("PreSignUp")
        pool.sign_up(name)

    def test_the_circuit_opens_and_the_log_says_so(self, pool: Pool) -> None:
        pool_id = pool.pools.user_pool(LambdaConfig={"PreSignUp": arn("dead-too")})
        asked = {"ClientId": pool.pools.client_id(pool_id), "Username": "ada", "Password": PASSWORD}
        for _ in range(3):
            refusal(pool.cognito.sign_up, **asked)
        log = pool.server.read_log()
        assert log.count(f"trigger {arn('dead-too')} does not answer") == 1
        assert log.count(f"trigger {arn('dead-too')}: ClientConnectorError") == 5  # the sixth try was not made
        assert f"{arn('dead-too')} was not invoked: the circuit is open" in log
        # Another function at the same address has a circuit of its own.
        pool.cognito.update_user_pool(UserPoolId=pool_id, LambdaConfig={"PreSignUp": arn("dead-as-well")})
        refusal(pool.cognito.sign_up, **asked)
        assert pool.server.read_log().count(f"trigger {arn('dead-as-well')}: ClientConnectorError") == 3

    def test_prints_are_in_the_log_with_the_request(self, worlds: dict[str, Pool]) -> None:
        for kind in ("python", "node"):
            pool = worlds[kind]
            pool.tell("PreSignUp", error="for the log")
            refusal(pool.sign_up, unique("logged"))
            pool.tell("PreSignUp")
            log = pool.server.read_log()
            assert f"{arn(kind).rpartition(':')[2]} | about to raise" in log
            assert "for the log" in log

    def test_python_files_log_and_fail_as_on_lambda(self, worlds: dict[str, Pool]) -> None:
        pool = worlds["python"]
        file = pool.server.data / "recorder.py"
        before = file.read_text(encoding="utf-8")
        texts = {
            "import nowhere_to_be_found\n": "Unable to import module 'recorder': No module named 'nowhere_to_be_found'",
            "def broken(:\n": "Syntax error in module 'recorder': ",
            "def other(event, context): ...\n": "Handler 'lambda_handler' missing on module 'recorder'",
            "def lambda_handler(event, context): return object()\n": "Unable to marshal response: Object of type object",
            "import logging\nlogging.getLogger().setLevel(logging.INFO)\n"
            "def lambda_handler(event, context):\n    logging.info('seen by nobody else')\n    raise KeyError('no')\n": "'no'",
        }
        try:
            for source, text in texts.items():
                file.write_text(source, encoding="utf-8")
                assert f"PreSignUp failed with error {text}" in str(refusal(pool.sign_up, unique("wrong")))
        finally:
            file.write_text(before, encoding="utf-8")
        log = pool.server.read_log()
        assert " | [INFO] seen by nobody else\n" in log
        assert "python_host.py" not in log

    def test_an_answer_that_is_not_taken_is_recorded_as_such(self, worlds: dict[str, Pool]) -> None:
        pool = worlds["python"]
        pool.tell("PreSignUp", answer={"response": {"autoConfirmUser": "perhaps"}})
        refusal(pool.sign_up, unique("untaken"))
        pool.tell("PreSignUp")
        newest = pool.server.http.get("/_poolhouse/api/triggers").json()["invocations"][0]
        assert newest["error"].startswith("Unrecognizable lambda output: ")
        assert newest["answer"]["response"]["autoConfirmUser"] == "perhaps"

    def test_a_changed_file_is_loaded_anew(self, worlds: dict[str, Pool]) -> None:
        for kind, file in (("python", "recorder.py"), ("node", "recorder.mjs")):
            pool = worlds[kind]
            source = pool.server.data / file
            before = source.read_text()
            changed = "def lambda_handler(event, context):\n    raise ValueError('new')\n"
            if kind == "node":
                changed = "export const handler = async () => { throw new Error('new'); };\n"
            source.write_text(changed)
            code, text = refusal(pool.sign_up, unique("reloaded"))
            source.write_text(before)
            assert (code, text) == ("UserLambdaValidationException", "PreSignUp failed with error new.")


class TestPreTokenGeneration:
    """endpoints.md §13.7."""

    def tokens(self, pool: Pool, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        issued = pool.sign_in(name)["AuthenticationResult"]
        return claims_of(issued["AccessToken"]), claims_of(issued["IdToken"])

    def test_claims_and_scopes(self, each: Pool) -> None:
        name = each.user()
        details = {
            "idTokenGeneration": {
                "claimsToAddOrOverride": {
                    "tenant": {"id": 7},
                    "email": "other@example.com",
                    "email_verified": {"a": 1},
                },
                "claimsToSuppress": ["email_verified", "tenant2"],
            },
            "accessTokenGeneration": {
                "claimsToAddOrOverride": {"tenant": [1, True, "x"], "aud": each.client_id},
                "scopesToAdd": ["orders/read"],
                "scopesToSuppress": ["aws.cognito.signin.user.admin"],
            },
        }
        each.tell("TokenGeneration", response={"claimsAndScopeOverrideDetails": details})
        access, id_ = self.tokens(each, name)
        assert access["tenant"] == [1, True, "x"]
        assert access["aud"] == each.client_id
        assert access["scope"] == "orders/read"
        assert id_["tenant"] == {"id": 7}
        assert id_["email"] == "other@example.com"
        assert "email_verified" not in id_

    PROTECTED = [
        "sub",
        "iss",
        "token_use",
        "client_id",
        "username",
        "cognito:username",
        "identities",
        "device_key",
        "event_id",
        "version",
        "acr",
        "amr",
        "auth_time",
        "exp",
        "iat",
        "nbf",
        "jti",
        "origin_jti",
        "nonce",
        "azp",
        "at_hash",
        "aud",
        "cognito:other",
        "dev:x",
    ]

    def test_what_may_not_be_overridden_is_not(self, pool: Pool) -> None:
        name = pool.user()
        plain = self.tokens(pool, name)
        forged = dict.fromkeys(self.PROTECTED, "forged")
        generation = {"claimsToAddOrOverride": forged, "claimsToSuppress": list(forged)}
        details = {"idTokenGeneration": generation, "accessTokenGeneration": generation}
        pool.tell("TokenGeneration", response={"claimsAndScopeOverrideDetails": details})
        changed = self.tokens(pool, name)
        for before, after in zip(plain, changed, strict=True):
            assert before.keys() == after.keys()
            assert "forged" not in after.values()

    def test_suppressing_beats_adding(self, pool: Pool) -> None:
        name = pool.user()
        generation = {
            "claimsToAddOrOverride": {"a": "1"},
            "claimsToSuppress": ["a"],
            "scopesToAdd": ["s"],
            "scopesToSuppress": ["s"],
        }
        details = {"idTokenGeneration": generation, "accessTokenGeneration": generation}
        pool.tell("TokenGeneration", response={"claimsAndScopeOverrideDetails": details})
        access, id_ = self.tokens(pool, name)
        assert "a" not in access
        assert "a" not in id_
        assert access["scope"] == "aws.cognito.signin.user.admin"

    def test_groups(self, pool: Pool) -> None:
        name, group = pool.user(), unique("group")
        pool.cognito.create_group(UserPoolId=pool.id, GroupName=group)
        pool.cognito.admin_add_user_to_group(UserPoolId=pool.id, Username=name, GroupName=group)
        override = {"groupsToOverride": ["x", "y"], "iamRolesToOverride": ["r"], "preferredRole": "r"}
        expected = [
            (None, [group], None),
            ({}, None, None),
            (override, ["x", "y"], ["r"]),
        ]
        for details, groups, roles in expected:
            pool.tell("TokenGeneration", response={"claimsAndScopeOverrideDetails": {"groupOverrideDetails": details}})
            access, id_ = self.tokens(pool, name)
            assert access.get("cognito:groups") == id_.get("cognito:groups") == groups
            assert id_.get("cognito:roles") == roles
            assert "cognito:roles" not in access
        assert id_["cognito:preferred_role"] == "r"

    @pytest.mark.parametrize(
        "generation",
        [
            {"scopesToAdd": ["two words"]},
            {"scopesToAdd": [""]},
            {"claimsToAddOrOverride": ["no", "map"]},
            {"claimsToAddOrOverride": {f"c{n}": n for n in range(5_001)}},
        ],
        ids=["blank", "empty", "list", "too many"],
    )
    def test_what_is_refused(self, pool: Pool, generation: dict[str, Any]) -> None:
        name = pool.user()
        details = {"accessTokenGeneration": generation}
        pool.tell("TokenGeneration", response={"claimsAndScopeOverrideDetails": details})
        assert refusal(pool.sign_in, name)[0] == "InvalidLambdaResponseException"

    def test_version_1(self, pool: Pool) -> None:
        """Strings in the ID token alone; groups in both."""
        pool_id = pool.pools.user_pool(LambdaConfig={"PreTokenGeneration": arn("python")})
        first = Pool(pool.server, pool.functions, pool.cognito, pool.pools, pool_id, pool.pools.client_id(pool_id))
        name = first.user()
        details = {
            "claimsToAddOrOverride": {"a": "1"},
            "claimsToSuppress": ["email"],
            "groupOverrideDetails": {"groupsToOverride": ["g"]},
        }
        first.tell("TokenGeneration", response={"claimsOverrideDetails": details})
        access, id_ = self.tokens(first, name)
        (told,) = first.told()
        assert told["version"] == "1"
        assert told["response"] == {"claimsOverrideDetails": None}
        assert "scopes" not in told["request"]
        assert id_["a"] == "1"
        assert "email" not in id_
        assert "a" not in access
        assert access["cognito:groups"] == id_["cognito:groups"] == ["g"]
        first.tell("TokenGeneration", response={"claimsOverrideDetails": {"claimsToAddOrOverride": {"a": 1}}})
        assert refusal(first.sign_in, name)[0] == "InvalidLambdaResponseException"


@pytest.fixture(scope="module")
def world(served: tuple[Server, Functions]) -> World:
    server, _ = served
    pools = Pools(server.client())
    world = oauth.build(server, pools)
    server.client().update_user_pool(
        UserPoolId=world.pool_id, AutoVerifiedAttributes=["email"], LambdaConfig=lambda_config("python", "V3_0")
    )
    return world


@pytest.fixture
def site(served: tuple[Server, Functions], world: World) -> Iterator[Pool]:
    server, functions = served
    cognito = server.client()
    yield from _clean(Pool(server, functions, cognito, Pools(cognito), world.pool_id, world.public_id))


class TestTheDomain:
    def test_a_code_and_its_refresh(self, world: World, site: Pool) -> None:
        code = world.code()
        sources = [told["triggerSource"] for told in site.told()]
        assert sources == ["PreAuthentication_Authentication", "PostAuthentication_Authentication"]
        form = {"grant_type": "authorization_code", "client_id": world.public_id, "redirect_uri": CALLBACK}
        issued = world.token(form, code=code).json()
        (told,) = site.told()
        assert (told["triggerSource"], told["version"]) == ("TokenGeneration_HostedAuth", "3")
        world.token(grant_type="refresh_token", client_id=world.public_id, refresh_token=issued["refresh_token"])
        (told,) = site.told()
        assert told["triggerSource"] == "TokenGeneration_RefreshTokens"

    def test_the_at_hash_is_of_the_changed_token(self, world: World, site: Pool) -> None:
        details = {"accessTokenGeneration": {"claimsToAddOrOverride": {"a": 1}}}
        site.tell("TokenGeneration", response={"claimsAndScopeOverrideDetails": details})
        form = {"grant_type": "authorization_code", "client_id": world.public_id, "redirect_uri": CALLBACK}
        issued = world.token(form, code=world.code()).json()
        assert claims_of(issued["access_token"])["a"] == 1
        assert claims_of(issued["id_token"])["at_hash"] == oauth.at_hash(issued["access_token"])

    def test_a_machine(self, world: World, site: Pool) -> None:
        details = {"accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": "t"}, "scopesToAdd": ["extra"]}}
        site.tell("TokenGeneration", response={"claimsAndScopeOverrideDetails": details})
        head = basic(world.machine["ClientId"], world.machine["ClientSecret"])
        answer = world.token(grant_type="client_credentials", aws_client_metadata='{"environment":"dev"}', headers=head)
        claims = claims_of(answer.json()["access_token"])
        assert claims["tenant"] == "t"
        assert claims["scope"].split()[-1] == "extra"
        (told,) = site.told()
        scopes = told["request"].pop("scopes")
        assert set(scopes) <= set(claims["scope"].split())
        assert told == {
            **envelope(site, "TokenGeneration_ClientCredentials", "ClientCredentials", world.machine["ClientId"], "3"),
            "callerContext": told["callerContext"],
            "request": {"userAttributes": {}, "groupConfiguration": None, "clientMetadata": {"environment": "dev"}},
            "response": {"claimsAndScopeOverrideDetails": None},
        }

    @pytest.mark.parametrize("metadata", ["no json", "[]", '{"a": 1}'])
    def test_metadata_that_is_none(self, world: World, metadata: str) -> None:
        head = basic(world.machine["ClientId"], world.machine["ClientSecret"])
        answer = world.token(grant_type="client_credentials", aws_client_metadata=metadata, headers=head)
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})

    def test_the_token_endpoint_says_what_was_refused(self, world: World, site: Pool) -> None:
        code = world.code()
        site.tell("TokenGeneration", error="not today")
        form = {"grant_type": "authorization_code", "client_id": world.public_id, "redirect_uri": CALLBACK}
        answer = world.token(form, code=code)
        text = "PreTokenGeneration failed with error not today."
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request", "error_description": text})
        site.tell("TokenGeneration")
        assert world.token(form, code=code).status_code == 200  # nothing was used up

    def test_the_page_says_what_was_refused(self, world: World, site: Pool) -> None:
        site.tell("PreAuthentication", error="closed <b>today</b>")
        answer = world.browser().login(world.bob, **world.parameters())
        assert answer.status_code == 200
        assert "PreAuthentication failed with error closed <b>today</b>." in text_of(answer)
        assert "<b>today" not in answer.text

    def test_the_sign_up_page_says_what_was_refused(self, world: World, site: Pool) -> None:
        site.tell("PreSignUp", error="not you")
        browser = world.browser()
        asked = world.parameters()
        browser.get("/signup", **asked)
        name = unique("page")
        answer = browser.http.post(
            "/signup",
            params=asked,
            data={
                "_csrf": browser.http.cookies["XSRF-TOKEN"],
                "username": name,
                "email": f"{name}@example.com",
                "password": PASSWORD,
            },
        )
        assert "PreSignUp failed with error not you." in text_of(answer)


@pytest.mark.parametrize("kind", ["py", "runtime"])
def test_the_example_of_custom_claims(served: tuple[Server, Functions], kind: str) -> None:
    server, _ = served
    cognito = server.client()
    pools = Pools(cognito)
    versioned = {"LambdaVersion": "V2_0", "LambdaArn": arn(f"custom_claims-{kind}")}
    pool_id = pools.user_pool(LambdaConfig={"PreTokenGenerationConfig": versioned})
    client_id = pools.client_id(pool_id)
    user = pools.user(pool_id)
    tokens = pools.sign_in(client_id, user)
    assert claims_of(tokens["IdToken"])["tenant"] == claims_of(tokens["AccessToken"])["tenant"] == "example.com"
    assert "tenant/admin" not in claims_of(tokens["AccessToken"])["scope"]
    cognito.create_group(UserPoolId=pool_id, GroupName="admins")
    cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=user.username, GroupName="admins")
    assert "tenant/admin" in claims_of(pools.sign_in(client_id, user)["AccessToken"])["scope"].split()
