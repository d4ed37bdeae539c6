"""Requests as they are parsed, responses as they are written."""

import pytest

from poolhouse.asgi import Request, Response, redirect


def request(**values):
    return Request(**{"method": "GET", "path": "/", "headers": {}, **values})


def test_first_value_of_a_parameter_counts():
    asked = request(query_string="a=1&a=2&b=&c")
    assert asked.query == {"a": "1", "b": "", "c": ""}
    assert asked.query_pairs == [("a", "1"), ("a", "2"), ("b", ""), ("c", "")]


def test_too_many_parameters():
    with pytest.raises(ValueError):
        request(query_string="a=1&" * 201 + "b=1").query  # noqa: B018


@pytest.mark.parametrize("body", [b"\xff", b"a=%FF", b"a=1&" * 300])
def test_form_that_cannot_be_read(body):
    with pytest.raises(ValueError):
        request(headers={"content-type": "application/x-www-form-urlencoded"}, body=body).form  # noqa: B018


def test_form_of_another_type_is_empty():
    assert request(headers={"content-type": "text/plain"}, body=b"a=1").form == {}
    assert request(headers={"content-type": "Application/X-WWW-Form-Urlencoded; charset=x"}, body=b"a=1").form == {
        "a": "1"
    }


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=1;b=2;a=3", {"a": "1", "b": "2"}),
        ('x={"y":1}; a=1', {"x": '{"y":1}', "a": "1"}),
        ("a=b=c", {"a": "b=c"}),
    ],
)
def test_cookies(header, cookies):
    assert request(headers={"cookie": header}).cookies == cookies


def test_location_is_a_header_whatever_it_holds():
    location = dict(redirect("https://a/é\r\nx: 1?q=%20&r=[1]#f").headers)["location"]
    assert location == "https://a/%C3%A9%0D%0Ax:%201?q=%20&r=[1]#f"


def test_cookie_attributes():
    response = Response()
    response.set_cookie("a", "1", max_age=5, same_site="None")
    response.set_cookie("b", "2", secure=False)
    assert [value for _, value in response.headers] == [
        "a=1; Path=/; HttpOnly; SameSite=None; Max-Age=5; Secure",
        "b=2; Path=/; HttpOnly; SameSite=Lax",
    ]
