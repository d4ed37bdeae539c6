"""StartWebAuthnRegistration, CompleteWebAuthnRegistration, ListWebAuthnCredentials, DeleteWebAuthnCredential."""

from poolhouse.pool import texts
from poolhouse.pool.call import UserCall
from poolhouse.pool.users import passkeys
from poolhouse.storage.passkeys import PasskeyRow
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


async def start_web_authn_registration(
    call: UserCall, request: shapes.StartWebAuthnRegistrationRequest
) -> shapes.StartWebAuthnRegistrationResponse:
    return shapes.StartWebAuthnRegistrationResponse(CredentialCreationOptions=await passkeys.start(call))


async def complete_web_authn_registration(
    call: UserCall, request: shapes.CompleteWebAuthnRegistrationRequest
) -> shapes.CompleteWebAuthnRegistrationResponse:
    if not isinstance(request.Credential, dict):
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, "Credential")
    await passkeys.complete(call, request.Credential)
    return shapes.CompleteWebAuthnRegistrationResponse()


async def list_web_authn_credentials(
    call: UserCall, request: shapes.ListWebAuthnCredentialsRequest
) -> shapes.ListWebAuthnCredentialsResponse:
    rows, token = await passkeys.list_page(call, request.MaxResults, request.NextToken)
    return shapes.ListWebAuthnCredentialsResponse(Credentials=[_described(row) for row in rows], NextToken=token)


async def delete_web_authn_credential(
    call: UserCall, request: shapes.DeleteWebAuthnCredentialRequest
) -> shapes.DeleteWebAuthnCredentialResponse:
    await passkeys.delete(call, request.CredentialId)
    return shapes.DeleteWebAuthnCredentialResponse()


def _described(row: PasskeyRow) -> shapes.WebAuthnCredentialDescription:
    return shapes.WebAuthnCredentialDescription(
        CredentialId=row.credential_id,
        FriendlyCredentialName=row.name,
        RelyingPartyId=row.relying_party_id,
        AuthenticatorAttachment=row.attachment or None,
        AuthenticatorTransports=row.transports,
        CreatedAt=row.created_at / 1000,
    )
