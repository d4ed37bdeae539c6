"""Cognito's exact texts, each with its source. An unverified text is marked GUESS or GUESS+ (docs/behaviour/README.md).

Sources: DOC official text; OBS seen on the real service (OBS°: by several, without a citation);
GUESS+ repeated everywhere, no citation held; GUESS our choice.

Errors take them as they are, with what goes into their `{}` behind (errors.py); nobody else formats them (tools/check_texts.py).
"""

from poolhouse.errors import Text

# -- resources
USER_POOL_DOES_NOT_EXIST = "User pool {} does not exist."  # GUESS+
CLIENT_DOES_NOT_EXIST = "User pool client {} does not exist."  # OBS app docs

# -- tokens
INVALID_ACCESS_TOKEN = "Invalid Access Token"  # OBS app code
EXPIRED_ACCESS_TOKEN = "Access Token has expired"  # OBS app code
REVOKED_ACCESS_TOKEN = "Access Token has been revoked"  # DOC
ACCESS_TOKEN_WITHOUT_SCOPE = "Access Token does not have required scopes"  # OBS app code
INVALID_REFRESH_TOKEN = "Invalid Refresh Token"  # GUESS+
EXPIRED_REFRESH_TOKEN = "Refresh Token has expired"  # GUESS+
REVOKED_REFRESH_TOKEN = "Refresh Token has been revoked"  # GUESS+
REUSED_REFRESH_TOKEN = "Refresh token reuse detected"  # GUESS: user-pools-api.md §11 point 7
TOKEN_REVOCATION_DISABLED = "Token revocation is not enabled for this client."  # GUESS
UNSUPPORTED_TOKEN_TYPE = "Unsupported token type"  # GUESS
UNAUTHORIZED_CLIENT = "Invalid client credentials"  # GUESS

# -- messages
EMAIL_NOT_SENT = "The e-mail could not be sent."  # GUESS: no text of CodeDeliveryFailureException is known
SMS_NOT_SENT = "The SMS message could not be sent."  # GUESS, as the former

# -- client authentication
UNABLE_TO_VERIFY_SECRET_HASH = "Unable to verify secret hash for client {}"  # OBS app code
SECRET_HASH_NOT_RECEIVED = "Client {} is configured with secret but SECRET_HASH was not received"  # OBS app code

# -- sign-in
INCORRECT_USERNAME_OR_PASSWORD = "Incorrect username or password."  # OBS app code
USER_DOES_NOT_EXIST = "User does not exist."  # OBS
USER_IS_DISABLED = "User is disabled."  # OBS
USER_IS_DISABLED_TO_RESET = "User is disabled"  # moto (AdminResetUserPassword)
USER_IS_NOT_CONFIRMED = "User is not confirmed."  # OBS app code
PASSWORD_RESET_REQUIRED = "Password reset required for the user"  # GUESS+
TEMPORARY_PASSWORD_EXPIRED = "Temporary password has expired and must be reset by an administrator."  # OBS app code
INVALID_SESSION = "Invalid session for the user."  # OBS app code
EXPIRED_SESSION = "Invalid session for the user, session is expired."  # OBS app code
SPENT_SESSION = "Invalid session for the user, session can only be used once."  # OBS app code
FLOW_NOT_SUPPORTED = "Initiate Auth method not supported."  # GUESS+
FLOW_NOT_ENABLED = "{} flow not enabled for this client"  # GUESS+
CUSTOM_FLOW_NOT_ENABLED = "CUSTOM_AUTH is not enabled for the client."  # OBS app code
CUSTOM_FLOW_WITHOUT_TRIGGER = "Custom auth lambda trigger is not configured for the user pool."  # OBS app code
ADMIN_FLOW_NOT_ENABLED = "Auth flow not enabled for this client"  # GUESS+
MISSING_PARAMETER = "Missing required parameter {}"  # GUESS+
MISSING_ATTRIBUTE = "Invalid attributes given, {} is missing"  # OBS app code
ATTRIBUTE_ALREADY_PROVIDED = "Cannot modify an already provided {}"  # GUESS+
INVALID_SRP_A = "Invalid SRP_A value"  # GUESS
FLOW_NOT_BUILT = "{} is not available in poolhouse yet; see `poolhouse operations`."  # poolhouse

# -- users: limits
PASSWORD_ATTEMPTS_EXCEEDED = "Password attempts exceeded"  # OBS
ATTEMPT_LIMIT_EXCEEDED = "Attempt limit exceeded, please try after some time."  # OBS app code
TOO_MANY_REQUESTS = "Too many requests"  # GUESS+

