"""The measured operations: how each is asked for, what makes an answer right, what it costs at least, what is aimed at."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import random
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from poolhouse.crypto import modexp, srp
from tests.bench import meter
from tests.bench.http import Answer, Connection, WrongAnswer, build
from tests.bench.world import PASSWORD, REDIRECT_URI, World

CONNECTIONS = 16
MANY = 2200  # more than crypto/jwt.py remembers
CHECK_EVERY = 64  # of so many signed answers, one has its signature verified by another library
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"

Step = Callable[[Connection], Awaitable[None]]


@dataclass
class Workload:
    """limit: primitives of limits.py that no server could do without.  aim, peer: per second of one core, on SQLite."""

    name: str
    label: str
    make: Callable[["Driver"], Step]
    limit: dict[str, int] = field(default_factory=dict)
    aim: int = 0
    aim_share: float = 0.0
    peer: str = ""

    @property
    def is_batched(self) -> bool:
        """Whether anything of it can be computed together with others' (docs/design/0007-eight-at-once.md)."""
        return bool({SIGNATURE, POWER} & set(self.limit))


@dataclass
class Sample:
    """One round of one operation: right answers, server CPU seconds, database CPU seconds, seconds on the wall.

    foreign: the part of that time in which other programs had one of the two cores. They leave the caches cold.
    """

    count: int
    cpu: float
    database_cpu: float
    wall: float
    foreign: float = 0.0


