"""The service model as botocore carries it, and values of its shapes. Nothing here comes from our own generated tables."""

import base64
import functools
import gzip
import json
from pathlib import Path
from typing import Any

import botocore

Shape = dict[str, Any]

# For each regular expression of an input: a string that matches it, and one that does not (of any length).
EXAMPLES = {
    r"(?s).*": ("x", None),  # matches everything
    r"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)?": ("arn:aws:x:eu:1:function", "not an arn, though long"),
    r".*\{####\}.*": ("code {####}", "no code"),
    r"Level[1-4]": ("Level1", "Level5"),
    r"[0-9]+": ("123456", "12345x"),
    r"[A-Za-z0-9-_+/=.]+": ("abc-_+/=.", "a b"),
    r"[A-Za-z0-9-_=.]+": ("eyJraWQ.x.y", "a b"),
    r"[\S]+": ("Secret-123", "with a space in it that is very long"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+": ("a b", "a\tb"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*": ("a b", "a\u00a0b"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*": ("code {####}", "no code at all"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*": ("{##Click##}", "no link at all"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]+": ("a b", "a\u00a0b"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+": ("a b", "a\u00a0b"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+": ("a b", "a\u00a0b"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+": ("jané", "a b"),
    r"^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$": ("jané", "a b"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+": ("a@example.com", "example.com"),
    r"[\w+-]+": ("abc-1", "a b"),
    r"[\w+=/]+": ("abc=", "a b"),
    r"[\w+]+": ("abc1", "a b"),
    r"[\w-]+_[0-9a-f-]+": ("us-east-1_0a", "nothing"),
    r"[\w-]+_[0-9a-zA-Z]+": ("us-east-1_NoSuchPool", "nothing"),
    r"[\w\s+=,.@-]+": ("a b", "a/b"),
    r"[\w\s+=.@-]+": ("a b", "a/b"),
    r"[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+": ("read", "a/b"),
    r"[\x21\x23-\x5B\x5D-\x7E]+": ("openid", 'a"b'),
    r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+": ("Okta", "_Okta"),
    r"^(terms-of-use|privacy-policy)$": ("terms-of-use", "other"),
    r"^(tkn|sso)[a-z0-9]{25}$": ("tkn" + "a" * 25, "tkn" + "A" * 25),
    r"^[0-9a-fA-F]+$": ("abc123", "xyz"),
    r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$": (
        "01234567-89ab-4cde-8f01-23456789abcd",
        "01234567-89ab-9cde-8f01-23456789abcd",
    ),
    r"^[\w\- ]+$": ("a b", "a/b"),
    r"^[a-zA-Z0-9_-]+$": ("abc", "a b"),
    r"^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$": ("cognito:default", "cognito:klingon"),
    r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?": ("arn:aws:cognito-idp:eu:1:userpool", "not an arn, though it is long"),
    r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:::[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?": ("arn:aws:s3:::bucket", "not an arn, though it is long"),
    r"import-[0-9a-zA-Z-]+": ("import-abc", "export-abc"),
}  # fmt: skip


@functools.cache
def model() -> Shape:
    folder = Path(botocore.__file__).parent / "data" / "cognito-idp"
    model: Shape = json.loads(gzip.decompress(max(folder.glob("*/service-2.json.gz")).read_bytes()))
    # A custom domain has dots; the service has a text of its own for a bad prefix (pool/settings/domains.py).
    del model["shapes"]["DomainType"]["pattern"]
    # The guide documents it, and the model has not taken it up yet (user-pools-api.md §2.2 GetClientToken).
    model["shapes"]["ExplicitAuthFlowsType"]["enum"].append("ALLOW_CLIENT_TOKEN_AUTH")
    return model


def shape(name: str) -> Shape:
    found: Shape = model()["shapes"][name]
    return found


def request_shape(operation: str) -> str:
    return str(model()["operations"][operation]["input"]["shape"])


def answer_shape(operation: str) -> str | None:
    """None: the operation answers an empty body."""
    output = model()["operations"][operation].get("output")
    return str(output["shape"]) if output else None


# --- values ---------------------------------------------------------------------------------------------------------


def example(shape_name: str, *, is_whole: bool = True) -> Any:
    """A value that satisfies a shape, with every member of every structure present; else with the required ones."""
    found = shape(shape_name)
    low = found.get("min", 0)
    if found.get("document"):
        return {"any": ["json"]}
    match found["type"]:
        case "structure":
            names = found["members"] if is_whole else found.get("required", ())
            return {name: example(found["members"][name]["shape"], is_whole=is_whole) for name in names}
        case "list":
            return [example(found["member"]["shape"], is_whole=is_whole) for _ in range(max(low, 1))]
        case "map":
            return {example(found["key"]["shape"]): example(found["value"]["shape"], is_whole=is_whole)}
        case "string":
            return string(found, max(low, 1))
        case "boolean":
            return False
        case "blob":
            return base64.b64encode(b"x" * max(low, 1)).decode()
        case _:
            return low or 1


def string(found: Shape, size: int) -> str:
    """At least `size` characters that match the shape's pattern and enum."""
    if "enum" in found:
        return str(found["enum"][0])
    good = EXAMPLES[found["pattern"]][0] if "pattern" in found else "x"
    return good if len(good) >= size else good + good[-1] * (size - len(good))