# -- users: sign-up and confirmation
USER_ALREADY_EXISTS = "User already exists"  # DOC
USER_ACCOUNT_ALREADY_EXISTS = "User account already exists"  # GUESS+ (AdminCreateUser)
ALIAS_EXISTS = "An account with the given {} already exists."  # OBS
SIGN_UP_NOT_PERMITTED = "SignUp is not permitted for this user pool"  # GUESS+
USERNAME_WITH_UNSEEN = (
    "1 validation error detected: Value at 'username' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+"  # DOC the form; poolhouse the rule
)
USERNAME_OF_PROVIDER = "Usernames that begin with {} are for users of an identity provider."  # poolhouse
USERNAME_SHOULD_BE_EMAIL = "Username should be an email."  # GUESS+
USERNAME_SHOULD_BE_PHONE_NUMBER = "Username should be a phone number."  # GUESS+
USERNAME_SHOULD_BE_EITHER = "Username should be either an email or a phone number."  # OBS app code
USERNAME_OF_EMAIL_FORMAT = (
    "Username cannot be of email format, since user pool is configured for email alias."  # OBS app code
)
USERNAME_OF_PHONE_FORMAT = (
    "Username cannot be of phone number format, since user pool is configured for phone number alias."  # GUESS+
)
PREFERRED_USERNAME_OF_EMAIL_FORMAT = (
    "Preferred username cannot be of email format, since user pool is configured for email alias."  # GUESS
)
PREFERRED_USERNAME_OF_PHONE_FORMAT = (
    "Preferred username cannot be of phone number format, "
    "since user pool is configured for phone number alias."  # GUESS
)
USER_ID_CLIENT_COMBINATION_NOT_FOUND = "Username/client id combination not found."  # OBS app code
USER_CANNOT_BE_CONFIRMED = "User cannot be confirmed. Current status is {}"  # OBS
USER_IS_ALREADY_CONFIRMED = "User is already confirmed."  # OBS
AUTO_VERIFICATION_NOT_ON = "Auto verification not turned on."  # GUESS+
CODE_MISMATCH = "Invalid verification code provided, please try again."  # OBS app code
CODE_EXPIRED = "Invalid code provided, please request a code again."  # OBS app code
PASSWORD_REQUIRED = "Password is required for the user pool configuration"  # GUESS

# -- users: passwords
PASSWORD_DID_NOT_CONFORM = "Password did not conform with policy: {}"  # OBS; which operations: GUESS+
PASSWORD_DOES_NOT_CONFORM = "Password does not conform to policy: {}"  # OBS; which operations: GUESS+
PASSWORD_TOO_SHORT = "Password not long enough"  # OBS app code
PASSWORD_WITHOUT_UPPERCASE = "Password must have uppercase characters"  # OBS app code
PASSWORD_WITHOUT_LOWERCASE = "Password must have lowercase characters"  # OBS app code
PASSWORD_WITHOUT_NUMBER = "Password must have numeric characters"  # OBS app code
PASSWORD_USED_BEFORE = "Password has previously been used"  # GUESS
PASSWORD_WITHOUT_SYMBOL = "Password must have symbol characters"  # OBS app code
NO_RECOVERY_CHANNEL = (
    "Cannot reset password for the user as there is no registered/verified email or phone_number"  # OBS app code
)
PASSWORD_CANNOT_BE_RESET = "User password cannot be reset in the current state."  # OBS
CONTACT_ADMINISTRATOR = "Contact administrator to reset password."  # moto
RESEND_NOT_POSSIBLE = "Resend not possible. {} status is not FORCE_CHANGE_PASSWORD"  # GUESS+

# -- users: attributes
ATTRIBUTES_DID_NOT_CONFORM = "Attributes did not conform to the schema: {}"  # OBS app code
INVALID_USER_ATTRIBUTES = "Invalid user attributes: {}"  # moto tests
USER_ATTRIBUTE = "user.{}"  # moto tests: each problem in INVALID_USER_ATTRIBUTES begins so
ATTRIBUTE_REQUIRED = "{}: The attribute is required\n"  # OBS app code
ATTRIBUTE_UNKNOWN = "{}: Attribute does not exist in the schema.\n"  # OBS app code
ATTRIBUTE_IMMUTABLE = "user.{}: Attribute cannot be updated.\n(changing an immutable attribute)"  # GUESS+
ATTRIBUTE_TOO_SHORT = "{}: String must be at least {} characters long\n"  # GUESS
ATTRIBUTE_TOO_LONG = "{}: String must be at most {} characters long\n"  # GUESS
ATTRIBUTE_TOO_SMALL = "{}: Number must be at least {}\n"  # GUESS
ATTRIBUTE_TOO_LARGE = "{}: Number must be at most {}\n"  # GUESS
ATTRIBUTE_WRONG_TYPE = "{}: Value is not of type {}\n"  # GUESS
ATTRIBUTE_WITH_CONTROL_CHARACTER = "{}: Value has a character that cannot be stored\n"  # poolhouse
INVALID_EMAIL = "Invalid email address format."  # OBS app code
INVALID_PHONE_NUMBER = "Invalid phone number format."  # OBS app code
WRITE_NOT_AUTHORIZED = "A client attempted to write unauthorized attribute"  # OBS app code
EMAIL_NEEDED_TO_VERIFY = "Email is required to verify/un-verify an email"  # GUESS+
PHONE_NUMBER_NEEDED_TO_VERIFY = "Phone Number is required to verify/un-verify a phone number"  # GUESS+
NOTHING_TO_VERIFY = "User does not have a {} to verify."  # GUESS
NOT_VERIFIABLE = "Only email and phone_number can be verified."  # GUESS