class Driver:
    """Drives one world and meters it.

    attempts: how often an undisturbed sample is tried for; 1 takes what comes and waits for nothing.
    """

    def __init__(self, world: World, runner: asyncio.Runner, database_cpu: Callable[[], float], attempts: int) -> None:
        self.attempts = attempts
        self.world = world
        self.runner = runner
        self.database_cpu = database_cpu
        self.random = random.Random(7)
        self.access_tokens: list[str] = []
        self.web_access_tokens: list[str] = []
        self.refresh_tokens: list[str] = []
        self.api_refresh_tokens: list[str] = []
        self._many: dict[str, list[str]] = {}
        self.latencies: list[float] = []  # seconds of each step of the sample before
        self._signed = itertools.count(1)
        self._verifiers: dict[str, int] = {}

    # ------------------------------------------------------------------ before the rounds

    def prepare(self) -> None:
        """Sign users in, through the workloads themselves, so that there are tokens to use."""
        self._collect(password_sign_in, len(self.world.signers), CONNECTIONS)
        self._collect(hosted_login, 64, 8)

    def _collect(self, make: Callable[["Driver"], Step], times: int, connections: int) -> None:
        step = make(self)
        self.runner.run(self._drive(step, connections, lambda done: done >= times))

    def many(self, kind: str, make: Callable[[list[str]], Step]) -> list[str]:
        """MANY access tokens of a kind, made once."""
        tokens = self._many.setdefault(kind, [])
        if len(tokens) < MANY:
            self.runner.run(self._drive(make(tokens), CONNECTIONS, lambda done: done >= MANY))
        return tokens

    # ------------------------------------------------------------------ rounds

    def measure(self, workload: Workload, seconds: float) -> Sample:
        """The first undisturbed sample, or the least disturbed one when the machine does not come to rest."""
        best = None
        for _ in range(self.attempts):
            if self.attempts > 1:
                meter.wait_for_rest()
            sample = self._measure_once(workload, seconds)
            if best is None or sample.foreign < best.foreign:
                best = sample
            if best.foreign <= meter.FOREIGN_SHARE:
                break
        assert best is not None
        return best

    def _measure_once(self, workload: Workload, seconds: float) -> Sample:
        if workload is SIGN_UP:
            return self._measure_sign_up(seconds)
        return self._metered(workload.make(self), seconds)

    def measure_latency(self, workload: Workload, seconds: float, connections: int) -> tuple[Sample, list[float]]:
        """A sample with so many connections, and how long each of its steps took, sorted."""
        sample = self._metered(workload.make(self), seconds, connections=connections)
        return sample, sorted(self.latencies)

    def _metered(self, step: Step, seconds: float = 0, times: int = 0, connections: int = CONNECTIONS) -> Sample:
        end = time.perf_counter() + seconds
        is_over = (lambda done: done >= times) if times else (lambda _: time.perf_counter() >= end)
        server_core, load_core = (meter.core_seconds(core) for core in meter.CORES)
        cpu, database_cpu, own_cpu = self.world.cpu(), self.database_cpu(), time.process_time()
        start = time.perf_counter()
        count = self.runner.run(self._drive(step, connections, is_over))
        wall, cpu = time.perf_counter() - start, self.world.cpu() - cpu
        database_cpu, own_cpu = self.database_cpu() - database_cpu, time.process_time() - own_cpu
        server_core = meter.core_seconds(meter.CORES[0]) - server_core - cpu
        load_core = meter.core_seconds(meter.CORES[1]) - load_core - own_cpu - database_cpu
        return Sample(count, cpu, database_cpu, wall, max(server_core, load_core, 0) / wall)

    async def _drive(self, step: Step, connections: int, is_over: Callable[[int], bool]) -> int:
        done = 0
        self.latencies = []

        async def work() -> None:
            nonlocal done
            connection = await Connection.open(self.world.server.port)
            try:
                while not is_over(done):
                    began = time.perf_counter()
                    await step(connection)
                    self.latencies.append(time.perf_counter() - began)
                    done += 1
            finally:
                connection.close()

        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(work())
        return done

    def _measure_sign_up(self, seconds: float) -> Sample:
        """Both halves metered; between them the codes are fetched behind the server's back."""
        names: list[str] = []
        first = self._metered(sign_up(self, names), seconds / 2)
        if first.count < 2 * CONNECTIONS:  # too few to leave one for each connection: a busy machine
            return self._measure_sign_up(seconds * 2)
        codes = self.world.new_codes(first.count)
        waiting = iter([(name, codes[name]) for name in names])
        second = self._metered(confirm_sign_up(self, waiting), times=first.count - CONNECTIONS)
        return Sample(
            second.count,
            first.cpu * second.count / first.count + second.cpu,
            first.database_cpu * second.count / first.count + second.database_cpu,
            first.wall * second.count / first.count + second.wall,
            max(first.foreign, second.foreign),
        )

    # ------------------------------------------------------------------ what makes an answer right

    def check_tokens(self, *tokens: str) -> None:
        for token in tokens:
            if token.count(".") != 2 or len(token) < 450:
                raise WrongAnswer(f"not a token: {token}")
            if next(self._signed) % CHECK_EVERY == 0:
                claims = self.world.check_signature(token)
                if claims["exp"] < time.time():
                    raise WrongAnswer("an expired token")

    def check_sign_in(self, answer: Answer) -> dict[str, Any]:
        result = answer.expect(200).json().get("AuthenticationResult")
        if not result or result["TokenType"] != "Bearer" or not result["RefreshToken"]:
            raise WrongAnswer(answer.body.decode())
        self.check_tokens(result["AccessToken"], result["IdToken"])
        return result

    def client_verifier(self, username: str, salt_hex: str) -> tuple[int, int]:
        """(x, k·g^x) of a user; computed once, the client's own work is not the server's."""
        salt = bytes.fromhex(salt_hex)
        x = srp.private_x(self.world.pool_name, username, PASSWORD, salt)
        if username not in self._verifiers:
            self._verifiers[username] = srp.K * srp.verifier(x) % srp.N
        return x, self._verifiers[username]


# ---------------------------------------------------------------------- operations


def health(driver: Driver) -> Step:
    request = build("GET", "/_poolhouse/health", driver.world.host, "")

    async def step(connection: Connection) -> None:
        (await connection.send(request)).expect(200)

    return step


def client_credentials(driver: Driver) -> Step:
    return _client_credentials(driver, "/oauth2/token", driver.world.machine)


def es256_client_credentials(driver: Driver) -> Step:
    return _client_credentials(driver, f"/{driver.world.es256_pool_id}/oauth2/token", driver.world.es256_machine)


def trigger_client_credentials(driver: Driver) -> Step:
    return _client_credentials(driver, f"/{driver.world.trigger_pool_id}/oauth2/token", driver.world.trigger_machine)


