"""errors.py: a text stays a template and its arguments until somebody is told."""

import copy

import pytest

from poolhouse.errors import CognitoError, ConfigError, OAuthError, PageError, Text, together
from poolhouse.wire import exceptions as errors

BRACES = "{0} {} {a.__class__} }{ {{x}}"


def test_an_error_keeps_its_template_and_arguments() -> None:
    error = errors.AliasExistsException("An account with the given {} already exists.", "email", detail="why")
    assert error.template == "An account with the given {} already exists."
    assert error.text == Text("An account with the given {} already exists.", ("email",))
    assert error.message == str(error) == "An account with the given email already exists."
    assert (error.detail, copy.copy(error).message) == ("why", error.message)


@pytest.mark.parametrize("said", [BRACES, "{", "}", "{}", "100 %s"])
def test_braces_in_an_argument_mean_themselves(said: str) -> None:
    assert errors.InvalidParameterException("{} is not {}.", said, said).message == f"{said} is not {said}."
    assert OAuthError("invalid_request", "not {}", said).description == f"not {said}"
    assert PageError("no {}", said).message == f"no {said}"
    nested = together([Text("[{}]", (said,)), Text("({})", (said,)), Text(said)])
    assert str(Text("{}|{}", (nested, said))) == f"[{said}]({said}){said}|{said}"


@pytest.mark.parametrize("template", [BRACES, "It must contain {username} and {####}.", "^[a-z]{0,61}$", "{}"])
def test_a_template_without_arguments_is_not_formatted(template: str) -> None:
    assert str(Text(template)) == errors.InvalidParameterException(template).message == template
    assert OAuthError("invalid_request", template).description == template


def test_an_error_that_says_nothing() -> None:
    for error in (CognitoError(), errors.NotAuthorizedException()):
        assert (error.template, error.message, error.text, str(error)) == (None, None, Text(""), "")
    assert (OAuthError("invalid_grant").description, str(OAuthError("invalid_grant"))) == ("", "")
    assert str(ConfigError("port", "is {}", "Mend {it}.")) == "port: is {}\nMend {it}."