# -- users: ListUsers
FILTER_NOT_PARSED = "Error while parsing filter"  # moto tests
FILTER_ATTRIBUTE_INVALID = "Invalid search attribute: {}"  # moto tests
ATTRIBUTES_TO_GET_INVALID = "Input fails to satisfy the constraints."  # OBS sample-collaborative-ai-dlc#52


# -- tokens for machines and services
CLIENT_TOKEN_NOT_ENABLED = "ALLOW_CLIENT_TOKEN_AUTH is not enabled for the client."  # GUESS
CLIENT_TOKEN_WITHOUT_SCOPE = "The client has no scope of a resource server."  # GUESS
CLIENT_TOKEN_NOT_ALONE = "ALLOW_CLIENT_TOKEN_AUTH must be the only authentication flow."  # GUESS: rule is DOC
CLIENT_TOKEN_NEEDS_SECRET = "ALLOW_CLIENT_TOKEN_AUTH needs a client secret."  # GUESS: rule is DOC
TOKEN_EXCHANGE_NOT_ENABLED = "{} is not enabled for the client."  # GUESS
FOREIGN_TOKEN_NOT_BUILT = (
    "SAML assertions and tokens of other providers are not available in poolhouse yet."  # poolhouse
)
INVALID_TOKEN = "Invalid Token"  # GUESS
ACTOR_TOKEN_TYPE_MISSING = "ActorTokenType is required with ActorToken."  # GUESS: rule is DOC
AUDIENCE_AND_RESOURCE = "Audiences and Resources can not be requested together."  # GUESS: rule is DOC

# -- sessions
SESSIONS_NOT_TRACKED = "Session tracking is not enabled for the user pool."  # GUESS: rule is DOC
SESSION_DOES_NOT_EXIST = "Session does not exist."  # GUESS
OWN_SESSION_STAYS = "The session of the access token can not be revoked by itself."  # GUESS: rule is DOC

# -- limits
RATE_EXCEEDED = "Rate exceeded"  # GUESS+
LIMIT_DEFINITION_INVALID = "LimitDefinition must be of API_CATEGORY with the attribute Category."  # GUESS
LIMIT_DOES_NOT_EXIST = "There is no category {}."  # GUESS
LIMIT_NOT_ADJUSTABLE = "The limit of {} can not be changed."  # GUESS: rule is DOC
LIMIT_OUT_OF_RANGE = "The limit must be between {} and {}."  # GUESS: rule is DOC
QUOTA_EXCEEDED = "The limit of {} is exceeded."  # GUESS

# -- CSV user import
IMPORT_JOB_DOES_NOT_EXIST = "User import job does not exist."  # GUESS
IMPORT_NEEDS_AUTO_VERIFIED = "The user pool has no auto verified attributes."  # GUESS: rule is DOC
IMPORT_FILE_MISSING = "The import job has no file. Upload one to its PreSignedUrl."  # GUESS
IMPORT_NOT_STARTABLE = "The import job was started before, or has expired."  # GUESS: rule is DOC
IMPORT_OTHER_RUNS = "Another import job is active."  # GUESS: rule is DOC
IMPORT_NOT_STOPPABLE = "The import job is not running."  # GUESS
IMPORT_IN_PROGRESS = "The user pool has a user import job that is running."  # GUESS
IMPORT_SUCCEEDED = "The user import job has completed."  # GUESS+
IMPORT_STOPPED = "The Import Job was stopped by the developer."  # DOC
IMPORT_TOO_MANY_FAILED = "Too many users have failed or been skipped during the import."  # DOC
IMPORT_FILE_GONE = "The rest of the CSV file has expired."  # GUESS
IMPORT_TOO_MANY_ROWS = "The CSV file has more than {} rows."  # GUESS: rule is DOC
IMPORT_LINE_SUCCEEDED = "The import succeeded."  # DOC
IMPORT_SKIPPED = "The user already exists."  # DOC
NOTHING_AUTO_VERIFIED = (  # DOC
    "The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true)."
)