def _client_credentials(driver: Driver, path: str, machine: tuple[str, str]) -> Step:
    basic = base64.b64encode(":".join(machine).encode()).decode()
    body = urlencode({"grant_type": "client_credentials", "scope": "bench/read"}).encode()
    request = build("POST", path, driver.world.host, f"Authorization: Basic {basic}\r\n{FORM}", body)

    async def step(connection: Connection) -> None:
        content = (await connection.send(request)).expect(200).json()
        if content["token_type"] != "Bearer" or content["expires_in"] != 3600:
            raise WrongAnswer(str(content))
        driver.check_tokens(content["access_token"])

    return step


def refresh_grant(driver: Driver, keep: list[str] | None = None) -> Step:
    """keep: where the access tokens go."""
    world = driver.world
    requests = itertools.cycle(
        build(
            "POST",
            "/oauth2/token",
            world.host,
            FORM,
            urlencode(
                {"grant_type": "refresh_token", "client_id": world.web_client_id, "refresh_token": token}
            ).encode(),
        )
        for token in driver.refresh_tokens
    )

    async def step(connection: Connection) -> None:
        content = (await connection.send(next(requests))).expect(200).json()
        driver.check_tokens(content["access_token"], content["id_token"])
        if keep is not None:
            keep.append(content["access_token"])

    return step


def user_info(driver: Driver, tokens: list[str] | None = None) -> Step:
    requests = itertools.cycle(
        build("GET", "/oauth2/userInfo", driver.world.host, f"Authorization: Bearer {token}\r\n")
        for token in tokens or driver.web_access_tokens
    )

    async def step(connection: Connection) -> None:
        content = (await connection.send(next(requests))).expect(200).json()
        if content["email"] != f"{content['username']}@example.com":
            raise WrongAnswer(str(content))

    return step


def get_user(driver: Driver, tokens: list[str] | None = None) -> Step:
    asked = tokens or driver.access_tokens
    requests = itertools.cycle([driver.world.api("GetUser", {"AccessToken": token}) for token in asked])

    async def step(connection: Connection) -> None:
        answer = (await connection.send(next(requests))).expect(200)
        if b'{"Name":"email","Value":"bench-' not in answer.body:
            raise WrongAnswer(answer.body.decode())

    return step


# More access tokens than a server remembers, so that each is verified anew.


def user_info_new(driver: Driver) -> Step:
    return user_info(driver, driver.many("oauth", lambda tokens: refresh_grant(driver, tokens)))


def get_user_new(driver: Driver) -> Step:
    return get_user(driver, driver.many("api", lambda tokens: api_refresh(driver, tokens)))


def api_refresh(driver: Driver, keep: list[str]) -> Step:
    """keep: where the access tokens go."""
    world = driver.world
    requests = itertools.cycle(
        world.api(
            "InitiateAuth",
            {
                "ClientId": world.client_id,
                "AuthFlow": "REFRESH_TOKEN_AUTH",
                "AuthParameters": {"REFRESH_TOKEN": token},
            },
        )
        for token in driver.api_refresh_tokens
    )

    async def step(connection: Connection) -> None:
        content = (await connection.send(next(requests))).expect(200).json()
        keep.append(content["AuthenticationResult"]["AccessToken"])

    return step


def sign_up(driver: Driver, names: list[str]) -> Step:
    world = driver.world

    async def step(connection: Connection) -> None:
        name = f"new-{secrets.token_hex(8)}"
        body = {
            "ClientId": world.client_id,
            "Username": name,
            "Password": PASSWORD,
            "UserAttributes": [{"Name": "email", "Value": f"{name}@example.com"}],
        }
        content = (await connection.send(world.api("SignUp", body))).expect(200).json()
        if content["UserConfirmed"] or content["CodeDeliveryDetails"]["DeliveryMedium"] != "EMAIL":
            raise WrongAnswer(str(content))
        names.append(name)

    return step


def confirm_sign_up(driver: Driver, waiting: Iterator[tuple[str, str]]) -> Step:
    world = driver.world

    async def step(connection: Connection) -> None:
        name, code = next(waiting)
        body = {"ClientId": world.client_id, "Username": name, "ConfirmationCode": code}
        (await connection.send(world.api("ConfirmSignUp", body))).expect(200)

    return step


