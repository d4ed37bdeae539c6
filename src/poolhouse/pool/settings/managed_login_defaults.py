"""The settings that a style of managed login leaves to us (endpoints.md §17.2): what ReturnMergedResources adds."""

from collections.abc import Mapping
from typing import Any

_LIGHT, _DARK = "0972d3ff", "539fe5ff"


def _modes(**light: str) -> dict[str, Any]:
    """The same colours for both schemes, but for the one that is ours."""
    dark = {name: _DARK if value == _LIGHT else value for name, value in light.items()}
    return {"lightMode": {"defaults": light}, "darkMode": {"defaults": dark}}


DEFAULTS: Mapping[str, Any] = {
    "categories": {
        "auth": {
            "authMethodOrder": [
                [{"display": "BUTTON", "type": "FEDERATED"}, {"display": "INPUT", "type": "USERNAME_PASSWORD"}]
            ],
            "federation": {"interfaceStyle": "BUTTON_LIST", "order": []},
        },
        "form": {
            "displayGraphics": True,
            "instructions": {"enabled": False},
            "languageSelector": {"enabled": False},
            "location": {"horizontal": "CENTER", "vertical": "CENTER"},
            "sessionTimerDisplay": "NONE",
        },
        "global": {
            "colorSchemeMode": "LIGHT",
            "pageFooter": {"enabled": False},
            "pageHeader": {"enabled": False},
            "spacingDensity": "REGULAR",
        },
        "signUp": {"acceptanceElements": [{"enforcement": "NONE", "textKey": "en"}]},
    },
    "componentClasses": {
        "buttons": {"borderRadius": 8.0},
        "focusState": {"lightMode": {"borderColor": _LIGHT}, "darkMode": {"borderColor": _DARK}},
        "idpButtons": {"icons": {"enabled": True}},
        "input": {"borderRadius": 8.0, **_modes(backgroundColor="ffffffff", borderColor="7d8998ff")},
        "inputLabel": {"lightMode": {"textColor": "000716ff"}, "darkMode": {"textColor": "d1d5dbff"}},
        "link": _modes(textColor=_LIGHT),
    },
    "components": {
        "favicon": {"enabledTypes": ["ICO", "SVG"]},
        "form": {
            "backgroundImage": {"enabled": False},
            "borderRadius": 8.0,
            "logo": {"enabled": False, "formInclusion": "IN", "location": "CENTER", "position": "TOP"},
            "lightMode": {"backgroundColor": "ffffffff", "borderColor": "c6c6cdff"},
            "darkMode": {"backgroundColor": "0f1b2aff", "borderColor": "424650ff"},
        },
        "pageBackground": {
            "image": {"enabled": True},
            "lightMode": {"color": "ffffffff"},
            "darkMode": {"color": "0f1b2aff"},
        },
        "phoneNumberSelector": {"displayType": "TEXT"},
        "primaryButton": {
            "lightMode": {
                "defaults": {"backgroundColor": _LIGHT, "textColor": "ffffffff"},
                "hover": {"backgroundColor": "033160ff", "textColor": "ffffffff"},
            },
            "darkMode": {
                "defaults": {"backgroundColor": _DARK, "textColor": "000716ff"},
                "hover": {"backgroundColor": "89bdeeff", "textColor": "000716ff"},
            },
        },
    },
}


def merged(settings: Any, defaults: Any = DEFAULTS) -> Any:
    """The settings over the defaults, member by member; a list stands for itself."""
    if not isinstance(settings, Mapping) or not isinstance(defaults, Mapping):
        return settings
    both = {name: merged(value, defaults[name]) if name in defaults else value for name, value in settings.items()}
    return {**defaults, **both}