# -- looks, terms, replicas
MEMBER_IS_NULL = (
    "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null"  # OBS
)
CUSTOMIZATION_NEEDS_DOMAIN = "There has to be an existing domain associated with this user pool"  # GUESS+
CUSTOMIZATION_TOO_LARGE = "request parameters too large"  # DOC
CSS_NOT_ALLOWED = "The CSS is not allowed: {}"  # GUESS: rule is DOC
IMAGE_NOT_SUPPORTED = "ImageFile must be a PNG or JPEG image."  # GUESS: rule is DOC
BRANDING_DOES_NOT_EXIST = "Managed login branding does not exist."  # GUESS
BRANDING_EXISTS = "Managed login branding already exists for the app client."  # GUESS
TOO_MANY_BRANDINGS = "A user pool can have at most {} managed login styles."  # GUESS: limit is DOC
BRANDING_PROVIDED_AND_OWN = "Settings and Assets can not be set with UseCognitoProvidedValues."  # GUESS: rule is DOC
BRANDING_SETTINGS_INVALID = "Settings must have the members categories, componentClasses and components."  # GUESS
ASSET_EXTENSION_INVALID = "The extension {} is not allowed for assets of {}."  # GUESS: rule is DOC
TOO_MANY_ASSETS = "A managed login style can have at most {} assets."  # GUESS: limit is DOC
ASSET_INVALID = "The asset of {} is not a file of its extension."  # GUESS
TERMS_DO_NOT_EXIST = "Terms do not exist."  # GUESS
TERMS_EXIST = "The app client already has terms with the name {}."  # GUESS: rule is DOC
TOO_MANY_TERMS = "A user pool can have at most {} terms documents."  # GUESS: limit is DOC
TERMS_LINK_INVALID = "Links must be absolute addresses of http or https."  # GUESS
REPLICAS_NOT_AVAILABLE = "This server is one Region: a user pool has its primary replica and no other."  # poolhouse
REPLICA_DOES_NOT_EXIST = "The user pool has no replica in {}."  # GUESS
PRIMARY_REPLICA_STAYS = "The primary replica can be neither deactivated nor deleted."  # GUESS: rule is DOC

# -- identity providers
PAGE_PROVIDERS_NOT_BUILT = "Sign-in through identity providers is not available in poolhouse yet"  # poolhouse
SIGN_IN_THROUGH_PROVIDER_NOT_BUILT = "Sign-in through {} is not available in poolhouse yet"  # poolhouse
IDENTITY_PROVIDER_DOES_NOT_EXIST = "Identity provider {} does not exist."  # GUESS+
IDENTITY_PROVIDER_EXISTS = "A provider with the name {} already exists."  # GUESS
TOO_MANY_IDENTITY_PROVIDERS = "A user pool can have at most {} identity providers."  # GUESS: limit is DOC
IDP_IDENTIFIER_TAKEN = "The identifier {} belongs to another provider of the user pool."  # GUESS: rule is DOC
PROVIDER_NAME_OF_TYPE = "Provider {} cannot be of type {}."  # OBS hashicorp/terraform-provider-aws#4822
PROVIDER_KEY_UNKNOWN = "{} is not a valid key for {} identity provider details."  # OBS terraform-provider-aws#36311
PROVIDER_KEY_MISSING = "{} is required for {} identity provider details."  # GUESS
PROVIDER_VALUE_INVALID = "{} has not a valid value for {} identity provider details."  # GUESS
ATTRIBUTE_MAPPING_INVALID = "AttributeMapping contains invalid mapping: [{}]"  # OBS aws/aws-cli#9729
ATTRIBUTE_MAPPING_USERNAME = "The attribute username of a {} identity provider maps to {}."  # GUESS: rule is DOC
ACR_MAPPING_NOT_OIDC = "AcrMapping is for OIDC providers only."  # GUESS: rule is DOC
SAML_METADATA_MISSING = "Exactly one of MetadataURL and MetadataFile is required."  # GUESS: rule is DOC
SAML_METADATA_NOT_READ = "Error retrieving metadata from {}"  # DOC
SAML_METADATA_INVALID = "Invalid SAML metadata."  # GUESS
SAML_METADATA_NO_REDIRECT = (
    "No SingleSignOn Http redirect binding location found in metadata."  # OBS ssoready/dummyidp#10
)
SAML_CERTIFICATES_EXPIRED = "Signing certificates are expired"  # OBS terraform-provider-aws#36912
IDP_INIT_WITH_OTHERS = (
    "A provider with IDPInit can only be combined with SAML providers "
    "in SupportedIdentityProviders."  # GUESS: rule is DOC
)
LINK_SOURCE_IS_LOCAL = (
    "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, "
    "only as a DestinationUser"
)  # OBS amplify-js#13334
LINK_SOURCE_EXISTS = (
    "Merging is not currently supported, provide a SourceUser "
    "that has not been signed up in order to link"  # OBS aws-sdk-net#1000
)
LINK_SOURCE_TAKEN = "SourceUser is already linked to DestinationUser"  # GUESS; the class OBS amplify-js#497
LINK_SOURCE_TOO_LONG = (
    "The name, attribute and value of SourceUser can not be longer than 128 characters "
    "together."  # GUESS: the rule OBS aws-sdk-js-v3#6985
)
LINK_USER_INCOMPLETE = "{} needs ProviderName, ProviderAttributeName and ProviderAttributeValue."  # GUESS
LINK_ATTRIBUTE_INVALID = "{} is neither Cognito_Subject nor a mapped attribute of the provider."  # GUESS: rule is DOC
TOO_MANY_LINKS = "A user can have at most {} linked identities."  # GUESS: limit is DOC
TOO_MANY_LINK_ATTRIBUTES = "Identities of a provider can be linked by at most {} attributes."  # GUESS: limit is DOC