def _password_sign_in(driver: Driver, client_id: str, names: list[str], keep: bool) -> Step:
    requests = itertools.cycle(
        driver.world.api(
            "InitiateAuth",
            {
                "ClientId": client_id,
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": name, "PASSWORD": PASSWORD},
            },
        )
        for name in names
    )

    async def step(connection: Connection) -> None:
        result = driver.check_sign_in(await connection.send(next(requests)))
        if keep and len(driver.access_tokens) < len(names):
            driver.access_tokens.append(result["AccessToken"])
            driver.api_refresh_tokens.append(result["RefreshToken"])

    return step


def password_sign_in(driver: Driver) -> Step:
    return _password_sign_in(driver, driver.world.client_id, driver.world.signers, keep=True)


def argon2id_sign_in(driver: Driver) -> Step:
    return _password_sign_in(driver, driver.world.argon2id_client_id, driver.world.argon2id_signers, keep=False)


def srp_sign_in(driver: Driver) -> Step:
    world = driver.world
    a = secrets.randbits(256)
    a_pub = modexp.modexp(srp.G, a)
    requests = itertools.cycle(
        world.api(
            "InitiateAuth",
            {
                "ClientId": world.client_id,
                "AuthFlow": "USER_SRP_AUTH",
                "AuthParameters": {"USERNAME": name, "SRP_A": f"{a_pub:x}"},
            },
        )
        for name in world.signers
    )

    async def step(connection: Connection) -> None:
        challenge = (await connection.send(next(requests))).expect(200).json()
        if challenge["ChallengeName"] != "PASSWORD_VERIFIER":
            raise WrongAnswer(str(challenge))
        parameters = challenge["ChallengeParameters"]
        user_id, b_pub = parameters["USER_ID_FOR_SRP"], int(parameters["SRP_B"], 16)
        x, k_v = driver.client_verifier(user_id, parameters["SALT"])
        u = srp.scrambler(a_pub, b_pub)
        s = modexp.modexp(b_pub - k_v, a + u * x)
        prk = hmac.digest(srp.pad(u), srp.pad(s), "sha256")
        key = hmac.digest(prk, b"Caldera Derived Key\x01", "sha256")[:16]
        now = datetime.now(UTC)
        timestamp = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now.year}"
        block = base64.b64decode(parameters["SECRET_BLOCK"])
        proof = srp.signature(key, world.pool_name, user_id, block, timestamp)
        body = {
            "ClientId": world.client_id,
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeResponses": {
                "USERNAME": user_id,
                "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
                "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(proof).decode(),
                "TIMESTAMP": timestamp,
            },
        }
        if "Session" in challenge:
            body["Session"] = challenge["Session"]
        driver.check_sign_in(await connection.send(world.api("RespondToAuthChallenge", body)))

    return step


_CSRF = re.compile(rb'name="_csrf" value="([^"]+)"')


