"""Request and Response as values; forms and query strings against urllib."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolhouse.asgi import FORM, Request, encode_pairs, parse_pairs, redirect

FIELDS = st.text(alphabet="ab=&+%20é;C3A9 \x00", max_size=40)


class TestPairs:
    @given(FIELDS)
    def test_read_as_urllib_reads(self, text):
        assert parse_pairs(text) == parse_qsl(text, keep_blank_values=True)

    @given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=10)), max_size=6))
    def test_written_as_urllib_writes(self, pairs):
        assert encode_pairs(pairs) == urlencode(pairs)
        assert parse_pairs(encode_pairs(pairs)) == [pair for pair in pairs if pair != ("", "")] or ("", "") in pairs

    def test_the_number_of_fields_is_bounded(self):
        assert len(parse_pairs("&".join(["a=1"] * 200))) == 200
        with pytest.raises(ValueError, match="too many"):
            parse_pairs("&".join(["a=1"] * 201))
        with pytest.raises(ValueError, match="too many"):
            parse_pairs("&" * 200)

    def test_what_is_not_utf_8_is_replaced_or_refused(self):
        assert parse_pairs("a=%ff") == [("a", "\ufffd")]
        with pytest.raises(ValueError, match="utf-8"):
            parse_pairs("a=%ff", errors="strict")


class TestRequest:
    @staticmethod
    def request(**values) -> Request:
        return Request(**{"method": "POST", "path": "/", "headers": {}, **values})

    def test_the_first_of_several_values_counts(self):
        request = self.request(query_string="a=1&a=2&b=", headers={"content-type": FORM}, body=b"c=3&c=4")
        assert request.query == {"a": "1", "b": ""}
        assert request.form == {"c": "3"}

    def test_only_a_form_is_read_as_one(self):
        assert self.request(headers={"content-type": "text/plain"}, body=b"a=1").form == {}
        assert self.request(headers={"content-type": f"{FORM}; charset=UTF-8"}, body=b"a=1").form == {"a": "1"}

    @pytest.mark.parametrize("body", [b"\xff", b"a=%ff", b"&" * 300])
    def test_a_form_that_is_none_is_an_error(self, body):
        with pytest.raises(ValueError, match=r"utf-8|too many"):
            _ = self.request(headers={"content-type": FORM}, body=body).form_pairs


def test_a_redirect_keeps_an_ascii_address_as_it_is():
    assert dict(redirect("https://x/?a=%20b&c=d#e").headers)["location"] == "https://x/?a=%20b&c=d#e"
    assert dict(redirect("https://x/é\r\n").headers)["location"] == "https://x/%C3%A9%0D%0A"