# -- users: passkeys. No text is known: GUESS, all of them
WEB_AUTHN_NOT_ENABLED = "WebAuthn is not enabled for the user pool."
WEB_AUTHN_NO_RELYING_PARTY = "The user pool has neither a RelyingPartyId nor a domain."
WEB_AUTHN_NO_CHALLENGE = "No WebAuthn registration was started, or it has ended."
WEB_AUTHN_CLIENT_MISMATCH = "The WebAuthn registration was started by another app client."
WEB_AUTHN_ORIGIN_NOT_ALLOWED = "The origin of the credential is not allowed for the relying party."
WEB_AUTHN_PARTY_MISMATCH = "The credential was made for another relying party."
WEB_AUTHN_NOT_SUPPORTED = "The credential is not supported."
WEB_AUTHN_KNOWN = "The credential is registered already."
WEB_AUTHN_TOO_MANY = "A user can have at most 20 passkeys."
WEB_AUTHN_NO_CREDENTIAL = "The user has no such passkey."
WEB_AUTHN_MALFORMED = "Invalid {} given."
WEB_AUTHN_MFA_ALONE = "Passkey MFA needs another MFA method beside it."

# -- users: devices
DEVICE_DOES_NOT_EXIST = "Device does not exist."  # GUESS+
DEVICE_KEY_INVALID = "Invalid device key given."  # GUESS+
DEVICE_KEY_EXISTS = "Device already exists."  # GUESS
DEVICE_VERIFIER_INVALID = "Invalid DeviceSecretVerifierConfig given."  # GUESS
DEVICES_NOT_TRACKED = "Device tracking is not enabled for the user pool."  # GUESS: rule is DOC

# -- users: second factors
SOFTWARE_TOKEN_NOT_IN_POOL = "Software Token MFA has not been enabled by the userPool"  # GUESS+
SOFTWARE_TOKEN_NOT_ASSOCIATED = "Software Token MFA has not been associated for the user"  # GUESS
SOFTWARE_TOKEN_NOT_VERIFIED = "User has not verified software token mfa"  # GUESS+
SOFTWARE_TOKEN_MISMATCH = "Code mismatch"  # GUESS+
SOFTWARE_TOKEN_CODE_WRONG = "Invalid code received for user"  # GUESS+
SOFTWARE_TOKEN_CODE_USED = "Your software token has already been used once."  # OBS moto aws_verified
SIGN_IN_CODE_WRONG = "Invalid code or auth state for the user."  # OBS 2026 runbook
MFA_NO_DELIVERY = "User does not have delivery config set to turn on {}"  # GUESS+
MFA_FACTOR_NOT_IN_POOL = "{} is not enabled for the user pool."  # GUESS
MFA_TWO_PREFERRED = "Only one MFA type can be preferred."  # GUESS: rule is DOC
MFA_PREFERRED_NOT_ENABLED = "{} has to be enabled to be preferred."  # GUESS: rule is DOC
MFA_CANNOT_BE_DISABLED = "MFA can not be disabled: the user pool requires it."  # GUESS: rule is DOC
MFA_METHOD_NOT_FOUND = "No MFA mechanism registered in the account."  # GUESS+
MFA_OPTION_INVALID = (
    "SetUserSettings takes DeliveryMedium SMS for the attribute phone_number only."  # GUESS: rule is DOC
)
TOKEN_OR_SESSION_REQUIRED = "Either AccessToken or Session must be provided."  # GUESS
MFA_CHOICE_INVALID = "{} is not one of the choices."  # GUESS


