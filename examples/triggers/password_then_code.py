"""A password, proven by SRP, and then a code by e-mail: a second factor made of triggers.

Only DefineAuthChallenge differs from passwordless_email.py; the other two are the same functions.
"""

import passwordless_email

ATTEMPTS = 3


def lambda_handler(event, context):
    if not event["triggerSource"].startswith("DefineAuthChallenge"):
        return passwordless_email.lambda_handler(event, context)
    rounds, response = event["request"]["session"], event["response"]
    names = [each["challengeName"] for each in rounds]
    if names == ["SRP_A"]:
        response["challengeName"] = "PASSWORD_VERIFIER"
    elif names[:2] == ["SRP_A", "PASSWORD_VERIFIER"] and rounds[1]["challengeResult"]:
        codes = rounds[2:]
        response["issueTokens"] = bool(codes) and codes[-1]["challengeResult"]
        response["failAuthentication"] = not response["issueTokens"] and len(codes) >= ATTEMPTS
        response["challengeName"] = "CUSTOM_CHALLENGE"
    else:
        response["failAuthentication"] = True
    return event
