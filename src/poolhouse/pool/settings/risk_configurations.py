"""What a pool or a client wants of threat protection: SetRiskConfiguration, DescribeRiskConfiguration (user-pools-api.md §8)."""

from poolhouse.email_address import parse_mailbox
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration import risk_rules
from poolhouse.pool.configuration.snapshots import UserPool, client_does_not_exist
from poolhouse.storage import clients as stored_clients
from poolhouse.storage import risk_configurations as stored
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

_LEVELS = ("LowAction", "MediumAction", "HighAction")
_TEMPLATES = ("BlockEmail", "NoActionEmail", "MfaEmail")


def require_add_on(user_pool: UserPool) -> None:
    """Raises UserPoolAddOnNotEnabledException."""
    if not user_pool.is_watched:
        raise errors.UserPoolAddOnNotEnabledException(texts.ADD_ON_NOT_ENABLED)


async def describe(call: PoolCall, client_id: str | None) -> shapes.RiskConfigurationType:
    """What was set for the client itself, or for the pool; of what was not set nothing but whose it is (GUESS).

    Raises UserPoolAddOnNotEnabledException, ResourceNotFoundException.
    """
    require_add_on(call.user_pool)
    user_pool_id = call.user_pool.id
    await _require_client(call.db, user_pool_id, client_id)
    configured = await stored.list_for_pool(call.db, user_pool_id)
    found = configured.get(client_id or stored.POOL)
    return found or shapes.RiskConfigurationType(UserPoolId=user_pool_id, ClientId=client_id)


async def replace(call: PoolCall, request: shapes.SetRiskConfigurationRequest) -> shapes.RiskConfigurationType:
    """Replace the whole. With nothing but ids the pool has its defaults again, and the client what its pool has (DOC).

    Raises UserPoolAddOnNotEnabledException, ResourceNotFoundException, InvalidParameterException.
    """
    require_add_on(call.user_pool)
    user_pool_id, client_id = call.user_pool.id, request.ClientId
    compromised = request.CompromisedCredentialsRiskConfiguration
    takeover, exceptions = request.AccountTakeoverRiskConfiguration, request.RiskExceptionConfiguration
    made = shapes.RiskConfigurationType(
        UserPoolId=user_pool_id,
        ClientId=client_id,
        CompromisedCredentialsRiskConfiguration=compromised,
        AccountTakeoverRiskConfiguration=takeover,
        RiskExceptionConfiguration=exceptions,
        LastModifiedDate=round(call.now, 3),
    )
    is_reset = compromised is None and takeover is None and exceptions is None

    async def work(tx: Transaction) -> None:
        await _require_client(tx, user_pool_id, client_id)
        _check(made)
        if is_reset:
            await stored.delete(tx, user_pool_id, client_id or stored.POOL)
        else:
            await stored.put(tx, user_pool_id, client_id or stored.POOL, made)

    await call.change(user_pool_id, work)
    return made


async def _require_client(db: Reader, user_pool_id: str, client_id: str | None) -> None:
    if client_id is not None and await stored_clients.get(db, user_pool_id, client_id) is None:
        raise client_does_not_exist(client_id)


def _check(made: shapes.RiskConfigurationType) -> None:
    if made.AccountTakeoverRiskConfiguration is not None:
        _check_takeover(made.AccountTakeoverRiskConfiguration)
    exceptions = made.RiskExceptionConfiguration or shapes.RiskExceptionConfigurationType()
    for given in (*(exceptions.BlockedIPRangeList or ()), *(exceptions.SkippedIPRangeList or ())):
        _check_range(given)


def _check_takeover(takeover: shapes.AccountTakeoverRiskConfigurationType) -> None:
    actions = [getattr(takeover.Actions, level) for level in _LEVELS]
    notify = takeover.NotifyConfiguration
    if notify is None:
        if any(action is not None and action.Notify for action in actions):
            raise errors.InvalidParameterException(texts.NOTIFY_CONFIGURATION_MISSING)
        return
    for member in ("From", "ReplyTo"):
        address = getattr(notify, member)
        if address and parse_mailbox(address) is None:
            raise errors.InvalidParameterException(texts.NOTIFY_ADDRESS_INVALID, member)
    for member in _TEMPLATES:
        template = getattr(notify, member)
        if template is not None and not template.HtmlBody and not template.TextBody:
            raise errors.InvalidParameterException(texts.NOTIFY_EMAIL_WITHOUT_BODY, member)


def _check_range(given: str) -> None:
    """DOC: CIDR, `192.0.2.252/32` for one address."""
    try:
        is_valid = "/" in given and bool(risk_rules.networks([given]))
    except ValueError:
        is_valid = False
    if not is_valid:
        raise errors.InvalidParameterException(texts.NOT_A_CIDR_RANGE, given)
