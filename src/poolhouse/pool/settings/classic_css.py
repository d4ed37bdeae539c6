"""The style sheet that SetUICustomization takes: Cognito's classes, each with its properties, and nothing else (endpoints.md §17.1)."""

import re

from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors

_COLORS = frozenset({"color", "background-color"})
_TEXT = frozenset({"padding-top", "padding-bottom", "display", "font-size", "color"})
_BUTTON = frozenset({"height", "width", "text-align", "margin-bottom", "color", "background-color", "border-color"})
# Class, without "-customizable", and state → properties. DOC.
ALLOWED = {
    "background": frozenset({"background-color"}),
    "banner": frozenset({"padding", "background-color"}),
    "errorMessage": frozenset(
        {"margin", "padding", "font-size", "width", "background", "border", "color", "box-sizing"}
    ),
    "idpButton": _BUTTON,
    "idpButton:hover": _COLORS | {"border-color"},
    "idpDescription": _TEXT,
    "inputField": frozenset({"width", "height", "color", "background-color", "border"}),
    "inputField:focus": frozenset({"border-color", "outline"}),
    "label": frozenset({"font-weight", "color"}),
    "legalText": frozenset({"color", "font-size"}),
    "logo": frozenset({"max-width", "max-height", "background-color"}),
    "passwordCheck-valid": frozenset({"color"}),
    "passwordCheck-notValid": frozenset({"color"}),
    "redirect": frozenset({"text-align", "color"}),  # GUESS: of it alone no property is documented
    "socialButton": frozenset({"height", "text-align", "width", "margin-bottom"}),
    "submitButton": frozenset({"font-size", "font-weight", "margin", "width", "height", "color", "background-color"}),
    "submitButton:hover": _COLORS,
    "textDescription": _TEXT,
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"\s*([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"\.([A-Za-z-]+)-customizable(:hover|:focus)?")
# Numbers, words, colours, lengths and their functions; nothing that loads, escapes or ends the sheet.
_VALUE = re.compile(r"[A-Za-z0-9 #%.,()+!-]{1,200}")
_FORBIDDEN = re.compile(r"url\s*\(|expression\s*\(|javascript|image", re.IGNORECASE)


def check(css: str) -> None:
    """Raises InvalidParameterException, which names what is wrong."""
    if "<" in css:  # In a comment it would be kept, and end the element that carries the sheet.
        raise _refusal(css[css.index("<") :])
    left = _COMMENT.sub("", css)
    end = 0
    for rule in _RULE.finditer(left):
        if rule.start() != end:
            raise _refusal(left[end : rule.start()])
        end = rule.end()
        for selector in rule[1].split(","):
            allowed = _allowed(selector.strip())
            for declaration in filter(str.strip, rule[2].split(";")):
                _check_declaration(declaration, allowed)
    if left[end:].strip():
        raise _refusal(left[end:])


def _allowed(selector: str) -> frozenset[str]:
    found = _SELECTOR.fullmatch(selector)
    properties = None if found is None else ALLOWED.get(f"{found[1]}{found[2] or ''}")
    if properties is None:
        raise _refusal(selector)
    return properties


def _check_declaration(declaration: str, allowed: frozenset[str]) -> None:
    name, colon, value = (part.strip() for part in declaration.partition(":"))
    if not colon or name.lower() not in allowed or not _VALUE.fullmatch(value) or _FORBIDDEN.search(value):
        raise _refusal(declaration)


def _refusal(what: str) -> errors.InvalidParameterException:
    return errors.InvalidParameterException(texts.CSS_NOT_ALLOWED, " ".join(what.split())[:100])
