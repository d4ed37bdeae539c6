"""browser/words.py: template and arguments reach the place where a page finds its words."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from poolhouse.browser import fields, render
from poolhouse.browser.words import NOTHING_SAID, words
from poolhouse.errors import CognitoError, PageError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import Call
from poolhouse.pool.settings import password_policy
from poolhouse.pool.users import attributes, form_problems
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

TOO_SHORT = Text(texts.ATTRIBUTE_TOO_SHORT, ("name", "5"))


def a_call(**settings: Any) -> Call:
    limits = shapes.StringAttributeConstraintsType(MinLength="5", MaxLength="9")
    rules = [
        shapes.SchemaAttributeType(
            Name="name", AttributeDataType="String", Required=True, StringAttributeConstraints=limits
        ),
        shapes.SchemaAttributeType(Name="email", AttributeDataType="String"),
    ]
    pool = SimpleNamespace(
        schema={rule.Name: rule for rule in rules},
        settings=shapes.UserPoolType(),
        alias_attributes=frozenset(),
        username_attributes=frozenset(),
    )
    return cast("Call", SimpleNamespace(user_pool=pool, client=SimpleNamespace(user_pool=pool), **settings))


def test_an_error_of_the_core_reaches_the_page_as_it_was_raised() -> None:
    call = a_call()
    with pytest.raises(CognitoError) as refusal:
        attributes.for_new_user(call.user_pool, {"name": "{0}", "{x}": "y"}, are_required=True)
    said = render.public(call, refusal.value)
    assert said.template == texts.ATTRIBUTES_DID_NOT_CONFORM
    together = cast("Text", said.args[0])
    assert together.args == (TOO_SHORT, Text(texts.ATTRIBUTE_UNKNOWN, ("{x}",)))
    assert render.public_text(call, refusal.value) == words(said) == refusal.value.message
    with pytest.raises(CognitoError) as refusal:
        password_policy.check(call.user_pool, "short", texts.PASSWORD_DID_NOT_CONFORM)
    said = render.public(call, refusal.value)
    assert said == Text(texts.PASSWORD_DID_NOT_CONFORM, (Text(texts.PASSWORD_TOO_SHORT),))
    assert render.public(call, CognitoError()) == NOTHING_SAID


def test_problems_of_a_form_reach_the_page_as_they_were_found() -> None:
    found = form_problems.of_new_password(a_call(), "short", {"name": "{0}", "email": "no", "{x}": "y"})
    assert found.attributes == {
        "name": TOO_SHORT,
        "email": Text(texts.INVALID_EMAIL),
        "{x}": Text(texts.ATTRIBUTE_UNKNOWN, ("{x}",)),
    }
    assert found.password[0] == Text(texts.PASSWORD_TOO_SHORT)
    assert form_problems.of_new_password(a_call(), "short", {}).attributes["name"].template == texts.ATTRIBUTE_REQUIRED


def test_every_page_asks_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a catalogue would stand behind it, by template, with the arguments in an order of its own."""
    catalogue = {
        texts.ALIAS_EXISTS: "{}: gibt es schon.",
        texts.ATTRIBUTE_TOO_SHORT: "mindestens {1} Zeichen",
        texts.PAGE_PARAMETER_MISSING: "Es fehlt: {}",
    }

    def in_german(text: Text) -> str:
        return str(Text(catalogue.get(text.template, text.template), text.args))

    for place in (render, fields):
        monkeypatch.setattr(place, "words", in_german)
    call = cast("Call", SimpleNamespace())
    taken = errors.UsernameExistsException(texts.ALIAS_EXISTS, "{email}")
    assert render.public_text(call, taken) == "{email}: gibt es schon."
    assert fields.advice("name", TOO_SHORT) == "mindestens 5 Zeichen"
    refusal = PageError(texts.PAGE_PARAMETER_MISSING, "client_id")
    assert "Es fehlt: client_id" in render.error_page(call, refusal.text).body.decode()
