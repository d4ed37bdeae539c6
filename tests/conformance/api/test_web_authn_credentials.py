"""Passkeys: registered, used to sign in, listed and deleted (user-pools-api.md §6.5, §9.8)."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.support.authenticator import PRESENT, Authenticator
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import refused
from tests.support.totp import App

RP_ID = "auth.example.com"
FACTORS = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}}
FLOWS = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
INCORRECT = "Incorrect username or password."


def passkey_pool(cognito, pools, *, mode="OFF", **web_authn):
    pool = pools.user_pool(
        Policies=FACTORS if mode != "ON" else {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    )
    factors = {} if mode == "OFF" else {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool,
        WebAuthnConfiguration={"RelyingPartyId": RP_ID, **web_authn},
        MfaConfiguration=mode,
        **factors,
    )
    return pool, pools.client_id(pool, ExplicitAuthFlows=FLOWS)


@pytest.fixture(scope="module")
def world(cognito, pools):
    return passkey_pool(cognito, pools)


@pytest.fixture
def user(pools, world):
    return pools.user(world[0])


def token_of(cognito, client_id, user):
    return cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user.username, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]["AccessToken"]


@pytest.fixture
def token(cognito, world, user):
    return token_of(cognito, world[1], user)


def start(cognito, token):
    return cognito.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]


def register(cognito, token, authenticator=None, **options):
    """A registered passkey."""
    authenticator = authenticator or Authenticator()
    credential = authenticator.create(start(cognito, token), **options)
    cognito.complete_web_authn_registration(AccessToken=token, Credential=credential)
    return authenticator


def begin(cognito, client_id, username, **more):
    return cognito.initiate_auth(
        ClientId=client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": username, **more}
    )


def options_of(challenge):
    return json.loads(challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])


def answer(cognito, client_id, challenge, username, credential, **more):
    return cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": username, "CREDENTIAL": credential, **more},
    )


class TestStartWebAuthnRegistration:
    def test_options(self, cognito, user, token):
        options = start(cognito, token)
        assert options["rp"]["id"] == RP_ID
        assert base64.urlsafe_b64decode(options["user"]["id"] + "==").decode() == user.sub
        assert options["user"]["name"] == user.email
        assert [each["alg"] for each in options["pubKeyCredParams"]] == [-7, -257]
        assert options["authenticatorSelection"] == {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "preferred",
        }
        assert options["excludeCredentials"] == []
        assert start(cognito, token)["challenge"] != options["challenge"]

    def test_what_the_user_has_is_excluded(self, cognito, token):
        passkey = register(cognito, token)
        assert [each["id"] for each in start(cognito, token)["excludeCredentials"]] == [
            base64.urlsafe_b64encode(passkey.id).decode().rstrip("=")
        ]

    def test_not_enabled(self, cognito, pools, user_pool_id, client_id):
        token = pools.sign_in(client_id, pools.user(user_pool_id))["AccessToken"]
        with refused("WebAuthnNotEnabled"):
            start(cognito, token)
        with refused("WebAuthnNotEnabled"):
            cognito.complete_web_authn_registration(AccessToken=token, Credential={})

    def test_relying_party_of_a_domain(self, cognito, pools):
        pool = pools.user_pool(Policies=FACTORS)
        client_id = pools.client_id(pool, ExplicitAuthFlows=FLOWS)
        token = token_of(cognito, client_id, pools.user(pool))
        with refused("WebAuthnConfigurationMissing"):
            start(cognito, token)
        domain = unique("passkeys")
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
        assert start(cognito, token)["rp"]["id"] == f"{domain}.auth.localhost"
        register(cognito, token, Authenticator(f"http://{domain}.auth.localhost:9229"))

    def test_most(self, cognito, token):
        for _ in range(20):
            register(cognito, token)
        with refused("LimitExceeded"):
            start(cognito, token)


class TestCompleteWebAuthnRegistration:
    @pytest.mark.parametrize("algorithm", [-7, -257])
    @pytest.mark.parametrize("fmt", ["none", "packed"])
    def test_registered(self, cognito, token, algorithm, fmt):
        register(cognito, token, Authenticator(algorithm=algorithm), fmt=fmt)
        (found,) = cognito.list_web_authn_credentials(AccessToken=token)["Credentials"]
        assert found["RelyingPartyId"] == RP_ID
        assert (found["AuthenticatorAttachment"], found["AuthenticatorTransports"]) == (
            "platform",
            ["internal", "hybrid"],
        )
        assert found["FriendlyCredentialName"] == "Passkey"

    def test_challenge_serves_once(self, cognito, token):
        options = start(cognito, token)
        cognito.complete_web_authn_registration(AccessToken=token, Credential=Authenticator().create(options))
        with refused("WebAuthnChallengeNotFound"):
            cognito.complete_web_authn_registration(AccessToken=token, Credential=Authenticator().create(options))

    def test_side_by_side_one_wins(self, cognito, token):
        options = start(cognito, token)

        def complete(_):
            try:
                cognito.complete_web_authn_registration(AccessToken=token, Credential=Authenticator().create(options))
            except ClientError as error:
                return error.response["Error"]["Code"]
            return "done"

        with ThreadPoolExecutor(6) as threads:
            said = list(threads.map(complete, range(6)))
        assert said.count("done") == 1
        assert set(said) == {"done", "WebAuthnChallengeNotFoundException"}

    def test_challenge_of_another_user(self, cognito, pools, world, token):
        other = token_of(cognito, world[1], pools.user(world[0]))
        with refused("WebAuthnChallengeNotFound"):
            cognito.complete_web_authn_registration(
                AccessToken=token, Credential=Authenticator().create(start(cognito, other))
            )

    def test_made_up_challenge(self, cognito, token):
        options = {**start(cognito, token), "challenge": "AAAA"}
        with refused("WebAuthnChallengeNotFound"):
            cognito.complete_web_authn_registration(AccessToken=token, Credential=Authenticator().create(options))

    def test_challenge_expires(self, clocked):
        cognito = clocked.client()
        pools = Pools(cognito)
        pool, client_id = passkey_pool(cognito, pools)
        token = token_of(cognito, client_id, pools.user(pool))
        credential = Authenticator().create(start(cognito, token))
        clocked.advance_clock(301)
        with refused("WebAuthnChallengeNotFound"):
            cognito.complete_web_authn_registration(AccessToken=token, Credential=credential)

    def test_another_client(self, cognito, pools, world, user, token):
        other = token_of(cognito, pools.client_id(world[0], ExplicitAuthFlows=FLOWS), user)
        with refused("WebAuthnClientMismatch"):
            cognito.complete_web_authn_registration(
                AccessToken=other, Credential=Authenticator().create(start(cognito, token))
            )

    @pytest.mark.parametrize(
        "origin",
        [
            "https://example.com",
            "https://evil-auth.example.com",
            "https://auth.example.com.evil.example",
            "http://auth.example.com",
            "android:apk-key-hash:x",
            "null",
        ],
    )
    def test_page_of_somebody_else(self, cognito, token, origin):
        with refused("WebAuthnOriginNotAllowed"):
            register(cognito, token, origin=origin)

    def test_page_below_the_relying_party(self, cognito, token):
        register(cognito, token, origin="https://app.auth.example.com:8443")

    def test_another_relying_party(self, cognito, token):
        with refused("WebAuthnRelyingPartyMismatch"):
            register(cognito, token, rp_id="example.com")

    def test_attestation_of_something_else(self, cognito, token):
        with refused("WebAuthnCredentialNotSupported"):
            register(cognito, token, fmt="packed", breaks=True)

    def test_algorithm_that_nobody_asked_for(self, cognito, token):
        with refused("WebAuthnCredentialNotSupported"):
            register(cognito, token, Authenticator(algorithm=-8))

    def test_user_is_not_there(self, cognito, token):
        with refused("WebAuthnCredentialNotSupported"):
            register(cognito, token, flags=0)

    def test_verification_where_it_is_required(self, cognito, pools):
        pool, client_id = passkey_pool(cognito, pools, UserVerification="required")
        token = token_of(cognito, client_id, pools.user(pool))
        with refused("WebAuthnCredentialNotSupported"):
            register(cognito, token, flags=PRESENT)
        register(cognito, token)

    def test_ceremony_of_another_kind(self, cognito, token):
        with refused("InvalidParameter", "Invalid clientDataJSON given."):
            register(cognito, token, type="webauthn.get")

    def test_same_credential_twice(self, cognito, token):
        passkey = register(cognito, token)
        with refused("WebAuthnCredentialNotSupported", "The credential is registered already."):
            register(cognito, token, passkey)

    @pytest.mark.parametrize(
        "credential",
        [
            {},
            {"response": []},
            {"response": {}},
            {"response": {"clientDataJSON": "%%%"}},
            {"response": {"clientDataJSON": "e30"}},
        ],
    )
    def test_no_document(self, cognito, token, credential):
        with refused("InvalidParameter"):
            cognito.complete_web_authn_registration(AccessToken=token, Credential=credential)


class TestSignIn:
    def test_preferred(self, cognito, world, user, token):
        """Acceptance 29: an answer serves once."""
        passkey = register(cognito, token)
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        assert (challenge["ChallengeName"], challenge["AvailableChallenges"]) == ("WEB_AUTHN", ["WEB_AUTHN"])
        options = options_of(challenge)
        assert options["rpId"] == RP_ID
        assert [each["id"] for each in options["allowCredentials"]] == [
            base64.urlsafe_b64encode(passkey.id).decode().rstrip("=")
        ]
        credential = passkey.get(options)
        done = answer(cognito, world[1], challenge, user.username, credential)
        assert done["AuthenticationResult"]["AccessToken"]
        with refused("NotAuthorized"):
            answer(cognito, world[1], challenge, user.username, credential)

    def test_by_choice(self, cognito, world, user, token):
        passkey = register(cognito, token)
        choice = begin(cognito, world[1], user.username)
        assert choice["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]
        challenge = cognito.respond_to_auth_challenge(
            ClientId=world[1],
            ChallengeName="SELECT_CHALLENGE",
            Session=choice["Session"],
            ChallengeResponses={"USERNAME": user.username, "ANSWER": "WEB_AUTHN"},
        )
        done = answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge)))
        assert done["AuthenticationResult"]["AccessToken"]

    def test_with_the_choice(self, cognito, world, user, token):
        passkey = register(cognito, token)
        choice = begin(cognito, world[1], user.username)
        done = answer(cognito, world[1], choice, user.username, passkey.get(options_of(choice)), ANSWER="WEB_AUTHN")
        assert done["AuthenticationResult"]["AccessToken"]

    def test_not_offered_without_one(self, cognito, world, user):
        assert (
            begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")["ChallengeName"]
            == "SELECT_CHALLENGE"
        )

    def test_another_users_passkey(self, cognito, pools, world, user, token):
        """Acceptance 30."""
        own = register(cognito, token)
        other = pools.user(world[0])
        foreign = register(cognito, token_of(cognito, world[1], other))
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        for credential in (
            foreign.get(options_of(challenge)),
            own.get(options_of(challenge), handle=other.sub.encode()),
        ):
            with refused("NotAuthorized", INCORRECT):
                answer(cognito, world[1], challenge, user.username, credential)
        answer(cognito, world[1], challenge, user.username, own.get(options_of(challenge)))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"breaks": True},
            {"rp_id": "example.com"},
            {"origin": "https://evil.example"},
            {"flags": 0},
            {"type": "webauthn.create"},
        ],
    )
    def test_wrong_proof(self, cognito, world, user, token, wrong):
        """Acceptance 29: another origin, another relying party, nobody there."""
        passkey = register(cognito, token)
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        with refused("NotAuthorized", INCORRECT):
            answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge), **wrong))

    def test_challenge_of_another_sign_in(self, cognito, world, user, token):
        """Acceptance 29: a challenge that is not of this sign-in."""
        passkey = register(cognito, token)
        one, other = (begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN") for _ in range(2))
        with refused("NotAuthorized", INCORRECT):
            answer(cognito, world[1], one, user.username, passkey.get(options_of(other)))

    def test_counter_that_stands_still(self, cognito, world, user, token):
        """Acceptance 29: a counter that went back."""
        passkey = register(cognito, token)
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge)))
        passkey.count -= 1  # as a copy of it would
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        with refused("NotAuthorized", INCORRECT):
            answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge)))

    def test_passkey_that_counts_nothing(self, cognito, world, user, token):
        passkey = register(cognito, token, Authenticator(counts=False))
        for _ in range(2):
            challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
            answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge)))

    @pytest.mark.parametrize("credential", ["", "{", "[]", "{}", '{"response": {}}'])
    def test_no_document(self, cognito, world, user, token, credential):
        register(cognito, token)
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        with pytest.raises(ClientError) as refusal:
            answer(cognito, world[1], challenge, user.username, credential)
        assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_deleted_meanwhile(self, cognito, world, user, token):
        passkey = register(cognito, token)
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        cognito.delete_web_authn_credential(
            AccessToken=token, CredentialId=base64.urlsafe_b64encode(passkey.id).decode().rstrip("=")
        )
        with refused("NotAuthorized", INCORRECT):
            answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge)))

    def test_guesses_begin_a_lock(self, cognito, world, user, token):
        passkey = register(cognito, token)
        challenge = begin(cognito, world[1], user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        for _ in range(5):
            with refused("NotAuthorized", INCORRECT):
                answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge), breaks=True))
        with refused("NotAuthorized", "Password attempts exceeded"):
            answer(cognito, world[1], challenge, user.username, passkey.get(options_of(challenge)))


class TestWithASecondFactor:
    def with_app(self, cognito, token):
        app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
        cognito.verify_software_token(AccessToken=token, UserCode=app.code(steps=-1))
        cognito.set_user_mfa_preference(
            AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        return app

    def test_follows_a_passkey_that_is_one_factor(self, cognito, pools):
        pool, client_id = passkey_pool(cognito, pools, mode="OPTIONAL")
        user = pools.user(pool)
        token = token_of(cognito, client_id, user)
        passkey, _ = register(cognito, token), self.with_app(cognito, token)
        challenge = begin(cognito, client_id, user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        asked = answer(cognito, client_id, challenge, user.username, passkey.get(options_of(challenge)))
        assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def test_passkey_that_is_both(self, cognito, pools):
        """Acceptance 29: without verification where it is demanded."""
        pool, client_id = passkey_pool(
            cognito,
            pools,
            mode="OPTIONAL",
            FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION",
            UserVerification="required",
        )
        user = pools.user(pool)
        token = token_of(cognito, client_id, user)
        passkey, _ = register(cognito, token), self.with_app(cognito, token)
        challenge = begin(cognito, client_id, user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        done = answer(cognito, client_id, challenge, user.username, passkey.get(options_of(challenge)))
        assert done["AuthenticationResult"]["AccessToken"]
        challenge = begin(cognito, client_id, user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        with refused("NotAuthorized", INCORRECT):
            answer(cognito, client_id, challenge, user.username, passkey.get(options_of(challenge), flags=PRESENT))

    def test_preference_of_the_user(self, cognito, pools):
        pool, client_id = passkey_pool(
            cognito,
            pools,
            mode="OPTIONAL",
            FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION",
            UserVerification="preferred",
        )
        user = pools.user(pool)
        token = token_of(cognito, client_id, user)
        with refused("InvalidParameter", "The user has no such passkey."):
            cognito.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings={"Enabled": True})
        passkey = register(cognito, token)
        with refused("InvalidParameter", "Passkey MFA needs another MFA method beside it."):
            cognito.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings={"Enabled": True})
        self.with_app(cognito, token)
        cognito.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings={"Enabled": True})
        assert cognito.get_user(AccessToken=token)["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA", "WEB_AUTHN"]
        challenge = begin(cognito, client_id, user.username, PREFERRED_CHALLENGE="WEB_AUTHN")
        assert options_of(challenge)["userVerification"] == "required"
        with refused("NotAuthorized", INCORRECT):
            answer(cognito, client_id, challenge, user.username, passkey.get(options_of(challenge), flags=PRESENT))

    def test_not_where_the_pool_has_it_as_one_factor(self, cognito, token):
        with refused("InvalidParameter", "WEB_AUTHN is not enabled for the user pool."):
            cognito.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings={"Enabled": True})


class TestListWebAuthnCredentials:
    def test_pages(self, cognito, token):
        for _ in range(3):
            register(cognito, token)
        first = cognito.list_web_authn_credentials(AccessToken=token, MaxResults=2)
        rest = cognito.list_web_authn_credentials(AccessToken=token, MaxResults=2, NextToken=first["NextToken"])
        assert len({each["CredentialId"] for each in first["Credentials"] + rest["Credentials"]}) == 3
        assert "NextToken" not in rest

    def test_none(self, cognito, token):
        assert cognito.list_web_authn_credentials(AccessToken=token)["Credentials"] == []

    def test_auth_factors(self, cognito, token):
        register(cognito, token)
        assert "WEB_AUTHN" in cognito.get_user_auth_factors(AccessToken=token)["ConfiguredUserAuthFactors"]


class TestDeleteWebAuthnCredential:
    def test_is_gone(self, cognito, token):
        register(cognito, token)
        (found,) = cognito.list_web_authn_credentials(AccessToken=token)["Credentials"]
        cognito.delete_web_authn_credential(AccessToken=token, CredentialId=found["CredentialId"])
        assert cognito.list_web_authn_credentials(AccessToken=token)["Credentials"] == []
        with refused("ResourceNotFound", "The user has no such passkey."):
            cognito.delete_web_authn_credential(AccessToken=token, CredentialId=found["CredentialId"])

    def test_another_users(self, cognito, pools, world, token):
        register(cognito, token)
        (found,) = cognito.list_web_authn_credentials(AccessToken=token)["Credentials"]
        other = token_of(cognito, world[1], pools.user(world[0]))
        with refused("ResourceNotFound", "The user has no such passkey."):
            cognito.delete_web_authn_credential(AccessToken=other, CredentialId=found["CredentialId"])
