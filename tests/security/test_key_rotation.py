"""`poolhouse keys rotate` beside a running server: nobody notices; with --revoke, everything of the old keys ends at once.

attack-0.1 "Noted": a leaked signing key or pool key ended only with its pool.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result

from poolhouse.cli.keys import keys
from poolhouse.pool.settings.key_rotation import LATE_MS, NOTICE_SECONDS
from tests.support.oauth import header_of
from tests.support.pools import PASSWORD, NewUser, Pools, unique
from tests.support.refusals import refused
from tests.support.server import Server, starter
from tests.support.srp import SRPClient, timestamp

DAY = 86_400
NEW_PASSWORD = "Another-Horse-2"


@pytest.fixture(scope="module")
def server(new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers whose clock these tests move."""
    with starter(new_database_url, tmp_path_factory) as start:
        yield start("--workers", "2")


@pytest.fixture(scope="module")
def cognito(server: Server) -> Any:
    return server.client()


@pytest.fixture(scope="module")
def pools(cognito: Any) -> Pools:
    return Pools(cognito)


def rotate(server: Server, *arguments: str) -> Result:
    storage = ["--data", str(server.data), *(["--database-url", server.database_url] if server.database_url else [])]
    return CliRunner().invoke(keys, ["rotate", *arguments, *storage], catch_exceptions=False)


