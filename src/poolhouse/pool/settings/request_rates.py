"""How many requests of each category Cognito takes in a second, counted where `limits = aws` (user-pools-api.md §10.1)."""

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from poolhouse.pool import events, texts
from poolhouse.pool.call import Call
from poolhouse.pool.request_counts import Rate
from poolhouse.storage import request_rates as stored
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors

# GUESS: how much of an adjustable category an account may have at most, as a multiple of what is free.
MOST_TIMES_FREE = 100
_ANSWERS_PER_SIGN_IN = 3  # DOC: so many times its category, answers to challenges are free
_OPERATION_PER_POOL = 5  # DOC: of the categories about a pool's resources and clients
_PER_USER = 10  # DOC: reads, and as many writes
_PER_ADDRESS, _PER_CLIENT, _PER_DOMAIN = 300, 300, 500  # DOC


class Category(msgspec.Struct, frozen=True):
    """requests_per_second: free of charge.  is_adjustable: whether UpdateProvisionedLimit may raise it."""

    requests_per_second: int
    operations: frozenset[str]
    is_adjustable: bool = False


def _of(requests_per_second: int, operations: str, *, is_adjustable: bool = False) -> Category:
    return Category(requests_per_second, frozenset(operations.split()), is_adjustable)


# DOC. Pages and endpoints of a domain stand with the name that logs give them (endpoints.md §18).
CATEGORIES: Mapping[str, Category] = {
    "UserAuthentication": _of(
        120,
        "InitiateAuth AdminInitiateAuth RespondToAuthChallenge AdminRespondToAuthChallenge GetTokensFromRefreshToken "
        "Login_POST Mfa_POST MfaOption_POST MfaRegister_POST GetDerivedToken",
        is_adjustable=True,
    ),
    "UserCreation": _of(
        50,
        "SignUp ConfirmSignUp AdminCreateUser AdminConfirmSignUp Signup_POST Confirm_POST ConfirmUser_GET",
        is_adjustable=True,
    ),
    "UserFederation": _of(25, "", is_adjustable=True),
    "UserAccountRecovery": _of(
        30,
        "ChangePassword ConfirmForgotPassword ForgotPassword AdminResetUserPassword AdminSetUserPassword "
        "ForgotPassword_POST ConfirmForgotPassword_POST ChangePassword_POST",
    ),
    "UserRead": _of(
        120,
        "AdminGetUser AdminGetUserAuthFactors GetUser GetUserAuthFactors UserInfo_GET UserInfo_POST",
        is_adjustable=True,
    ),
    "UserUpdate": _of(
        25,
        "AdminAddUserToGroup AdminRemoveUserFromGroup AdminDeleteUser AdminDeleteUserAttributes AdminUpdateUserAttributes "
        "AdminEnableUser AdminDisableUser AdminLinkProviderForUser AdminDisableProviderForUser AdminUserGlobalSignOut "
        "DeleteUser DeleteUserAttributes UpdateUserAttributes VerifyUserAttribute GlobalSignOut RevokeUserSession "
        "AdminRevokeUserSession",
    ),
    "UserToken": _of(120, "RevokeToken Revoke_POST", is_adjustable=True),
    "UserResourceRead": _of(
        50,
        "AdminGetDevice AdminListDevices GetDevice ListDevices AdminListGroupsForUser AdminListUserAuthEvents "
        "GetUserAttributeVerificationCode ResendConfirmationCode ResendCode_POST ListWebAuthnCredentials ListUserSessions "
        "AdminListUserSessions",
        is_adjustable=True,
    ),
    "UserResourceUpdate": _of(
        25,
        "ConfirmDevice ForgetDevice UpdateDeviceStatus AdminForgetDevice AdminUpdateDeviceStatus AssociateSoftwareToken "
        "VerifySoftwareToken AdminDeleteSoftwareToken SetUserMFAPreference AdminSetUserMFAPreference SetUserSettings "
        "AdminSetUserSettings UpdateAuthEventFeedback AdminUpdateAuthEventFeedback Event_Feedback_POST "
        "StartWebAuthnRegistration CompleteWebAuthnRegistration DeleteWebAuthnCredential",
    ),
    "UserList": _of(30, "ListUsers ListUsersInGroup"),
    "UserPoolRead": _of(15, "DescribeUserPool ListUserPools ListUserPoolReplicas"),
    "UserPoolUpdate": _of(
        15,
        "CreateUserPool UpdateUserPool DeleteUserPool CreateUserPoolReplica UpdateUserPoolReplica "
        "DeleteUserPoolReplica",
    ),
    "UserPoolResourceRead": _of(
        20,
        "DescribeIdentityProvider DescribeResourceServer DescribeUserImportJob DescribeUserPoolDomain GetCSVHeader GetGroup "
        "GetIdentityProviderByIdentifier GetSigningCertificate GetUICustomization GetUserPoolMfaConfig ListGroups "
        "ListIdentityProviders ListResourceServers ListTagsForResource ListUserImportJobs DescribeRiskConfiguration "
        "GetLogDeliveryConfiguration DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient DescribeTerms "
        "DescribeTermsByClient ListTerms GetUserPoolSessionConfiguration",
    ),
    "UserPoolResourceUpdate": _of(
        15,
        "AddCustomAttributes CreateGroup CreateIdentityProvider CreateResourceServer CreateUserImportJob CreateUserPoolDomain DeleteGroup "
        "DeleteIdentityProvider DeleteResourceServer DeleteUserPoolDomain SetUICustomization SetRiskConfiguration "
        "SetUserPoolMfaConfig SetLogDeliveryConfiguration StartUserImportJob StopUserImportJob TagResource UntagResource "
        "UpdateGroup UpdateIdentityProvider UpdateResourceServer UpdateUserPoolDomain CreateManagedLoginBranding "
        "UpdateManagedLoginBranding DeleteManagedLoginBranding CreateTerms UpdateTerms DeleteTerms "
        "SetUserPoolSessionConfiguration",
    ),
    "UserPoolClientRead": _of(
        15,
        "DescribeUserPoolClient ListUserPoolClients ListUserPoolClientSecrets GetUserPoolClientSessionConfiguration",
    ),
    "UserPoolClientUpdate": _of(
        15,
        "CreateUserPoolClient UpdateUserPoolClient DeleteUserPoolClient AddUserPoolClientSecret "
        "DeleteUserPoolClientSecret SetUserPoolClientSessionConfiguration",
    ),
    "ClientAuthentication": _of(150, "GetClientToken"),
    "LimitManagement": _of(1, "GetProvisionedLimit UpdateProvisionedLimit"),
}
CATEGORY_OF = {operation: name for name, category in CATEGORIES.items() for operation in category.operations}
_ANSWERS = frozenset({"RespondToAuthChallenge", "AdminRespondToAuthChallenge"})
_BY_POOL = frozenset({"UserPoolResourceRead", "UserPoolResourceUpdate", "UserPoolClientRead", "UserPoolClientUpdate"})
# GUESS: which categories read and which write; the guide has only examples.
_OF_USER = {
    **dict.fromkeys(("UserAuthentication", "UserRead", "UserResourceRead"), "read"),
    **dict.fromkeys(("UserCreation", "UserAccountRecovery", "UserUpdate", "UserResourceUpdate"), "write"),
}


