"""What `poolhouse dev` prints: one line per fact, aligned, plain when piped, the URL to click last."""

from pathlib import Path

from poolhouse import config
from poolhouse.cli import terminal
from poolhouse.config import Settings


def banner(**settings):
    counts = {name: settings.pop(name) for name in ("user_pools", "users") if name in settings}
    return terminal._plain(terminal.banner(config.resolve(Settings(**settings)), **counts))


def test_names_all_that_a_newcomer_needs():
    text = "\n".join(banner())
    for fact in (
        "us-east-1_PoolHouse",
        "poolhousedemoapplication01",
        "Poolhouse-1",
        "http://localhost:9229/_poolhouse/inbox",
        "export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=http://localhost:9229",
    ):
        assert fact in text


def test_the_callbacks_of_the_demo_client_are_named():
    """first-hour F4: the best shortcut was a secret."""
    (line,) = [line for line in banner() if line.startswith("Callbacks")]
    assert line.endswith(
        "http://localhost:3000, 5173, 8000, 8080 at /, /callback, /auth/callback, /api/auth/callback/cognito"
    )


def test_every_sdk_finds_its_region():
    """first-hour section 2: the SDK for JavaScript reads AWS_REGION and failed without."""
    assert any(
        "export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 " in line for line in banner(region="eu-west-1")
    )


def test_a_used_folder_says_what_is_in_it():
    """first-hour section 6"""
    assert any(line.endswith("./.poolhouse, 3 user pools and 1,204 users") for line in banner(user_pools=3, users=1204))
    assert any(line.endswith("  ./.poolhouse") for line in banner())


def test_it_says_how_to_stop():
    """first-hour section 6"""
    assert "Stop              Ctrl-C" in banner()


def test_the_url_to_click_is_last():
    assert banner()[-1].endswith(" http://localhost:9229/")


def test_facts_are_aligned():
    starts = {len(line) - len(line.split("  ", 1)[1].lstrip()) for line in banner()[1:]}
    assert len(starts) == 1


def test_plain_lines_have_no_escape():
    assert "\x1b" not in "".join(banner())


def test_coloured_lines_say_the_same():
    import click

    blocks = terminal.banner(config.resolve(Settings()))
    styled = [line.strip() for line in map(click.unstyle, terminal._styled(blocks)) if line.strip()]
    assert styled == terminal._plain(blocks)


def test_the_password_of_the_database_is_not_printed():
    text = "\n".join(banner(database_url="postgresql://me:secret@db.example.com:5433/pool"))
    assert "secret" not in text
    assert "postgresql://db.example.com:5433/pool" in text


def test_listening_beyond_this_machine_is_a_warning():
    assert any(line.startswith("Warning") for line in banner(host="0.0.0.0"))
    assert not any(line.startswith("Warning") for line in banner())


def test_without_a_demo_there_is_no_password():
    """first-hour F16"""
    lines = banner(demo=False, user_pools=0, users=0)
    assert "Poolhouse-1" not in "\n".join(lines)
    assert lines[-1] == "Open              http://localhost:9229/"


def test_tls_is_one_line_that_says_where_to_read_on():
    """first-hour F8"""
    lines = banner(tls=True, data=Path("/my data"))
    assert [line for line in lines if line.startswith("Trust")] == [
        "Trust             poolhouse trust --data '/my data' says how programs come to trust the certificate"
    ]
    assert max(map(len, lines)) < 130
    assert lines[-1].endswith("https://localhost:9229/")


def test_a_folder_in_its_usual_place_needs_no_flag():
    assert any("poolhouse trust says" in line for line in banner(tls=True))


def test_a_server_that_sends_its_messages_names_the_way_and_no_inbox_that_is_not_there():
    lines = banner(delivery="smtp", smtp_url="smtp://localhost", sms_delivery="none")
    assert not [line for line in lines if "inbox" in line]
    assert "Messages          e-mail by smtp, SMS nowhere; poolhouse messages list shows what waits" in lines
    both = banner(delivery="smtp", smtp_url="smtp://localhost", sms_delivery="inbox")
    assert [line.split()[0] for line in both if "/_poolhouse/inbox" in line or "by smtp" in line] == [
        "Inbox",
        "Messages",
    ]