def hosted_login(driver: Driver) -> Step:
    """authorize → /login → POST /login → /oauth2/token, each time as a new browser."""
    world = driver.world
    names = itertools.cycle(world.signers)

    async def step(connection: Connection) -> None:
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        state = secrets.token_hex(8)
        query = urlencode(
            {
                "response_type": "code",
                "client_id": world.web_client_id,
                "redirect_uri": REDIRECT_URI,
                "scope": "openid email profile",
                "state": state,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        answer = (await connection.send(build("GET", f"/oauth2/authorize?{query}", world.host, ""))).expect(302)
        cookies = answer.cookies()
        page_at = _path(answer.location(), "/login")
        page = (await connection.send(build("GET", page_at, world.host, _cookie_line(cookies)))).expect(200)
        cookies |= page.cookies()
        csrf = _CSRF.search(page.body)
        if not csrf:
            raise WrongAnswer(page.body.decode())
        form = urlencode({"_csrf": csrf[1].decode(), "username": next(names), "password": PASSWORD}).encode()
        answer = await connection.send(build("POST", page_at, world.host, FORM + _cookie_line(cookies), form))
        location = answer.expect(answer.status if answer.status in {302, 303} else 302).location()
        if not location.startswith(f"{REDIRECT_URI}?") or f"state={state}" not in location:
            raise WrongAnswer(location)
        code = re.search(r"[?&]code=([^&]+)", location)
        if not code:
            raise WrongAnswer(location)
        body = urlencode(
            {
                "grant_type": "authorization_code",
                "client_id": world.web_client_id,
                "redirect_uri": REDIRECT_URI,
                "code": code[1],
                "code_verifier": verifier,
            }
        ).encode()
        content = (await connection.send(build("POST", "/oauth2/token", world.host, FORM, body))).expect(200).json()
        driver.check_tokens(content["access_token"], content["id_token"])
        if len(driver.refresh_tokens) < 64:
            driver.refresh_tokens.append(content["refresh_token"])
            driver.web_access_tokens.append(content["access_token"])

    return step


def list_users(driver: Driver) -> Step:
    world = driver.world
    names = [world.username(driver.random.randrange(world.users)) for _ in range(256)]
    requests = itertools.cycle(
        [
            (
                name,
                world.api(
                    "ListUsers",
                    {"UserPoolId": world.pool_id, "Filter": f'email = "{name}@example.com"'},
                    is_signed=True,
                ),
            )
            for name in names
        ]
    )

    async def step(connection: Connection) -> None:
        name, request = next(requests)
        users = (await connection.send(request)).expect(200).json()["Users"]
        if [user["Username"] for user in users] != [name]:
            raise WrongAnswer(str(users))

    return step


def _path(location: str, start: str) -> str:
    path = "/" + location.split("/", 3)[3] if "://" in location else location
    if not path.startswith(start):
        raise WrongAnswer(f"redirected to {location}")
    return path


def _cookie_line(cookies: dict[str, str]) -> str:
    return f"Cookie: {'; '.join(f'{name}={value}' for name, value in cookies.items())}\r\n" if cookies else ""


SIGNATURE, VERIFICATION, POWER, ARGON2ID = "rsa_sign", "rsa_verify", "modexp", "argon2id"

SIGN_UP = Workload("sign_up", "Sign-up and confirm", health, {POWER: 1}, 1500, peer="821 without any hashing")
# A token that was verified once is remembered, so these two have no cryptography that could not be left out.
GET_USER = Workload("get_user", "GetUser", get_user, aim=17_000, peer="1,936")
PASSWORD_SIGN_IN = Workload(
    "password",
    "Password sign-in, verifier",
    password_sign_in,
    {POWER: 1, SIGNATURE: 2},
    1500,
    peer="687 against plain text",
)
LIST_USERS = Workload("list_users", "ListUsers by e-mail", list_users)

WORKLOADS = [
    Workload("health", "Health (the floor of HTTP)", health),
    Workload("client_credentials", "client_credentials", client_credentials, {SIGNATURE: 1}, 6000, 1.5, "1,787"),
    Workload("es256", "client_credentials, ES256 pool", es256_client_credentials, {}, 8000),
    Workload("trigger", "the same with a Python trigger", trigger_client_credentials, {}),
    Workload("refresh", "Refresh grant", refresh_grant, {SIGNATURE: 2}, 2700, peer="681"),
    Workload("user_info", "userInfo", user_info, aim=17_000, peer="5,432 opaque, 3,373 verified"),
    Workload("user_info_new", "userInfo, every token new", user_info_new, {VERIFICATION: 1}, 10_000),
    GET_USER,
    Workload("get_user_new", "GetUser, every token new", get_user_new, {VERIFICATION: 1}, 10_000),
    SIGN_UP,
    PASSWORD_SIGN_IN,
    Workload("argon2id", "Password sign-in, Argon2id", argon2id_sign_in, {ARGON2ID: 1, SIGNATURE: 2}),
    Workload("srp", "SRP sign-in", srp_sign_in, {POWER: 3, SIGNATURE: 2}, 750, peer="7"),
    Workload(
        "hosted", "Hosted login with PKCE", hosted_login, {POWER: 1, SIGNATURE: 2}, 750, peer="478 with plain text"
    ),
    LIST_USERS,
]
SCALED = [LIST_USERS, GET_USER, PASSWORD_SIGN_IN]
