"""AWS Amplify v6 in a real Chromium: passkeys, with a virtual authenticator, and the device of a browser."""

import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.conformance.api.test_devices import device_pool
from tests.support import browser as steps
from tests.support import node
from tests.support.calls import Refused
from tests.support.pools import PASSWORD, Pools, unique

pytestmark = [pytest.mark.node, pytest.mark.browser]
# What the client says and understands does not hang on the engine.
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")

FOLDER = node.CLIENTS / "amplify"
SIGN_IN = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
FLOWS = ["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
BY_PASSKEY = {"authFlowType": "USER_AUTH", "preferredChallenge": "WEB_AUTHN"}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a front end on this machine, with Amplify and browser.mjs in one script, as bundlers make it."""
    folder = tmp_path_factory.mktemp("site")
    tool = FOLDER / "node_modules/.bin/esbuild"
    if not tool.exists():
        pytest.fail("node packages are missing: `make test` installs them, or `make .setup/node`")
    options = ["--bundle", f"--outfile={folder}/shop.js", "--log-level=warning"]
    subprocess.run([tool, "browser.mjs", *options], check=True, cwd=FOLDER)
    (folder / "index.html").write_text(
        "<!doctype html><title>Shop</title><link rel=icon href=data:><script src=shop.js></script>"
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://localhost:{httpd.server_port}/"
        httpd.shutdown()


def calls(page):
    """Amplify's functions, called in the page."""

    def call(name, **input):
        answer = page.evaluate("given => call(...given)", [name, input])
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    return call


@pytest.fixture
def amplify_of(page, server, site):
    """amplify_of(pool, client): Amplify's functions in a page that is made ready for them."""

    def make(pool, client_id):
        page.goto(site)
        config = {"userPoolId": pool, "userPoolClientId": client_id, "userPoolEndpoint": server.url}
        page.evaluate("given => amplify(given)", config)
        return calls(page)

    return make


@pytest.fixture
def authenticator(page):
    """authenticator(command, ...): commands to a virtual one that is built in and verifies its user."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return lambda command, **more: devtools.send(f"WebAuthn.{command}", {**made, **more})


@on_sqlite
class TestPasskeys:
    @pytest.fixture
    def world(self, cognito, pools):
        pool = pools.user_pool(Policies=SIGN_IN)
        cognito.set_user_pool_mfa_config(UserPoolId=pool, WebAuthnConfiguration={"RelyingPartyId": "localhost"})
        return pool, pools.client_id(pool, ExplicitAuthFlows=FLOWS)

    def test_made_used_listed_and_deleted(self, amplify_of, authenticator, world, pools):
        user = pools.user(world[0])
        amplify = amplify_of(*world)
        amplify("signIn", username=user.username, password=PASSWORD)
        assert amplify("listWebAuthnCredentials")["credentials"] == []
        amplify("associateWebAuthnCredential")
        [listed] = amplify("listWebAuthnCredentials")["credentials"]
        assert (listed["relyingPartyId"], listed["authenticatorTransports"]) == ("localhost", ["internal"])
        amplify("signOut")

        done = amplify("signIn", username=user.username, options=BY_PASSKEY)
        assert (done["isSignedIn"], done["nextStep"]["signInStep"]) == (True, "DONE")
        assert amplify("getCurrentUser")["userId"] == user.sub
        [kept] = authenticator("getCredentials")["credentials"]
        assert kept["signCount"] == 2

        amplify("deleteWebAuthnCredential", credentialId=listed["credentialId"])
        assert amplify("listWebAuthnCredentials")["credentials"] == []
        amplify("signOut")
        asked = amplify("signIn", username=user.username, options={"authFlowType": "USER_AUTH"})
        assert "WEB_AUTHN" not in asked["nextStep"]["availableChallenges"]

    @pytest.mark.usefixtures("authenticator")
    def test_chosen_among_the_factors(self, amplify_of, world, pools):
        user = pools.user(world[0])
        amplify = amplify_of(*world)
        amplify("signIn", username=user.username, password=PASSWORD)
        amplify("associateWebAuthnCredential")
        amplify("signOut")
        asked = amplify("signIn", username=user.username, options={"authFlowType": "USER_AUTH"})
        assert "WEB_AUTHN" in asked["nextStep"]["availableChallenges"]
        assert amplify("confirmSignIn", challengeResponse="WEB_AUTHN")["isSignedIn"] is True

    @pytest.mark.usefixtures("authenticator")
    def test_another_passkey_of_the_same_authenticator_is_refused(self, amplify_of, world, pools):
        """The options name what is there already, so the browser says it before the server has to."""
        amplify = amplify_of(*world)
        amplify("signIn", username=pools.user(world[0]).username, password=PASSWORD)
        amplify("associateWebAuthnCredential")
        with pytest.raises(Refused) as refused:
            amplify("associateWebAuthnCredential")
        assert refused.value.name == "PasskeyAlreadyExists"


@on_sqlite
def test_the_browser_is_a_device_under_its_own_name(amplify_of, cognito, pools):
    pool, client_id = device_pool(cognito, pools)
    amplify = amplify_of(pool, client_id)
    amplify("signIn", username=pools.user(pool).username, password=PASSWORD)
    [device] = amplify("fetchDevices")
    assert "Chrom" in device["name"]
    amplify("signOut")


class TestRedirect:
    """Amplify writes `https://` before the domain itself, so the server has to speak it."""

    @pytest.fixture
    def tls(self, start_local_server):
        return start_local_server("--tls", scheme="https")

    def test_signs_in_by_the_hosted_pages_and_out_again(self, browser, tls, site):
        cognito = tls.client()
        pools = Pools(cognito)
        pool = pools.user_pool()
        client_id = pools.client_id(
            pool,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email", "aws.cognito.signin.user.admin"],
            CallbackURLs=[site],
            LogoutURLs=[site],
            SupportedIdentityProviders=["COGNITO"],
        )
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("shop"))
        user = pools.user(pool)
        config = {
            "userPoolId": pool,
            "userPoolClientId": client_id,
            "userPoolEndpoint": tls.url,
            "loginWith": {
                "oauth": {
                    "domain": f"localhost:{tls.port}/{pool}",
                    "scopes": ["openid", "email", "aws.cognito.signin.user.admin"],
                    "redirectSignIn": [site],
                    "redirectSignOut": [site],
                    "responseType": "code",
                }
            },
        }
        with steps.new_page(browser, ignore_https_errors=True) as page:
            amplify = calls(page)
            page.goto(site)
            page.evaluate("given => amplify(given)", config)
            page.evaluate("void call('signInWithRedirect', { customState: 'basket=7' })")
            page.wait_for_url(f"{tls.url}/{pool}/login?**")
            steps.sign_in(page, user.username, user.password)
            page.wait_for_url(f"{site}**")
            assert amplify("getCurrentUser")["userId"] == user.sub
            assert amplify("fetchUserAttributes")["email"] == user.email
            first = amplify("fetchAuthSession")["tokens"]["accessToken"]["text"]
            renewed = amplify("fetchAuthSession", forceRefresh=True)["tokens"]["accessToken"]
            assert renewed["text"] != first
            assert "email" in renewed["payload"]["scope"]

            with page.expect_navigation(url=site):
                page.evaluate("void call('signOut')")
            with pytest.raises(Refused, match="UserUnAuthenticatedException"):
                amplify("getCurrentUser")
            # The session of the pages has ended, too.
            page.evaluate("void call('signInWithRedirect')")
            page.wait_for_url(f"{tls.url}/{pool}/login?**")
            assert page.locator("input[name=password]").count() == 1
