"""AdminListUserAuthEvents, AdminUpdateAuthEventFeedback and UpdateAuthEventFeedback."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.users import auth_events
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.wire import shapes

DEFAULT_PAGE = 60  # DOC: an absent MaxResults, and 0


async def admin_list_user_auth_events(
    call: PoolCall, request: shapes.AdminListUserAuthEventsRequest
) -> shapes.AdminListUserAuthEventsResponse:
    limit = request.MaxResults or DEFAULT_PAGE
    page, next_token = await auth_events.list_page(call, request.Username, limit, request.NextToken)
    return shapes.AdminListUserAuthEventsResponse(AuthEvents=[_event(each) for each in page], NextToken=next_token)


def _event(event: AuthEvent) -> shapes.AuthEventType:
    return shapes.AuthEventType(
        EventId=event.event_id,
        EventType=event.event_type,
        CreationDate=event.created_at / 1000,
        EventResponse=event.response,
        EventRisk=shapes.EventRiskType(
            RiskDecision=event.risk_decision,
            RiskLevel=event.risk_level or None,
            CompromisedCredentialsDetected=event.is_compromised,
        ),
        ChallengeResponses=[
            shapes.ChallengeResponseType(ChallengeName=name, ChallengeResponse=result)
            for name, result in event.challenges
        ],
        EventContextData=shapes.EventContextDataType(
            IpAddress=event.ip_address or None, DeviceName=event.device_name or None, Timezone=event.timezone or None
        ),
        EventFeedback=_feedback(event),
    )


def _feedback(event: AuthEvent) -> shapes.EventFeedbackType | None:
    if not event.feedback:
        return None
    return shapes.EventFeedbackType(
        FeedbackValue=event.feedback, Provider=event.feedback_provider, FeedbackDate=event.feedback_at / 1000
    )


async def admin_update_auth_event_feedback(
    call: PoolCall, request: shapes.AdminUpdateAuthEventFeedbackRequest
) -> shapes.AdminUpdateAuthEventFeedbackResponse:
    await auth_events.admin_feedback(call, request.Username, request.EventId, request.FeedbackValue)
    return shapes.AdminUpdateAuthEventFeedbackResponse()


async def update_auth_event_feedback(
    call: PoolCall, request: shapes.UpdateAuthEventFeedbackRequest
) -> shapes.UpdateAuthEventFeedbackResponse:
    await auth_events.user_feedback(
        call, request.Username, request.EventId, request.FeedbackToken, request.FeedbackValue
    )
    return shapes.UpdateAuthEventFeedbackResponse()