# -- user pool configuration
DELETION_PROTECTED = (
    "The user pool cannot be deleted because deletion protection is activated. "
    "Deletion protection must be inactivated first."
)  # OBS localstack/localstack#11947
USER_POOL_HAS_DOMAIN = (
    "User pool cannot be deleted. It has a domain configured that should be deleted "
    "first."  # OBS hashicorp/terraform-provider-aws#16479
)
ALIAS_AND_USERNAME_ATTRIBUTES = (
    "Only one of the aliasAttributes or usernameAttributes can be set in a user pool."  # OBS app docs
)
ALIAS_CANNOT_BE_REQUIRED = (
    "preferred_username can not be a required attribute when it is an alias."  # GUESS: rule is DOC
)
TEMPORARY_PASSWORD_DAYS_TWICE = (
    "Please use TemporaryPasswordValidityDays in PasswordPolicy "
    "instead of UnusedAccountValidityDays"  # OBS hashicorp/terraform-provider-aws#8827
)
MFA_NEEDS_SMS = "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"  # OBS aws-cdk#12075
MFA_NEEDS_A_FACTOR = (
    "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided."  # GUESS+
)
MFA_NEEDS_SMS_CONFIGURATION = "[SmsConfiguration] is a required member of [SoftwareTokenMfaConfiguration]."  # GUESS+
EMAIL_MFA_NEEDS_DEVELOPER = (
    "Email MFA requires EmailSendingAccount DEVELOPER in EmailConfiguration."  # GUESS: rule is DOC
)
FIRST_FACTOR_SOFTWARE_TOKEN = "SOFTWARE_TOKEN is not a valid value for AllowedFirstAuthFactors."  # GUESS: rule is DOC
FIRST_FACTOR_PASSWORD_MISSING = "AllowedFirstAuthFactors must include PASSWORD."  # GUESS: rule is DOC
FIRST_FACTOR_OTP_WITH_MFA = "EMAIL_OTP and SMS_OTP can not be first factors when MFA is required."  # GUESS: rule is DOC
PRE_TOKEN_ARNS_DIFFER = (
    "PreTokenGeneration and PreTokenGenerationConfig.LambdaArn must be identical."  # GUESS: rule is DOC
)
SENDER_NEEDS_KMS_KEY = "KMSKeyID is required with CustomSMSSender or CustomEmailSender."  # GUESS: rule is DOC
MESSAGE_INVALID = "The message is invalid."  # OBS aws/aws-cli#8280
INVITATION_PLACEHOLDERS = "The invitation message must contain {username} and {####}."  # GUESS: rule is DOC
UPDATE_VERIFICATION_NOT_AUTOMATIC = (
    "All attributes in AttributesRequireVerificationBeforeUpdate must exist in "
    "AutoVerifiedAttributes"  # OBS aws/aws-cli#7151
)
RECOVERY_ADMIN_ONLY = (
    "Invalid account recovery setting parameter. Account recovery setting cannot use admin_only setting with any other "
    "recovery mechanisms."
)  # OBS app docs
RECOVERY_DUPLICATE = "Invalid account recovery setting parameter. Names and priorities must be unique."  # GUESS
DEVELOPER_NEEDS_SOURCE_ARN = "SourceArn is required when EmailSendingAccount is DEVELOPER."  # GUESS: rule is DOC
SMS_ONE_SENDER = "Exactly one of SnsCallerArn and EumsSms must be set in SmsConfiguration."  # GUESS: rule is DOC
KMS_KEY_MISSING = "KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY."  # GUESS
ACR_NAMES_NOT_UNIQUE = "The AcrValue of each level must be unique."  # GUESS: rule is DOC
FEATURE_UNAVAILABLE_IN_TIER = "{} is not available in the {} tier."  # GUESS: user-pools-api.md §11 point 7
TIER_CHANGE_NOT_ALLOWED = (
    "The user pool uses {}, which is not available in the {} tier."  # GUESS: user-pools-api.md §11 point 7
)

# -- threat protection
ADD_ON_NOT_ENABLED = "User pool add-on is not enabled."  # GUESS
NOT_A_CIDR_RANGE = "{} is not a valid IP address range in CIDR notation."  # GUESS: rule is DOC
NOTIFY_CONFIGURATION_MISSING = "NotifyConfiguration is required when Notify is true."  # GUESS
NOTIFY_ADDRESS_INVALID = "{} in NotifyConfiguration is not a valid email address."  # GUESS
NOTIFY_EMAIL_WITHOUT_BODY = "{} needs an HtmlBody or a TextBody."  # GUESS: rule is DOC
CONTEXT_ADDRESS_INVALID = "IpAddress is not a valid IPv4 or IPv6 address."  # GUESS: rule is DOC
SIGN_IN_BLOCKED = "Unable to login because of security reasons."  # OBS app code
REQUEST_BLOCKED = "Request not allowed due to security reasons."  # OBS app code: addresses that are always blocked
PASSWORD_COMPROMISED = "Provided password cannot be used for security reasons."  # OBS app code
AUTH_EVENT_DOES_NOT_EXIST = "Event {} does not exist."  # GUESS
INVALID_FEEDBACK_TOKEN = "Invalid feedback token."  # GUESS

# -- log delivery
LOG_DESTINATION_INVALID = (
    "userAuthEvents logs need exactly one of CloudWatchLogsConfiguration, S3Configuration and "
    "FirehoseConfiguration."  # GUESS: rule is DOC
)
LOG_NOTIFICATION_DESTINATION = (
    "userNotification logs need CloudWatchLogsConfiguration, and no other destination."  # GUESS: rule is DOC
)
LOG_LEVEL_INVALID = "LogLevel {} is not supported for {}."  # GUESS: rule is DOC
LOG_SOURCE_TWICE = "{} can be configured only once."  # GUESS: rule is DOC
LOG_LEADS_NOWHERE = "{} leads nowhere: the table log_delivery of poolhouse.toml has no row for it."  # poolhouse

