"""delivery.messages: templates, placeholders, escaping."""

from poolhouse.delivery import messages
from poolhouse.wire import shapes


def test_default_texts() -> None:
    pool = shapes.UserPoolType(Id="p")
    email = messages.verification(pool, "email", "a@b.de", "123456", "bob")
    assert email.text == email.html == "Your verification code is 123456. "
    assert email.subject == "Your verification code"
    sms = messages.verification(pool, "sms", "+123", "123456", "bob")
    assert (sms.text, sms.html, sms.subject) == ("Your verification code is 123456. ", "", "")
    invitation = messages.invitation(pool, "email", "a@b.de", "Pa55!", "bob")
    assert invitation.text == "Your username is bob and temporary password is Pa55!. "
    assert invitation.subject == "Your temporary password"


def test_templates_of_the_pool() -> None:
    pool = shapes.UserPoolType(
        Id="p",
        VerificationMessageTemplate=shapes.VerificationMessageTemplateType(
            EmailMessage="<p>Hi {username},</p><p>code <b>{####}</b> &amp; bye</p>",
            EmailSubject="Code {####}",
            SmsMessage="S {####}",
        ),
        EmailConfiguration=shapes.EmailConfigurationType(From="Us <us@x.de>"),
        AdminCreateUserConfig=shapes.AdminCreateUserConfigType(
            InviteMessageTemplate=shapes.MessageTemplateType(
                EmailMessage="{username}/{####}", EmailSubject="S", SMSMessage="sms {username} {####}"
            )
        ),
    )
    email = messages.verification(pool, "email", "a@b.de", "1", "bob")
    assert email.html == "<p>Hi bob,</p><p>code <b>1</b> &amp; bye</p>"
    assert email.text == "Hi bob,\ncode 1 & bye\n"
    assert (email.subject, email.sender) == ("Code 1", "Us <us@x.de>")
    assert messages.verification(pool, "sms", "+1", "1", "bob").text == "S 1"
    assert messages.invitation(pool, "email", "a@b.de", "pw", "bob").text == "bob/pw"
    assert messages.invitation(pool, "sms", "+1", "pw", "bob").text == "sms bob pw"


def test_the_older_members_are_templates_too() -> None:
    pool = shapes.UserPoolType(
        EmailVerificationMessage="E {####}", EmailVerificationSubject="S", SmsVerificationMessage="M {####}"
    )
    email = messages.verification(pool, "email", "a@b.de", "1", "bob")
    assert (email.text, email.subject) == ("E 1", "S")
    assert messages.verification(pool, "sms", "+1", "1", "bob").text == "M 1"


def test_values_are_escaped_in_html_and_never_expanded() -> None:
    pool = shapes.UserPoolType()
    sent = messages.invitation(pool, "email", "a@b.de", "<&{username}", "<img src=x>{####}")
    assert sent.html == ("Your username is &lt;img src=x&gt;{####} and temporary password is &lt;&amp;{username}. ")
    assert sent.text == "Your username is <img src=x>{####} and temporary password is <&{username}. "


def test_links() -> None:
    pool = shapes.UserPoolType()
    sent = messages.verification(pool, "email", "a@b.de", "1", "bob", link="https://x.de/confirmUser?a=1&b=2")
    assert '<a href="https://x.de/confirmUser?a=1&amp;b=2">Verify Email</a>' in sent.html
    assert "Verify Email: https://x.de/confirmUser?a=1&b=2" in sent.text


def test_a_subject_has_one_line() -> None:
    pool = shapes.UserPoolType(EmailVerificationSubject="Code\r\nBcc: eve@x.de")
    assert messages.verification(pool, "email", "a@b.de", "1", "bob").subject == "Code Bcc: eve@x.de"