def until(happens: Callable[[], object], seconds: float = 30) -> None:
    """Every process takes due keys into use by itself, within a second or so."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


def published(server: Server, pool_id: str) -> set[str]:
    with server.browser() as connection:
        return {key["kid"] for key in connection.get(f"/{pool_id}/.well-known/jwks.json").json()["keys"]}


def kids(tokens: dict[str, Any]) -> set[str]:
    return {str(header_of(tokens[name])["kid"]) for name in ("AccessToken", "IdToken")}


def sealed_under(refresh_token: str) -> str:
    """What tells the pool key: the first bytes of the sealed part."""
    return refresh_token.split(".")[3][:6]


def server_time(server: Server) -> str:
    return timestamp(datetime.fromtimestamp(server.get_json("/_poolhouse/api/clock")["now"], UTC))


def take_into_use(server: Server, client_id: str, user: NewUser, old: str) -> None:
    """Let the minute pass in which every host hears of a new pool key. old: what tells the key of before."""
    server.advance_clock(NOTICE_SECONDS + 1)
    until(both_workers(lambda: sealed_under(Pools(server.client()).sign_in(client_id, user)["RefreshToken"]) != old))


def both_workers(happens: Callable[[], bool]) -> Callable[[], bool]:
    """Whether something holds on many connections in a row: the kernel spreads them over the workers."""
    return lambda: all(happens() for _ in range(8))


def password_challenge(cognito: Any, client_id: str, pool_id: str, name: str) -> tuple[SRPClient, dict[str, Any]]:
    srp = SRPClient(pool_id, name, PASSWORD)
    return srp, cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.parameters)


def refresh(cognito: Any, client_id: str, token: str) -> dict[str, Any]:
    return cognito.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=token)["AuthenticationResult"]


class TestSigningKeys:
    def test_new_keys_are_published_before_they_sign_and_old_ones_verify_until_their_last_token_has_expired(
        self, server: Server, cognito: Any, pools: Pools
    ) -> None:
        pool_id = pools.user_pool()
        client_id = pools.client_id(pool_id, AccessTokenValidity=24, IdTokenValidity=24)
        user = pools.user(pool_id)
        old = published(server, pool_id)
        first = pools.sign_in(client_id, user)
        assert kids(first) == old

        result = rotate(server, "--user-pool", pool_id, "--signing", "--after", "60")
        assert re.fullmatch(
            rf"{pool_id}  signing keys: new sign from [-\d]+ [\d:]+ UTC, old verify until [-\d]+ [\d:]+ UTC\n",
            result.output,
        )
        everything = published(server, pool_id)
        assert (len(everything), everything > old) == (4, True)
        assert kids(pools.sign_in(client_id, user)) == old

        server.advance_clock(61)
        until(both_workers(lambda: kids(Pools(server.client()).sign_in(client_id, user)) == everything - old))
        last = pools.sign_in(client_id, user)
        server.advance_clock(DAY - 120)  # A day less a minute after the first token was signed.
        for tokens in (first, last):
            assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == user.username
        assert published(server, pool_id) == everything

        server.advance_clock(120 + LATE_MS / 1000)
        until(both_workers(lambda: published(server, pool_id) == everything - old))
        assert kids(pools.sign_in(client_id, user)) == everything - old

    def test_another_algorithm_begins_with_the_next_rotation(self, server: Server, cognito: Any, pools: Pools) -> None:
        """docs/design/0008-signing-algorithm.md: the tag alone changes nothing, and what was signed before stays good."""
        pool_id = pools.user_pool()
        client_id, user = pools.client_id(pool_id), pools.user(pool_id)
        before = pools.sign_in(client_id, user)
        arn = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Arn"]
        cognito.tag_resource(ResourceArn=arn, Tags={"poolhouse:signing_algorithm": "ES256"})
        assert header_of(pools.sign_in(client_id, user)["IdToken"])["alg"] == "RS256"

        rotate(server, "--user-pool", pool_id, "--signing", "--after", "60")
        server.advance_clock(61)
        until(
            both_workers(
                lambda: header_of(Pools(server.client()).sign_in(client_id, user)["IdToken"])["alg"] == "ES256"
            )
        )
        for tokens in (before, pools.sign_in(client_id, user)):
            assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == user.username
        assert refresh(cognito, client_id, before["RefreshToken"])["AccessToken"]

    def test_a_rotation_under_way_is_left_alone(self, server: Server, pools: Pools) -> None:
        pool_id = pools.user_pool()
        first = rotate(server, "--user-pool", pool_id).output.splitlines()
        waiting = published(server, pool_id)
        again = rotate(server, "--user-pool", pool_id).output.splitlines()
        assert [line.replace("were under way already: ", "") for line in again] == first
        assert all("under way" in line for line in again)
        assert published(server, pool_id) == waiting

    def test_a_time_that_is_not_looked_at_is_said(self, server: Server, pools: Pools) -> None:
        """Issue 5, a new user's walk, 4: `--after 60` in a hurry, and an earlier rotation that goes on as if it had been heard."""
        pool_id = pools.user_pool()
        assert "ignored" not in rotate(server, "--user-pool", pool_id, "--signing", "--after", "3600").output
        again = rotate(server, "--user-pool", pool_id, "--signing", "--after", "60").output
        assert "--after was ignored where new keys were under way already" in again
        assert "Only --revoke is sooner" in again
        assert "ignored" not in rotate(server, "--user-pool", pool_id, "--signing").output