# -- user pool tags
TOO_MANY_TAGS = "A user pool can have at most 50 tags."  # GUESS: limit is DOC
CUSTOM_ID_INVALID = "The tag _custom_id_ must match [\\w-]+_[0-9a-zA-Z]+ with at most 55 characters."  # poolhouse
CUSTOM_ID_TAKEN = "User pool {} already exists."  # poolhouse
CUSTOM_ID_CHANGED = "The tag _custom_id_ can only be set when the user pool is created."  # poolhouse
TAG_VALUE_INVALID = "The tag {} must be one of: {}."  # poolhouse
TAG_UNKNOWN = "The tag {} is not a setting of poolhouse; known are: {}."  # poolhouse
RESERVED_TAG = "Tag keys can not begin with aws:."  # GUESS: rule is DOC

# -- schema
ATTRIBUTE_NAME_MISSING = (
    "1 validation error detected: Value null at '{}.{}.member.name' "
    "failed to satisfy constraint: Member must not be null"  # OBS aws/aws-cdk#14175 (path)
)
ATTRIBUTE_TYPE_MISSING = (
    "Invalid AttributeDataType input, consider using the provided AttributeDataType enum."  # OBS amplify-cli#9525
)
CUSTOM_ATTRIBUTE_REQUIRED = (
    "Required custom attributes are not supported currently."  # OBS terraform-provider-aws#18430
)
STANDARD_ATTRIBUTE_CHANGED = (
    "You can not change AttributeDataType or set developerOnlyAttribute for standard schema "
    "attribute {}"  # OBS hashicorp/terraform-provider-aws#23181
)
STRING_CONSTRAINTS_INVALID = "Invalid StringAttributeConstraints for schema attribute {}"  # GUESS+
NUMBER_CONSTRAINTS_INVALID = "Invalid NumberAttributeConstraints for schema attribute {}"  # GUESS+
STRING_TOO_LONG = "user.{}: String attributes cannot have a length of more than 2048"  # GUESS+
MAX_LENGTH_BELOW_MIN = "user.{}: Max length cannot be less than min length."  # GUESS+
MAX_VALUE_BELOW_MIN = "user.{}: Max value cannot be less than min value."  # GUESS+
ATTRIBUTE_EXISTS = "{0}: Existing attribute already has name {0}."  # GUESS+
TOO_MANY_CUSTOM_ATTRIBUTES = "A user pool can have at most 50 custom attributes."  # GUESS: limit is DOC

# -- app clients
SECRET_TWICE = "GenerateSecret and ClientSecret can not be set together."  # GUESS: rule is DOC
INVALID_TOKEN_VALIDITY = "Invalid range for token validity."  # OBS aws-samples/cloudfront-authorization-at-edge#144
AUTH_FLOWS_MIXED = (
    "Legacy values of ExplicitAuthFlows can not be mixed with values that begin with ALLOW_."  # GUESS: rule is DOC
)
REFRESH_FLOW_MISSING = "REFRESH_TOKEN_AUTH should always be allowed."  # OBS aws/aws-cdk#7625
REFRESH_FLOW_WITH_ROTATION = (
    "ALLOW_REFRESH_TOKEN_AUTH can not be enabled with refresh token rotation."  # GUESS: rule is DOC
)
INVALID_READ_ATTRIBUTES = "Invalid read attributes specified while {} a client"  # GUESS+
INVALID_WRITE_ATTRIBUTES = "Invalid write attributes specified while {} a client"  # OBS aws/aws-cdk#20760
CONTEXT_DATA_NEEDS_SECRET = "EnablePropagateAdditionalUserContextData requires a client secret."  # GUESS: rule is DOC
PROVIDER_DOES_NOT_EXIST = (
    "The provider {} does not exist for User Pool {}."  # OBS lgallard/terraform-aws-cognito-user-pool#71
)
URL_NOT_ABSOLUTE = "{} is not an absolute URI."  # GUESS: rule is DOC
URL_HAS_FRAGMENT = "{} must not include a fragment component."  # GUESS: rule is DOC
URL_IS_HTTP = "{} cannot use http protocol."  # GUESS: rule is DOC
DEFAULT_REDIRECT_URI_UNKNOWN = "DefaultRedirectURI must be in the CallbackURLs list."  # GUESS: rule is DOC
CLIENT_CREDENTIALS_NOT_ALONE = (
    "client_credentials flow can not be selected along with code flow or implicit flow."  # GUESS+
)
CLIENT_CREDENTIALS_NEEDS_SECRET = (
    "client_credentials flow can not be selected if client does not have a client secret."  # GUESS+
)
OAUTH_FLOWS_AND_SCOPES_REQUIRED = (
    "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."  # GUESS+
)
CALLBACK_URLS_EMPTY = (
    "CallbackUrls can not be empty when code flow or implicit flow is selected"  # OBS cisagov/crossfeed#440
)
INVALID_SCOPE_REQUESTED = "Invalid scope requested: {}"  # OBS awsdocs/aws-cloudformation-user-guide#564
TOO_MANY_CLIENT_SECRETS = "An app client can have at most two client secrets."  # GUESS: limit is DOC
CLIENT_HAS_NO_SECRET = "Client {} does not have a client secret."  # GUESS: rule is DOC
LAST_CLIENT_SECRET = "The last client secret of an app client can not be deleted."  # GUESS: rule is DOC
CLIENT_SECRET_DOES_NOT_EXIST = "Client secret {} does not exist."  # GUESS

