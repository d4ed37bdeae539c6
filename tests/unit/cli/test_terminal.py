"""What `poolhouse dev` prints: one line per fact, aligned, plain when piped, the URL to click last."""

from pathlib import Path

from poolhouse import config
from poolhouse.cli import terminal
from poolhouse.config import Settings


def banner(**settings):
    return terminal._plain(terminal.banner(config.resolve(Settings(**settings))))


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
    assert "Poolhouse-1" not in "\n".join(banner(demo=False))


def test_tls_is_one_line_that_says_where_to_read_on():
    """first-hour F8"""
    lines = banner(tls=True, data=Path("/my data"))
    assert [line for line in lines if line.startswith("Trust")] == [
        "Trust             poolhouse trust --data '/my data' says how programs come to trust the certificate"
    ]
    assert max(map(len, lines)) < 120
    assert lines[-1].endswith("https://localhost:9229/")


def test_a_folder_in_its_usual_place_needs_no_flag():
    assert any("poolhouse trust says" in line for line in banner(tls=True))