class Asked(msgspec.Struct, frozen=True):
    """What a request of the JSON API names, unproven. user_pool: its id, or that of a client.  user: a name or an access token."""

    user_pool: str = ""
    user: str = ""
    is_new_password: bool = False


async def count(call: Call, asked: Asked) -> None:
    """Count a request of the JSON API. Raises TooManyRequestsException."""
    name = "UserAccountRecovery" if asked.is_new_password else CATEGORY_OF[call.operation]
    rates = []
    if name in _BY_POOL and asked.user_pool:
        rates.append(Rate(f"{asked.user_pool}/{call.operation}", _OPERATION_PER_POOL))
    if name in _OF_USER and asked.user:
        whose = hashlib.sha256(f"{asked.user_pool} {asked.user}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        rates.append(Rate(f"{_OF_USER[name]}/{whose}", _PER_USER))
    if call.operation in _ANSWERS and not asked.is_new_password:
        allowance = CATEGORIES[name].requests_per_second * _ANSWERS_PER_SIGN_IN
        answers = Rate(f"{name}/answers", allowance, name, _ANSWERS_PER_SIGN_IN)
        exceeded = await call.house.request_counts.count(call.write, [*rates, answers])
        if exceeded != answers:
            _refuse(exceeded)
            return
        rates = []  # what is more counts as sign-ins (DOC)
    _refuse(await call.house.request_counts.count(call.write, [*rates, _of_category(name)]))


async def count_for_domain(call: Call, user_pool_id: str, client_id: str, grant_type: str) -> None:
    """Count a request to a page or an endpoint of a domain. client_id, grant_type: as sent. Raises TooManyRequestsException."""
    rates = [
        Rate(f"{user_pool_id}/address/{call.remote_ip}", _PER_ADDRESS),
        Rate(f"{user_pool_id}/domain", _PER_DOMAIN),
    ]
    if client_id:
        whose = hashlib.sha256(client_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        rates.append(Rate(f"{user_pool_id}/client/{whose}", _PER_CLIENT))
    if call.operation == "Token_POST":
        rates.append(_of_grant(grant_type))
    elif call.operation in CATEGORY_OF:
        rates.append(_of_category(CATEGORY_OF[call.operation]))
    _refuse(await call.house.request_counts.count(call.write, rates))


def _of_category(name: str) -> Rate:
    return Rate(name, CATEGORIES[name].requests_per_second, name)


def _of_grant(grant_type: str) -> Rate:
    if grant_type == "client_credentials":
        return _of_category("ClientAuthentication")
    sign_in = _of_category("UserAuthentication")
    # DOC: redeeming codes has an allowance of its own, of the same size.
    return replace(sign_in, counted=f"{sign_in.counted}/codes") if grant_type == "authorization_code" else sign_in


def _refuse(exceeded: Rate | None) -> None:
    if exceeded is not None:
        detail = f"{exceeded.counted}: more than its rate"
        raise errors.TooManyRequestsException(texts.RATE_EXCEEDED, detail=detail)


# -- provisioned limits


class Limit(msgspec.Struct, frozen=True):
    provisioned: int
    free: int


def _category(limit_class: str, attributes: Mapping[str, str]) -> tuple[str, Category]:
    """Raises InvalidParameterException, ResourceNotFoundException."""
    name = attributes.get("Category", "")
    if limit_class != "API_CATEGORY" or attributes.keys() != {"Category"}:
        raise errors.InvalidParameterException(texts.LIMIT_DEFINITION_INVALID)
    if name not in CATEGORIES:
        raise errors.ResourceNotFoundException(texts.LIMIT_DOES_NOT_EXIST, name)
    return name, CATEGORIES[name]


async def describe(call: Call, limit_class: str, attributes: Mapping[str, str]) -> Limit:
    """Raises InvalidParameterException, ResourceNotFoundException."""
    name, category = _category(limit_class, attributes)
    provisioned = (await stored.provisioned(call.db)).get(name, category.requests_per_second)
    return Limit(provisioned, category.requests_per_second)


async def provision(call: Call, limit_class: str, attributes: Mapping[str, str], requested: int) -> Limit:
    """Raises InvalidParameterException (not adjustable), ResourceNotFoundException, ServiceQuotaExceededException."""
    name, category = _category(limit_class, attributes)
    free = category.requests_per_second
    if not category.is_adjustable:
        raise errors.InvalidParameterException(texts.LIMIT_NOT_ADJUSTABLE, name)
    if not free <= requested <= free * MOST_TIMES_FREE:
        raise errors.ServiceQuotaExceededException(texts.LIMIT_OUT_OF_RANGE, str(free), str(free * MOST_TIMES_FREE))

    async def work(tx: Transaction) -> None:
        await stored.provision(tx, name, requested)
        await call.record(tx, events.ConfigurationChanged(user_pool_id=""))  # it is of all pools

    await call.write(work)
    return Limit(requested, free)