# -- domains
DOMAIN_TAKEN = "Domain already associated with another user pool."  # OBS aws-samples/aws-cdk-examples#402
DOMAIN_RESERVED_WORD = "Domain cannot contain reserved word: {}"  # OBS app docs
DOMAIN_PREFIX_INVALID = (
    "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. "
    "Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$"
)  # OBS mineiros-io/terraform-aws-cognito-user-pool#69
CUSTOM_DOMAIN_INVALID = "Custom domain is not a valid subdomain"  # DOC
USER_POOL_HAS_SUCH_DOMAIN = "User pool already has a domain configured."  # GUESS+: rule is DOC
MANAGED_LOGIN_VERSION_INVALID = "ManagedLoginVersion must be 1 or 2."  # GUESS: rule is DOC
ROUTING_NEEDS_CUSTOM_DOMAIN = "Routing is only supported for custom domains."  # GUESS: rule is DOC
DOMAIN_DOES_NOT_EXIST = "No such domain or user pool exists."  # OBS app code

# -- pages and OAuth endpoints of a domain
PAGE_CLIENT_DOES_NOT_EXIST = "Client does not exist"  # OBS°
PAGE_PARAMETER_MISSING = "Required String parameter '{}' is not present"  # OBS amplify-js#2423
PAGE_LOGIN_OPTION_NOT_AVAILABLE = "Login option is not available. Please try another one"  # OBS°
PAGE_FORM_UNREADABLE = "What was sent is no form"  # poolhouse
# poolhouse: two refusals after which the browser is signed out all the same
PAGE_ID_TOKEN_HINT_INVALID = "You are signed out. The application could not be recognized, so nothing leads back to it"
PAGE_LOGOUT_URI_UNKNOWN = (
    "You are signed out. The application has not registered the address that it asked to go back to"
)
PAGE_REGISTRATION_CONFIRMED = "Your registration has been confirmed!"  # OBS°
# What /error says to whoever names it in the address; any other text would be a stranger's under the pool's name.
PAGE_ERRORS = {
    str(text): text
    for text in (
        Text("redirect_mismatch"),
        Text("invalid_request"),
        Text("invalid_scope"),
        Text("unauthorized_client"),
        Text("Invalid State"),
        Text(PAGE_CLIENT_DOES_NOT_EXIST),
        Text(PAGE_LOGIN_OPTION_NOT_AVAILABLE),
        Text(PAGE_PROVIDERS_NOT_BUILT),
        *(Text(PAGE_PARAMETER_MISSING, (name,)) for name in ("client_id", "redirect_uri", "response_type")),
    )
}
USERINFO_BAD_REQUEST = "Bad OAuth2 request at UserInfo Endpoint"  # DOC
USERINFO_DEAD_TOKEN = "Access token is expired, disabled, or deleted, or the user has globally signed out."  # DOC
USERINFO_WITHOUT_OPENID = "Access token does not contain openid scope"  # OBS

# -- resource servers
RESOURCE_SERVER_EXISTS = "{} already exists in user pool {}."  # GUESS+
RESOURCE_SERVER_DOES_NOT_EXIST = "Resource server {} does not exist."  # GUESS+
SCOPE_DUPLICATE = "Duplicate scope name: {}"  # GUESS

# -- groups
GROUP_EXISTS = "A group with the name already exists"  # GUESS+
GROUP_NOT_FOUND = "Group not found."  # GUESS+

# -- paging
INVALID_PAGINATION_TOKEN = "Invalid pagination token"  # GUESS+

# -- triggers (user-pools-api.md §7.4)

TRIGGER_FAILED = "{} failed with error {}."  # DOC
TRIGGER_NOT_INVOKED = "{} invocation failed due to error {}."  # OBS
TRIGGER_ANSWER_UNKNOWN = "Unrecognizable lambda output"  # GUESS+
TRIGGER_ANSWER_NO_JSON = "Invalid lambda function output : Invalid JSON"  # GUESS+
MIGRATION_FAILED = "Exception migrating user in app client {}"  # GUESS+
CUSTOM_EMAIL_NEEDS_DEVELOPER = (
    # GUESS: the rule is DOC
    "The CustomMessage trigger may set emailMessage and emailSubject only where EmailSendingAccount is DEVELOPER."
)
AUTO_VERIFY_WITHOUT_EMAIL = "Cannot auto verify the email of a user without email."  # GUESS: that it is an error is DOC
AUTO_VERIFY_WITHOUT_PHONE_NUMBER = "Cannot auto verify the phone_number of a user without phone_number."  # GUESS
TOO_MANY_CLAIMS = "The trigger response has more than {} claims and scopes."  # GUESS: the number is DOC
