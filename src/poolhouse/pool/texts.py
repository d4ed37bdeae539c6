"""Cognito's exact texts, each with its source. An unverified text is marked GUESS or GUESS+ (spec §0).

Sources: DOC official text; OBS seen on the real service; GUESS+ repeated everywhere, no citation held; GUESS our choice.
"""

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
REUSED_REFRESH_TOKEN = "Refresh token reuse detected"  # GUESS: spec §11 point 7, text unknown
TOKEN_REVOCATION_DISABLED = "Token revocation is not enabled for this client."  # GUESS
UNSUPPORTED_TOKEN_TYPE = "Unsupported token type"  # GUESS
UNAUTHORIZED_CLIENT = "Invalid client credentials"  # GUESS

# -- client authentication
UNABLE_TO_VERIFY_SECRET_HASH = "Unable to verify secret hash for client {}"  # OBS app code
SECRET_HASH_NOT_RECEIVED = "Client {} is configured with secret but SECRET_HASH was not received"  # OBS app code

# -- sign-in
INCORRECT_USERNAME_OR_PASSWORD = "Incorrect username or password."  # OBS app code
USER_DOES_NOT_EXIST = "User does not exist."  # OBS
USER_IS_DISABLED = "User is disabled."  # OBS
USER_IS_NOT_CONFIRMED = "User is not confirmed."  # OBS app code
PASSWORD_RESET_REQUIRED = "Password reset required for the user"  # GUESS+
TEMPORARY_PASSWORD_EXPIRED = "Temporary password has expired and must be reset by an administrator."  # OBS app code
INVALID_SESSION = "Invalid session for the user."  # OBS app code
EXPIRED_SESSION = "Invalid session for the user, session is expired."  # OBS app code
SPENT_SESSION = "Invalid session for the user, session can only be used once."  # OBS app code
FLOW_NOT_SUPPORTED = "Initiate Auth method not supported."  # GUESS+
FLOW_NOT_ENABLED = "{} flow not enabled for this client"  # GUESS+
ADMIN_FLOW_NOT_ENABLED = "Auth flow not enabled for this client"  # GUESS+
MISSING_PARAMETER = "Missing required parameter {}"  # GUESS+
MISSING_ATTRIBUTE = "Invalid attributes given, {} is missing"  # OBS app code
ATTRIBUTE_ALREADY_PROVIDED = "Cannot modify an already provided {}"  # GUESS+
INVALID_SRP_A = "Invalid SRP_A value"  # GUESS
FLOW_NOT_BUILT = "{} is not available in poolhouse yet; see `poolhouse operations`."  # poolhouse
MFA_NOT_BUILT = "This user pool requires MFA, which is not available in poolhouse yet."  # poolhouse

# -- users: limits
PASSWORD_ATTEMPTS_EXCEEDED = "Password attempts exceeded"  # OBS
ATTEMPT_LIMIT_EXCEEDED = "Attempt limit exceeded, please try after some time."  # OBS app code
TOO_MANY_REQUESTS = "Too many requests"  # GUESS+

# -- users: sign-up and confirmation
USER_ALREADY_EXISTS = "User already exists"  # DOC
USER_ACCOUNT_ALREADY_EXISTS = "User account already exists"  # GUESS+ (AdminCreateUser)
ACCOUNT_WITH_ALIAS_EXISTS = "An account with the given {} already exists."  # OBS
SIGN_UP_NOT_PERMITTED = "SignUp is not permitted for this user pool"  # GUESS+
USERNAME_SHOULD_BE_EMAIL = "Username should be an email."  # GUESS+
USERNAME_SHOULD_BE_PHONE_NUMBER = "Username should be a phone number."  # GUESS+
USERNAME_SHOULD_BE_EITHER = "Username should be either an email or a phone number."  # OBS app code
USERNAME_OF_EMAIL_FORMAT = "Username cannot be of email format, since user pool is configured for email alias."  # OBS app code
USERNAME_OF_PHONE_FORMAT = (
    "Username cannot be of phone number format, since user pool is configured for phone number alias."  # GUESS+
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
ATTRIBUTE_REQUIRED = "{}: The attribute is required\n"  # OBS app code
ATTRIBUTE_UNKNOWN = "{}: Attribute does not exist in the schema.\n"  # OBS app code
ATTRIBUTE_IMMUTABLE = "{}: Attribute cannot be updated.\n(changing an immutable attribute)"  # GUESS+
ATTRIBUTE_TOO_SHORT = "{}: String must be at least {} characters long\n"  # GUESS
ATTRIBUTE_TOO_LONG = "{}: String must be at most {} characters long\n"  # GUESS
ATTRIBUTE_TOO_SMALL = "{}: Number must be at least {}\n"  # GUESS
ATTRIBUTE_TOO_LARGE = "{}: Number must be at most {}\n"  # GUESS
ATTRIBUTE_WRONG_TYPE = "{}: Value is not of type {}\n"  # GUESS
ATTRIBUTE_WITH_CONTROL_CHARACTER = "{}: Value has a character that cannot be stored\n"  # poolhouse
INVALID_EMAIL = "Invalid email address format."  # OBS app code
INVALID_PHONE_NUMBER = "Invalid phone number format."  # OBS app code
WRITE_NOT_AUTHORIZED = "A client attempted to write unauthorized attribute"  # OBS app code
VALUE_NEEDED_TO_VERIFY = "{} is required to verify/un-verify {}"  # OBS app code: Email ... an email
NOTHING_TO_VERIFY = "User does not have a {} to verify."  # GUESS
NOT_VERIFIABLE = "Only email and phone_number can be verified."  # GUESS

# -- users: ListUsers
FILTER_NOT_PARSED = "Error while parsing filter"  # moto tests
FILTER_ATTRIBUTE_INVALID = "Invalid search attribute: {}"  # moto tests
ATTRIBUTES_TO_GET_INVALID = "Input fails to satisfy the constraints."  # OBS sample-collaborative-ai-dlc#52

# -- delivery
EMAIL_NOT_SENT = "The e-mail could not be sent."  # poolhouse: the real text is not known
SMS_NOT_SENT = "The SMS message could not be sent."  # poolhouse: the real text is not known
