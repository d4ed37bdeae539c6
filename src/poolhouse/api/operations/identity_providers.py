"""Identity providers, the links of users to them, and the certificate that signs requests to SAML providers."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import identity_providers, saml_certificates
from poolhouse.pool.users import linking
from poolhouse.wire import shapes

DEFAULT_PAGE = 60


async def create_identity_provider(
    call: PoolCall, request: shapes.CreateIdentityProviderRequest
) -> shapes.CreateIdentityProviderResponse:
    return shapes.CreateIdentityProviderResponse(IdentityProvider=await identity_providers.create(call, request))


async def describe_identity_provider(
    call: PoolCall, request: shapes.DescribeIdentityProviderRequest
) -> shapes.DescribeIdentityProviderResponse:
    found = await identity_providers.describe(call, request.ProviderName)
    return shapes.DescribeIdentityProviderResponse(IdentityProvider=found)


async def update_identity_provider(
    call: PoolCall, request: shapes.UpdateIdentityProviderRequest
) -> shapes.UpdateIdentityProviderResponse:
    return shapes.UpdateIdentityProviderResponse(IdentityProvider=await identity_providers.update(call, request))


async def delete_identity_provider(call: PoolCall, request: shapes.DeleteIdentityProviderRequest) -> None:
    await linking.delete_provider(call, request.ProviderName)


async def list_identity_providers(
    call: PoolCall, request: shapes.ListIdentityProvidersRequest
) -> shapes.ListIdentityProvidersResponse:
    page, token = await identity_providers.list_page(call, request.MaxResults or DEFAULT_PAGE, request.NextToken)
    return shapes.ListIdentityProvidersResponse(Providers=page, NextToken=token)


async def get_identity_provider_by_identifier(
    call: PoolCall, request: shapes.GetIdentityProviderByIdentifierRequest
) -> shapes.GetIdentityProviderByIdentifierResponse:
    found = await identity_providers.find_by_identifier(call, request.IdpIdentifier)
    return shapes.GetIdentityProviderByIdentifierResponse(IdentityProvider=found)


async def get_signing_certificate(
    call: PoolCall, request: shapes.GetSigningCertificateRequest
) -> shapes.GetSigningCertificateResponse:
    return shapes.GetSigningCertificateResponse(Certificate=await saml_certificates.signing_certificate(call))


async def admin_link_provider_for_user(
    call: PoolCall, request: shapes.AdminLinkProviderForUserRequest
) -> shapes.AdminLinkProviderForUserResponse:
    await linking.link(call, request.DestinationUser, request.SourceUser)
    return shapes.AdminLinkProviderForUserResponse()


async def admin_disable_provider_for_user(
    call: PoolCall, request: shapes.AdminDisableProviderForUserRequest
) -> shapes.AdminDisableProviderForUserResponse:
    await linking.disable(call, request.User)
    return shapes.AdminDisableProviderForUserResponse()
