"""Administrators who change the same thing at the same time, against two workers: one after the other, whole, never a 5xx.

Acceptance 69 asks for 500 rounds: `make long`. `make test` runs a share of them, with the same seed.
"""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from tests.support.identity_providers import GOOGLE
from tests.support.pools import Pools, unique
from tests.support.refusals import values
from tests.support.server import Server

ROUNDS = (40, 500)  # In `make test`, in `make long`.
SEED = 69
CLIENT_MEMBERS = (
    "ClientName",
    "AccessTokenValidity",
    "IdTokenValidity",
    "RefreshTokenValidity",
    "AuthSessionValidity",
    "CallbackURLs",
    "LogoutURLs",
    "DefaultRedirectURI",
    "ReadAttributes",
    "WriteAttributes",
    "PreventUserExistenceErrors",
)


def _code(call: Callable[..., Any], **parameters: Any) -> str:
    """ "" when the call went well, else the code of its error. A 5xx has one that no operation declares."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_of_secrets_added_at_once_one_is_the_second_and_the_others_are_too_many(
    start_server: Callable[..., Server], share: Callable[[int, int], int]
) -> None:
    """Issue 5, "AddUserPoolClientSecret racing with itself": secrets of one second shared their id, which was a 500 on
    PostgreSQL. And no two of them slip in together: a client has two secrets at most."""
    server = start_server("--workers", "2", "--no-demo")
    admins = [server.client() for _ in range(4)]  # each with connections of its own
    pools = Pools(admins[0])
    pool_id = pools.user_pool()
    client_id = pools.client_id(pool_id, GenerateSecret=True)
    named = {"UserPoolId": pool_id, "ClientId": client_id}
    (kept,) = [each["ClientSecretId"] for each in admins[0].list_user_pool_client_secrets(**named)["ClientSecrets"]]
    seen = {kept}
    with ThreadPoolExecutor(len(admins)) as threads:
        for _ in range(share(*ROUNDS) // 4):
            tries = [threads.submit(_code, admin.add_user_pool_client_secret, **named) for admin in admins]
            outcomes = sorted(each.result() for each in tries)
            assert outcomes == ["", *["LimitExceededException"] * (len(admins) - 1)]
            listed = [
                each["ClientSecretId"] for each in admins[1].list_user_pool_client_secrets(**named)["ClientSecrets"]
            ]
            (new,) = set(listed) - {kept}
            assert new not in seen
            seen.add(new)
            admins[2].delete_user_pool_client_secret(**named, ClientSecretId=new)


def _client_settings(draw: random.Random) -> dict[str, Any]:
    """Settings of a client in which every member tells the two writers apart."""
    return {
        "ClientName": unique("client"),
        "AccessTokenValidity": draw.randrange(1, 24),
        "IdTokenValidity": draw.randrange(1, 24),
        "RefreshTokenValidity": draw.randrange(2, 3650),
        "AuthSessionValidity": draw.randrange(3, 16),
        "CallbackURLs": [f"https://{unique()}.example/cb" for _ in range(draw.randrange(1, 5))],
        "LogoutURLs": [f"https://{unique()}.example/out" for _ in range(draw.randrange(1, 5))],
        "ReadAttributes": draw.sample(["email", "name", "nickname", "locale", "website"], 3),
        "WriteAttributes": ["email", *draw.sample(["name", "nickname", "locale", "website"], 2)],
        "PreventUserExistenceErrors": draw.choice(["ENABLED", "LEGACY"]),
    }


def _client_facts(described: dict[str, Any]) -> list[Any]:
    """What of a client was written, from a request or a description."""
    return [sorted(value) if isinstance(value, list) else value for value in map(described.get, CLIENT_MEMBERS)]


def _pool_settings(draw: random.Random) -> dict[str, Any]:
    return {
        "PoolName": unique("pool"),
        "Policies": {"PasswordPolicy": {"MinimumLength": draw.randrange(6, 99)}},
        "AutoVerifiedAttributes": draw.choice([["email"], ["phone_number"], ["email", "phone_number"]]),
        "EmailVerificationSubject": unique("Hello "),
        "UserPoolTags": {unique("tag"): unique() for _ in range(draw.randrange(1, 5))},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": draw.random() < 0.5},
    }


def _pool_facts(described: dict[str, Any]) -> list[Any]:
    return [
        described.get("PoolName") or described["Name"],
        described["Policies"]["PasswordPolicy"]["MinimumLength"],
        sorted(described["AutoVerifiedAttributes"]),
        described["EmailVerificationSubject"],
        described["UserPoolTags"],
        described["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"],
    ]


def _race(
    update: list[Callable[..., Any]],
    describe: list[Callable[[], dict[str, Any]]],
    settings: Callable[[random.Random], dict[str, Any]],
    facts: Callable[[dict[str, Any]], list[Any]],
    rounds: int,
) -> None:
    """Pairs of updates at once; after each, whoever looks sees one of the two, whole, and all see the same."""
    draw = random.Random(SEED)
    winners = set()
    with ThreadPoolExecutor(len(update)) as threads:
        for number in range(rounds):
            wanted = [settings(draw) for _ in update]
            tries = [threads.submit(_code, call, **each) for call, each in zip(update, wanted, strict=True)]
            assert [each.result() for each in tries] == [""] * len(update), f"round {number}, seed {SEED}"
            first, *others = [facts(look()) for look in describe]
            assert first in map(facts, wanted), f"round {number}, seed {SEED}"
            assert all(other == first for other in others), f"round {number}, seed {SEED}"
            winners.add([*map(facts, wanted)].index(first))
    assert winners == set(range(len(update)))  # Else it was no race.


def test_two_updates_of_a_client_at_once_end_as_one_of_them_entirely(
    start_server: Callable[..., Server], share: Callable[[int, int], int]
) -> None:
    """Acceptance 69, for clients."""
    server = start_server("--workers", "2", "--no-demo")
    admins = [server.client(), server.client()]
    pools = Pools(admins[0])
    pool_id = pools.user_pool()
    named = {"UserPoolId": pool_id, "ClientId": pools.client_id(pool_id)}

    def settings(draw: random.Random) -> dict[str, Any]:
        made = _client_settings(draw)
        return {**named, **made, "DefaultRedirectURI": made["CallbackURLs"][0]}

    _race(
        [admin.update_user_pool_client for admin in admins],
        [lambda admin=admin: admin.describe_user_pool_client(**named)["UserPoolClient"] for admin in admins],
        settings,
        _client_facts,
        share(*ROUNDS),
    )


def test_two_updates_of_a_pool_at_once_end_as_one_of_them_entirely(
    start_server: Callable[..., Server], share: Callable[[int, int], int]
) -> None:
    """Acceptance 69, for user pools."""
    server = start_server("--workers", "2", "--no-demo")
    admins = [server.client(), server.client()]
    pool_id = Pools(admins[0]).user_pool()
    _race(
        [lambda admin=admin, **settings: admin.update_user_pool(UserPoolId=pool_id, **settings) for admin in admins],
        [lambda admin=admin: admin.describe_user_pool(UserPoolId=pool_id)["UserPool"] for admin in admins],
        _pool_settings,
        _pool_facts,
        share(*ROUNDS),
    )


def _link(admin: Any, pool_id: str, username: str, subject: str) -> str:
    return _code(
        admin.admin_link_provider_for_user,
        UserPoolId=pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
        SourceUser={
            "ProviderName": "Google",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": subject,
        },
    )


def _linked(admin: Any, pool_id: str, username: str) -> list[str]:
    """The subjects that `identities` shows."""
    shown = values(admin.admin_get_user(UserPoolId=pool_id, Username=username)["UserAttributes"])
    return [each["userId"] for each in json.loads(shown.get("identities", "[]"))]


def test_identities_that_are_linked_at_once_are_five_for_a_user_and_one_users(
    start_server: Callable[..., Server], share: Callable[[int, int], int]
) -> None:
    server = start_server("--workers", "2", "--no-demo")
    admins = [server.client() for _ in range(4)]
    pools = Pools(admins[0])
    pool_id = pools.user_pool()
    admins[0].create_identity_provider(
        UserPoolId=pool_id, ProviderName="Google", ProviderType="Google", ProviderDetails=GOOGLE
    )
    with ThreadPoolExecutor(len(admins)) as threads:
        for _ in range(share(*ROUNDS) // 4):
            users = [pools.user(pool_id).username for _ in admins]
            # Three links, then four more at once: two of them find room.
            subjects = [unique() for _ in range(7)]
            assert [_link(admins[0], pool_id, users[0], subject) for subject in subjects[:3]] == [""] * 3
            tries = [
                threads.submit(_link, admin, pool_id, users[0], subject)
                for admin, subject in zip(admins, subjects[3:], strict=True)
            ]
            assert sorted(each.result() for each in tries) == ["", "", *["LimitExceededException"] * 2]
            assert len(set(_linked(admins[1], pool_id, users[0]))) == 5
            # One identity for everybody.
            users = [pools.user(pool_id).username for _ in admins]
            subject = unique()
            tries = [
                threads.submit(_link, admin, pool_id, user, subject) for admin, user in zip(admins, users, strict=True)
            ]
            assert sorted(each.result() for each in tries) == ["", *["AliasExistsException"] * 3]
            assert sorted(_linked(admins[2], pool_id, user) for user in users) == [[], [], [], [subject]]


def test_no_link_outlives_its_provider(start_server: Callable[..., Server], share: Callable[[int, int], int]) -> None:
    server = start_server("--workers", "2", "--no-demo")
    admins = [server.client() for _ in range(4)]
    pools = Pools(admins[0])
    pool_id = pools.user_pool()
    google = {"UserPoolId": pool_id, "ProviderName": "Google"}
    users = [pools.user(pool_id).username for _ in admins[1:]]
    with ThreadPoolExecutor(len(admins)) as threads:
        for _ in range(share(*ROUNDS) // 2):
            admins[0].create_identity_provider(**google, ProviderType="Google", ProviderDetails=GOOGLE)
            subjects = [unique() for _ in users]
            tries = [
                threads.submit(_link, admin, pool_id, user, subject)
                for admin, user, subject in zip(admins[1:], users, subjects, strict=True)
            ]
            deletion = threads.submit(_code, admins[0].delete_identity_provider, **google)
            assert deletion.result() == ""
            assert {each.result() for each in tries} <= {"", "InvalidParameterException"}
            assert [_linked(admins[1], pool_id, user) for user in users] == [[]] * len(users)
            # Nor does it pass to the next provider of the name.
            admins[0].create_identity_provider(**google, ProviderType="Google", ProviderDetails=GOOGLE)
            other = pools.user(pool_id).username
            for subject in subjects[:2]:
                assert _link(admins[0], pool_id, other, subject) == ""
            admins[0].delete_identity_provider(**google)
