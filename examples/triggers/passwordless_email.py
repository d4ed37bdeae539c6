"""Sign in by a code sent by e-mail, without a password: CUSTOM_AUTH in one file.

Set it as DefineAuthChallenge, CreateAuthChallenge and VerifyAuthChallengeResponse of the pool. It runs unchanged on AWS Lambda.

MAIL_SERVER  host:port of an SMTP server; without it the code is only printed, which is for trying it out.
"""

import hmac
import os
import secrets
import smtplib
from email.message import EmailMessage

ATTEMPTS = 3


def lambda_handler(event, context):
    trigger = event["triggerSource"].partition("_")[0]
    {"DefineAuthChallenge": define, "CreateAuthChallenge": create, "VerifyAuthChallengeResponse": verify}[trigger](
        event
    )
    return event


def define(event):
    """Tokens for a right answer, a refusal after three wrong ones, else another try."""
    rounds, response = event["request"]["session"], event["response"]
    response["issueTokens"] = bool(rounds) and rounds[-1]["challengeResult"]
    response["failAuthentication"] = not response["issueTokens"] and len(rounds) >= ATTEMPTS
    response["challengeName"] = "CUSTOM_CHALLENGE"


def create(event):
    """A new code at the first round; the same one for another try."""
    rounds, response = event["request"]["session"], event["response"]
    if rounds and rounds[-1]["challengeName"] == "CUSTOM_CHALLENGE":
        code = rounds[-1]["challengeMetadata"].removeprefix("CODE-")
    else:
        code = f"{secrets.randbelow(1_000_000):06}"
        send(event["request"]["userAttributes"].get("email"), code)
    response["publicChallengeParameters"] = {"medium": "EMAIL"}
    response["privateChallengeParameters"] = {"code": code}
    response["challengeMetadata"] = f"CODE-{code}"


def verify(event):
    expected = event["request"]["privateChallengeParameters"]["code"]
    event["response"]["answerCorrect"] = hmac.compare_digest(expected, event["request"]["challengeAnswer"])


def send(address, code):
    """Somebody who does not exist has no address, and is asked like everybody else."""
    if not address:
        return
    server = os.environ.get("MAIL_SERVER")
    if not server:
        print(f"The code for {address} is {code}")
        return
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "no-reply@example.com", address, "Your sign-in code"
    mail.set_content(f"Your sign-in code is {code}.")
    host, _, port = server.partition(":")
    with smtplib.SMTP(host, int(port or 25)) as smtp:
        smtp.send_message(mail)
