"""Schemas: what no request can show, and the edges of the numbers."""

import pytest

from poolhouse.pool.settings import schema
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


def entry(name: str, kind: str | None = "String", **members: object) -> shapes.SchemaAttributeType:
    return shapes.SchemaAttributeType(Name=name, AttributeDataType=kind, **members)  # type: ignore[arg-type]


def names(attributes: list[shapes.SchemaAttributeType]) -> list[str | None]:
    return [attribute.Name for attribute in attributes]


def test_sub_comes_first_and_identities_not_yet() -> None:
    """Issue 5 exactness 3: twenty, also when a Schema copied from a pool with identity providers names the 21st."""
    for found in (names(schema.build(None)), names(schema.build([entry("identities")]))):
        assert (found[0], "identities" in found, len(found)) == ("sub", False, 20)


def test_two_schemas_share_nothing() -> None:
    schema.build([entry("email", Required=True)])
    assert {a.Name: a.Required for a in schema.build(None)}["email"] is False


def test_sub_stays_what_it_is() -> None:
    [sub, *_] = schema.build([entry("sub", Mutable=True, Required=False)])
    assert (sub.Mutable, sub.Required) == (False, True)


def test_a_custom_attribute_may_have_the_name_of_a_standard_one_only_when_added() -> None:
    before = schema.build(None)
    assert "custom:email" in names(schema.extended(before, [entry("email", "Boolean")]))
    assert len(before) == 20


@pytest.mark.parametrize("text", ["9" * 31, "1.5", "1e3", "٣", " 1", "+1", "0x10", "1\n", "-"])
def test_what_is_no_number(text: str) -> None:
    lengths = shapes.StringAttributeConstraintsType(MaxLength=text)
    with pytest.raises(errors.InvalidParameterException, match="Invalid StringAttributeConstraints"):
        schema.build([entry("x", StringAttributeConstraints=lengths)])


def test_an_empty_limit_is_no_limit() -> None:
    lengths = shapes.StringAttributeConstraintsType(MinLength="", MaxLength="0")
    assert schema.build([entry("x", StringAttributeConstraints=lengths)])[-1].StringAttributeConstraints == lengths
