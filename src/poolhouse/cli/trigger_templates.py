"""What `poolhouse triggers new` writes: a handler that changes nothing yet, with the event that it will be told."""

import json
import re
from typing import Any

_USER = {
    "sub": "6a1f0c1e-2f5b-4a0e-9d53-0f2a4b8c7d11",
    "cognito:user_status": "CONFIRMED",
    "email": "ada@example.com",
    "email_verified": "true",
}
_PHONE_USER = {**_USER, "phone_number": "+12065550100", "phone_number_verified": "true"}
_CODE = "AgR4..."  # a message of the AWS Encryption SDK, in base64
_NEW_USER = {"email": "ada@example.com"}
_GROUPS = {"groupsToOverride": ["admins"], "iamRolesToOverride": [], "preferredRole": None}
_ROUND = {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": False, "challengeMetadata": "CODE-123456"}

# trigger: (source, version, request, response, what may be done, in lines)
SAMPLES: dict[str, tuple[str, str, dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "PreSignUp": (
        "PreSignUp_SignUp",
        "1",
        {"userAttributes": _NEW_USER, "validationData": None},
        {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
        (
            "Raise an error to refuse the sign-up; its message is what the client sees.",
            "autoConfirmUser: no code is asked for. autoVerifyEmail, autoVerifyPhone: the address counts as proven.",
        ),
    ),
    "PostConfirmation": (
        "PostConfirmation_ConfirmSignUp",
        "1",
        {"userAttributes": _USER},
        {},
        ("There is nothing to answer. An error reaches the client, and the user stays confirmed.",),
    ),
    "PreAuthentication": (
        "PreAuthentication_Authentication",
        "1",
        {"userAttributes": _USER, "validationData": None, "userNotFound": False},
        {},
        ("Raise an error to refuse the sign-in, before the password is looked at.",),
    ),
    "PostAuthentication": (
        "PostAuthentication_Authentication",
        "1",
        {"userAttributes": _USER},
        {},
        ("All is proven, and no token is made yet. Raise an error to refuse.",),
    ),
    "PreTokenGeneration": (
        "TokenGeneration_Authentication",
        "2",
        {"userAttributes": _USER, "groupConfiguration": _GROUPS, "scopes": ["aws.cognito.signin.user.admin"]},
        {"claimsAndScopeOverrideDetails": None},
        (
            "claimsAndScopeOverrideDetails: idTokenGeneration and accessTokenGeneration, each with claimsToAddOrOverride and",
            "claimsToSuppress, the latter with scopesToAdd and scopesToSuppress, too; and groupOverrideDetails.",
        ),
    ),
    "CustomMessage": (
        "CustomMessage_SignUp",
        "1",
        {
            "userAttributes": _USER,
            "codeParameter": "{####}",
            "linkParameter": "{##Click Here##}",
            "usernameParameter": None,
        },
        {"smsMessage": None, "emailMessage": None, "emailSubject": None},
        (
            "smsMessage and emailMessage must hold codeParameter, and for AdminCreateUser usernameParameter.",
            "The two for e-mail need EmailSendingAccount DEVELOPER. What stays empty is the pool's own text.",
        ),
    ),
    "CustomEmailSender": (
        "CustomEmailSender_SignUp",
        "1",
        {"type": "customEmailSenderRequestV1", "code": _CODE, "userAttributes": _USER},
        {},
        (
            "Open request.code with the AWS Encryption SDK (docs/triggers.md) and send it to userAttributes.email.",
            "Of AdminCreateUser it is the temporary password, escaped for HTML. What is answered is ignored; raise to be asked again.",
        ),
    ),
    "CustomSMSSender": (
        "CustomSMSSender_SignUp",
        "1",
        {"type": "customSMSSenderRequestV1", "code": _CODE, "userAttributes": _PHONE_USER},
        {},
        (
            "Open request.code with the AWS Encryption SDK (docs/triggers.md) and send it to userAttributes.phone_number.",
            "What is answered is ignored; raise to be asked again.",
        ),
    ),
    "UserMigration": (
        "UserMigration_Authentication",
        "1",
        {"password": "Correct-Horse-1", "validationData": None},
        {
            "userAttributes": None,
            "finalUserStatus": None,
            "messageAction": None,
            "desiredDeliveryMediums": None,
            "forceAliasCreation": None,
            "enableSMSMFA": None,
        },
        (
            "Look the user up where they come from. userAttributes brings them in; finalUserStatus CONFIRMED lets them keep",
            "the password. Raise an error where the password is wrong; leave userAttributes empty where nobody is known.",
        ),
    ),
    "DefineAuthChallenge": (
        "DefineAuthChallenge_Authentication",
        "1",
        {"userAttributes": _USER, "session": [_ROUND], "userNotFound": False},
        {"challengeName": None, "issueTokens": None, "failAuthentication": None},
        ("session: the rounds so far. Set challengeName to CUSTOM_CHALLENGE, or issueTokens, or failAuthentication.",),
    ),
    "CreateAuthChallenge": (
        "CreateAuthChallenge_Authentication",
        "1",
        {"userAttributes": _USER, "challengeName": "CUSTOM_CHALLENGE", "session": [], "userNotFound": False},
        {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None},
        (
            "publicChallengeParameters go to the client, privateChallengeParameters to VerifyAuthChallengeResponse,",
            "challengeMetadata into the next session. Both maps are of text.",
        ),
    ),
    "VerifyAuthChallengeResponse": (
        "VerifyAuthChallengeResponse_Authentication",
        "1",
        {
            "userAttributes": _USER,
            "privateChallengeParameters": {"code": "123456"},
            "challengeAnswer": "123456",
            "userNotFound": False,
        },
        {"answerCorrect": None},
        ("answerCorrect: whether challengeAnswer is right.",),
    ),
}


def file_name(trigger: str, *, is_node: bool) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", trigger).lower()
    return words + (".mjs" if is_node else ".py")


def sample_event(trigger: str) -> dict[str, Any]:
    source, version, request, response, _ = SAMPLES[trigger]
    return {
        "version": version,
        "triggerSource": source,
        "region": "us-east-1",
        "userPoolId": "us-east-1_Example01",
        "userName": "ada",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "1example23456789"},
        "request": request,
        "response": response,
    }


def source(trigger: str, *, is_node: bool) -> str:
    """The file: it answers the event as it is, until somebody writes more."""
    hints = SAMPLES[trigger][-1]
    event = json.dumps(sample_event(trigger), indent=2)
    if is_node:
        comment = "\n".join(
            f"// {line}" for line in (f"{trigger}, for example with this event:", "", *event.split("\n"))
        )
        lines = "\n".join(f"  // {hint}" for hint in hints)
        return f"{comment}\n\nexport const handler = async (event) => {{\n{lines}\n  return event;\n}};\n".replace(
            "// \n", "//\n"
        )
    lines = "\n".join(f"    # {hint}" for hint in hints)
    text = f'"""{trigger}, for example with this event:\n\n{event}\n"""\n\n\n'
    return f"{text}def lambda_handler(event, context):\n{lines}\n    return event\n"
