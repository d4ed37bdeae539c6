"""email_address: what a mail goes to, and to nobody else."""

import pytest

from poolhouse.email_address import Mailbox, is_email_address, parse_mailbox


@pytest.mark.parametrize(
    "text",
    [
        "a@b.de",
        "Bob.O'Neil+tag@sub.example.com",
        "#$&'*+-/?=^_`{|}~@example.com",
        "customer/department=shipping@example.com",
        "a@" + "b" * 63 + ".de",
        "x" * 64 + "@example.com",
        "a@1.2.3.x1",
        "a@xn--strae-oqa.example",
        "ü@ö.de",
        "δοκιμή@παράδειγμα.δοκιμή",
        "用户@例子.广告",
        "a@straße.de",
        "A@ÖKO.de",
    ],
)
def test_addresses(text):
    assert is_email_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@",
        "a@b",
        "@b.de",
        "a@",
        "a@b.",
        "a@.b.de",
        "a@b..de",
        "a@b.de.",
        ".a@b.de",
        "a.@b.de",
        "a..b@c.de",
        "a b@c.de",
        "a@b c.de",
        "a@b.de ",
        "a@b@c.de",
        "a@b.de\nBcc: x@y.de",
        "a@b.de\x00",
        "a\x7f@b.de",
        '"a"@b.de',
        "(x)a@b.de",
        "a@b.de(x)",
        "a,b@c.de",
        "a;b@c.de",
        "a:b@c.de",
        "<a@b.de>",
        "a\\b@c.de",
        "a[b@c.de",
        "a@[127.0.0.1]",
        "a@[corp.example",
        "a@127.0.0.1",
        "a@-b.de",
        "a@b-.de",
        "a@b_c.de",
        "a@" + "b" * 64 + ".de",
        "x" * 65 + "@example.com",
        "a@" + ".".join(["b" * 60] * 4) + ".example.com",
        "ü" * 33 + "@example.com",
        "=?utf-8?q?mallory=40evil.example=3e=20?=x@corp.example",
        "mallory%evil.example@corp.example",
        "evil.example!mallory@corp.example",
        "/etc/passwd@corp.example",
        "|id@corp.example",
        "mallory＠evil.example@corp.example",
        "mallory，root@corp.example",
        "a\u3000b@c.de",
        "a\u00a0b@c.de",
        "a\u200bb@c.de",
        "a\u202eb@c.de",
        "a\u3164b@c.de",
        "e\u0301@b.de",
        "a@ｃｏｒｐ.example",
        "a@corp．example",
        "a@corp。example",
        "a@ﬁ.example",
        "a@\u0301x.example",
        "a@❤.example",
        "a@ö-.example",
        "a@ö\u200b.example",
        "a@" + "ö" * 60 + ".example",
        "a@\ud800.example",
    ],
)
def test_no_addresses(text):
    """attack-0.1 no. 10."""
    assert not is_email_address(text)


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("a@b.de", Mailbox("", "a@b.de")),
        ("no-reply@localhost", Mailbox("", "no-reply@localhost")),
        ("Shop, Ltd. <a@b.de>", Mailbox("Shop, Ltd.", "a@b.de")),
        ('"Shop" <a@b.de>', Mailbox("Shop", "a@b.de")),
        ("<a@b.de>", Mailbox("", "a@b.de")),
        ("", None),
        ("Shop", None),
        ("Shop <a@b.de>, x@y.de", None),
        ("Shop <x@y.de> <a@b.de>", None),
        ("Shop\nBcc: x@y.de <a@b.de>", None),
        ("=?utf-8?q?x=40y.de=3e?= <=?a?q?b?=@b.de>", None),
    ],
)
def test_mailboxes(text, mailbox):
    assert parse_mailbox(text) == mailbox