class TestPoolKeys:
    def test_what_was_sealed_before_opens_after(self, server: Server, cognito: Any, pools: Pools) -> None:
        """Refresh tokens, challenge sessions, SRP blocks, pagination tokens, codes and what pages carry."""
        pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
        client_id = pools.client_id(pool_id)
        user = pools.user(pool_id)
        signed_in = pools.sign_in(client_id, user)
        for _ in range(2):
            pools.user(pool_id)
        invited = unique()
        cognito.admin_create_user(
            UserPoolId=pool_id, Username=invited, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
        challenge = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": invited, "PASSWORD": PASSWORD},
        )
        srp, srp_challenge = password_challenge(cognito, client_id, pool_id, user.username)
        page = cognito.list_users(UserPoolId=pool_id, Limit=2)
        cognito.forgot_password(ClientId=client_id, Username=user.username)
        code = server.inbox.code(user.email)
        browser, form = _forgotten_on_a_page(server)

        assert "pool key: new seals from" in rotate(server, "--user-pool", pool_id, "--pool-key").output
        rotate(server, "--user-pool", server.demo_user_pool_id, "--pool-key")
        take_into_use(server, client_id, user, sealed_under(signed_in["RefreshToken"]))

        answered = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses=srp.responses(srp_challenge, at=server_time(server)),
        )
        assert "AccessToken" in answered["AuthenticationResult"]
        answered = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            ChallengeResponses={"USERNAME": invited, "NEW_PASSWORD": NEW_PASSWORD},
            Session=challenge["Session"],
        )
        assert "AccessToken" in answered["AuthenticationResult"]
        rest = cognito.list_users(UserPoolId=pool_id, PaginationToken=page["PaginationToken"])["Users"]
        assert len(page["Users"]) + len(rest) == 4
        cognito.confirm_forgot_password(
            ClientId=client_id, Username=user.username, ConfirmationCode=code, Password=NEW_PASSWORD
        )
        assert "AccessToken" in refresh(cognito, client_id, signed_in["RefreshToken"])
        _set_on_the_page(browser, form)

    def test_a_line_of_refresh_tokens_stays_under_the_key_it_was_born_under(
        self, server: Server, cognito: Any, pools: Pools
    ) -> None:
        """So that a retry within the grace period gets the same successor, whenever it comes."""
        pool_id = pools.user_pool()
        client_id = pools.client_id(
            pool_id,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
            RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 60},
        )
        user = pools.user(pool_id)
        first = pools.sign_in(client_id, user)["RefreshToken"]
        rotate(server, "--user-pool", pool_id, "--pool-key")
        take_into_use(server, client_id, user, sealed_under(first))
        second = refresh(cognito, client_id, first)["RefreshToken"]
        assert sealed_under(second) == sealed_under(first)
        assert refresh(cognito, client_id, first)["RefreshToken"] == second
        third = refresh(cognito, client_id, second)["RefreshToken"]
        assert sealed_under(third) == sealed_under(first)
        server.advance_clock(61)
        with refused("RefreshTokenReuse"):
            refresh(cognito, client_id, first)

    @pytest.mark.parametrize("how", [["--pool-key"], ["--revoke"]])
    def test_what_a_stranger_is_told_does_not_change(
        self, server: Server, cognito: Any, pools: Pools, how: list[str]
    ) -> None:
        """Users keep their salts: strangers whose salts changed on the day of a rotation would be known by that."""
        pool_id = pools.user_pool(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
        client_id = pools.client_id(pool_id, PreventUserExistenceErrors="ENABLED")
        pool_of_names = pools.user_pool(AutoVerifiedAttributes=["email"])
        client_of_names = pools.client_id(pool_of_names, PreventUserExistenceErrors="ENABLED")
        user = pools.user(pool_id, username=f"{unique()}@example.com")
        stranger, other = f"{unique()}@example.com", unique()

        def told() -> list[Any]:
            answers: list[Any] = []
            for name in (user.email, stranger):
                parameters = password_challenge(cognito, client_id, pool_id, name)[1]["ChallengeParameters"]
                answers += [parameters["SALT"], parameters["USER_ID_FOR_SRP"]]
            parameters = password_challenge(cognito, client_of_names, pool_of_names, other)[1]["ChallengeParameters"]
            answers += [parameters["SALT"], parameters["USER_ID_FOR_SRP"]]
            answers.append(
                cognito.forgot_password(ClientId=client_of_names, Username=other)["CodeDeliveryDetails"]["Destination"]
            )
            return answers

        before = told()
        sealed = password_challenge(cognito, client_id, pool_id, stranger)[1]["ChallengeParameters"]["SECRET_BLOCK"][:6]
        rotate(server, "--user-pool", pool_id, "--user-pool", pool_of_names, *how)
        server.advance_clock(NOTICE_SECONDS + 1)
        until(
            both_workers(
                lambda: (
                    password_challenge(server.client(), client_id, pool_id, stranger)[1]["ChallengeParameters"][
                        "SECRET_BLOCK"
                    ][:6]
                    != sealed
                )
            )
        )
        assert told() == before

    def test_a_stranger_who_asked_for_a_code_is_answered_as_before(
        self, server: Server, cognito: Any, pools: Pools
    ) -> None:
        """A wrong code of a user who was sent one is wrong, not expired; so it must be for whoever only seemed to be sent one."""
        pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
        client_id = pools.client_id(pool_id, PreventUserExistenceErrors="ENABLED")
        user = pools.user(pool_id)
        names = [user.username, unique()]
        for name in names:
            cognito.forgot_password(ClientId=client_id, Username=name)
        before = sealed_under(pools.sign_in(client_id, user)["RefreshToken"])
        rotate(server, "--user-pool", pool_id, "--pool-key")
        take_into_use(server, client_id, user, before)
        for name in names:
            with refused("CodeMismatch"):
                cognito.confirm_forgot_password(
                    ClientId=client_id, Username=name, ConfirmationCode="000000", Password=NEW_PASSWORD
                )


def _forgotten_on_a_page(server: Server) -> tuple[Any, dict[str, str]]:
    """A visitor of the demo pool's pages who was sent a code; the browser and the fields that its page carries."""
    query = urlencode(
        {
            "client_id": server.demo_client_id,
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": "http://localhost:3000/callback",
        }
    )
    browser = server.browser()
    browser.get(f"/forgotPassword?{query}").raise_for_status()
    answer = browser.post(
        f"/forgotPassword?{query}", data={"_csrf": browser.cookies["XSRF-TOKEN"], "username": server.demo_username}
    )
    page = browser.get(answer.headers["location"])
    flow = re.search(r'name="flow" value="([^"]+)"', page.text)
    assert flow is not None, page.text
    code = server.inbox.code("demo@example.com")
    return browser, {"flow": flow[1], "code": code, "query": query}


def _set_on_the_page(browser: Any, form: dict[str, str]) -> None:
    answer = browser.post(
        f"/confirmforgotPassword?{form['query']}",
        data={
            "_csrf": browser.cookies["XSRF-TOKEN"],
            "flow": form["flow"],
            "code": form["code"],
            "password": NEW_PASSWORD,
            "confirmPassword": NEW_PASSWORD,
        },
    )
    assert answer.headers.get("location", "").startswith("/login"), answer.text
    browser.close()


class TestRevoke:
    def test_everything_of_the_old_keys_ends_at_once(self, server: Server, cognito: Any, pools: Pools) -> None:
        pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
        client_id = pools.client_id(pool_id)
        user = pools.user(pool_id)
        tokens = pools.sign_in(client_id, user)
        for _ in range(16):  # Both workers have verified this very signature, and remember that.
            server.client().get_user(AccessToken=tokens["AccessToken"])
        cognito.forgot_password(ClientId=client_id, Username=user.username)
        code = server.inbox.code(user.email)
        srp, challenge = password_challenge(cognito, client_id, pool_id, user.username)
        old = published(server, pool_id)

        result = rotate(server, "--user-pool", pool_id, "--revoke")
        assert result.output == (
            f"{pool_id}  new signing keys in use; the old are deleted\n"
            f"{pool_id}  new pool key in use; the old are deleted\n"
        )
        for _ in range(16):
            with refused("NotAuthorized", "Invalid Access Token"):
                server.client().get_user(AccessToken=tokens["AccessToken"])
        with refused("NotAuthorized", "Invalid Refresh Token"):
            refresh(cognito, client_id, tokens["RefreshToken"])
        with refused("CodeMismatch"):
            cognito.confirm_forgot_password(
                ClientId=client_id, Username=user.username, ConfirmationCode=code, Password=NEW_PASSWORD
            )
        with refused("NotAuthorized"):
            cognito.respond_to_auth_challenge(
                ClientId=client_id,
                ChallengeName="PASSWORD_VERIFIER",
                ChallengeResponses=srp.responses(challenge, at=server_time(server)),
            )
        new = published(server, pool_id)
        assert (len(new), new & old) == (2, set())
        again = pools.sign_in(client_id, user)
        assert kids(again) == new
        assert "AccessToken" in refresh(cognito, client_id, again["RefreshToken"])

    def test_keys_that_wait_are_deleted_too(self, server: Server, pools: Pools) -> None:
        pool_id = pools.user_pool()
        rotate(server, "--user-pool", pool_id)
        waiting = published(server, pool_id)
        rotate(server, "--user-pool", pool_id, "--revoke")
        assert not published(server, pool_id) & waiting


class TestTwoHosts:
    def test_each_knows_a_key_before_the_other_uses_it(
        self, postgres: Any, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Hosts share the database alone, hear of a rotation by asking once a second, and their clocks differ."""
        database_url = postgres.create_database()
        with starter(lambda: database_url, tmp_path_factory) as start:
            ahead = start("--no-demo", "--issuer-mode", "aws")  # one issuer, though on two ports
            folder = tmp_path_factory.mktemp("behind")
            (folder / "master.key").write_bytes((ahead.data / "master.key").read_bytes())
            (folder / "master.key").chmod(0o600)
            behind = start("--no-demo", "--issuer-mode", "aws", data=folder)
            pools = Pools(ahead.client())
            pool_id = pools.user_pool()
            client_id = pools.client_id(pool_id)
            user = pools.user(pool_id)
            first = pools.sign_in(client_id, user)
            behind.client().get_user(AccessToken=first["AccessToken"])

            rotate(ahead, "--user-pool", pool_id, "--after", "60")
            until(lambda: len(published(behind, pool_id)) == 4)
            ahead.advance_clock(61)
            until(lambda: kids(pools.sign_in(client_id, user)) != kids(first))
            new, old = pools.sign_in(client_id, user), Pools(behind.client()).sign_in(client_id, user)
            assert (kids(new) & kids(first), kids(old)) == (set(), kids(first))
            assert sealed_under(new["RefreshToken"]) != sealed_under(old["RefreshToken"])
            for tokens, host in ((new, behind), (old, ahead)):
                host.client().get_user(AccessToken=tokens["AccessToken"])
                assert "AccessToken" in refresh(host.client(), client_id, tokens["RefreshToken"])

            rotate(ahead, "--user-pool", pool_id, "--revoke")
            until(lambda: not published(behind, pool_id) & {*kids(new), *kids(old)})
            with refused("NotAuthorized", "Invalid Access Token"):
                behind.client().get_user(AccessToken=new["AccessToken"])
            assert kids(Pools(behind.client()).sign_in(client_id, user)) == published(ahead, pool_id)


class TestCommand:
    def test_all_pools(self, server: Server, cognito: Any, pools: Pools) -> None:
        made = {pools.user_pool() for _ in range(2)}
        lines = rotate(server, "--all", "--signing").output.splitlines()
        everyone = {pool["Id"] for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]}
        assert {line.split()[0] for line in lines} == everyone >= made

    def test_an_unknown_pool(self, server: Server, pools: Pools) -> None:
        """The others are served all the same."""
        pool_id = pools.user_pool()
        result = rotate(server, "--user-pool", "us-east-1_Nobody", "--user-pool", pool_id, "--pool-key")
        assert (result.exit_code, "There is no user pool us-east-1_Nobody." in result.output) == (1, True)
        assert pool_id in result.output

    @pytest.mark.parametrize("arguments", [[], ["--all", "--user-pool", "us-east-1_x"]])
    def test_which_pools_must_be_said(self, server: Server, arguments: list[str]) -> None:
        result = rotate(server, *arguments)
        assert (result.exit_code, "--all" in result.output) == (2, True)
