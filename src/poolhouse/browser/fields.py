"""How a pool's settings look as form fields: the name to sign in with, the attributes to ask for, the password rules."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from poolhouse.browser.words import words
from poolhouse.errors import Text
from poolhouse.pool import texts
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.settings import password_policy


class Field(msgspec.Struct, frozen=True):
    """One input of a form. error: what is wrong with its value; is_first_wrong: the focus goes there."""

    id: str
    name: str
    label: str
    type: str = "text"
    autocomplete: str = "off"
    inputmode: str = ""
    hint: str = ""
    value: str = ""
    is_required: bool = True
    error: str = ""
    is_first_wrong: bool = False


class Rule(msgspec.Struct, frozen=True):
    """One rule of the password policy. name: the test in pool.js."""

    name: str
    text: str
    length: int = 0


# label, type, autocomplete, hint
_ATTRIBUTES = {
    "address": ("Address", "text", "street-address", ""),
    "birthdate": ("Date of birth", "date", "bday", ""),
    "email": ("Email", "email", "email", ""),
    "family_name": ("Family name", "text", "family-name", ""),
    "gender": ("Gender", "text", "sex", ""),
    "given_name": ("Given name", "text", "given-name", ""),
    "locale": ("Language", "text", "language", ""),
    "middle_name": ("Middle name", "text", "additional-name", ""),
    "name": ("Name", "text", "name", ""),
    "nickname": ("Nickname", "text", "nickname", ""),
    "phone_number": ("Phone number", "tel", "tel", "With the country code, for example +14325551212."),
    "picture": ("Picture", "text", "photo", "The address of a picture of you."),
    "preferred_username": ("Preferred username", "text", "username", ""),
    "profile": ("Profile", "text", "url", "The address of your profile page."),
    "updated_at": ("Updated at", "text", "off", ""),
    "website": ("Website", "text", "url", ""),
    "zoneinfo": ("Time zone", "text", "off", "For example Europe/Berlin."),
}


def attribute_field(name: str, value: str = "") -> Field:
    default = (name.removeprefix("custom:").replace("_", " ").capitalize(), "text", "off", "")
    label, kind, autocomplete, hint = _ATTRIBUTES.get(name, default)
    return Field(
        id=f"attribute-{name}",
        name=f"requiredAttributes[{name}]",
        label=label,
        type=kind,
        autocomplete=autocomplete,
        hint=hint,
        value=value,
    )


def sign_up_fields(user_pool: UserPool, values: dict[str, str]) -> list[Field]:
    """The required attributes that the username does not already give.

    Cognito asks for no more than these. Where none of them can receive the confirmation code, we also ask for one that can,
    since a sign-up without it ends at a page that nobody can leave.
    """
    given = user_pool.username_attributes if len(user_pool.username_attributes) == 1 else frozenset()
    names = [
        name
        for name, attribute in user_pool.schema.items()
        if attribute.Required and name != "sub" and name not in given
    ]
    reachable = user_pool.auto_verified_attributes
    if reachable and not reachable & (user_pool.username_attributes | set(names)):
        names.append("email" if "email" in reachable else "phone_number")
    return [attribute_field(name, values.get(name, "")) for name in names]


def username_field(user_pool: UserPool, *, is_sign_up: bool = False) -> Field:
    """What the pool's users sign in with, or sign up with.

    Only the sign-up form lets the browser insist on an e-mail address: a user whom an administrator made may sign in
    with the username all the same.
    """
    if user_pool.username_attributes == {"email"}:
        if is_sign_up:
            return Field("username", "username", "Email", "email", "email")
        return Field("username", "username", "Email", autocomplete="username", inputmode="email")
    if user_pool.username_attributes == {"phone_number"}:
        if is_sign_up:
            return Field("username", "username", "Phone number", "tel", "tel", hint=_ATTRIBUTES["phone_number"][3])
        return Field("username", "username", "Phone number", autocomplete="username", inputmode="tel")
    if user_pool.username_attributes:
        return Field("username", "username", "Email or phone number", autocomplete="username")
    if is_sign_up:
        return Field("username", "username", "Username", autocomplete="username")
    aliases = user_pool.alias_attributes
    label = "Username"
    if {"email", "phone_number"} <= aliases:
        label = "Username, email or phone number"
    elif "email" in aliases:
        label = "Username or email"
    elif "phone_number" in aliases:
        label = "Username or phone number"
    return Field("username", "username", label, autocomplete="username")


def password_rules(user_pool: UserPool) -> list[Rule]:
    """The pool's password policy, in words."""
    policy = password_policy.of(user_pool)
    length = policy.MinimumLength or password_policy.MINIMUM_LENGTH
    rules = [
        Rule("length", f"At least {length} characters", length),
        Rule("lower", "A lower case letter") if policy.RequireLowercase else None,
        Rule("upper", "An upper case letter") if policy.RequireUppercase else None,
        Rule("number", "A number") if policy.RequireNumbers else None,
        Rule("symbol", "A symbol, such as ! or ?") if policy.RequireSymbols else None,
    ]
    return [rule for rule in rules if rule is not None]


def marked(asked: Sequence[Field], wrong: Mapping[str, str]) -> list[Field]:
    """The fields with what is wrong with each; the first wrong one gets the focus.

    wrong: by the name of the attribute, or of the field where it is none.
    """
    shown: list[Field] = []
    for field in asked:
        error = wrong.get(field.name.removeprefix("requiredAttributes[").removesuffix("]"), "")
        is_first = bool(error) and not any(before.error for before in shown)
        shown.append(replace(field, error=error, is_first_wrong=is_first))
    return shown


def heading(shown: Sequence[Field], error: str) -> str:
    """What the note above a form says: the API's words, which are about one thing, or how many fields to look at."""
    count = sum(1 for field in shown if field.error)
    return words(Text("Please look at the {} marked fields.", (count,))) if count > 1 else error


NUMBER_NEEDS_COUNTRY_CODE = Text("Enter the number with its country code, such as +14325551212.")

# What a page says instead of the API's words, where it can say what to do.
_ADVICE = {
    texts.ATTRIBUTE_REQUIRED: Text("Please fill this in."),
    texts.INVALID_EMAIL: Text("Enter a whole address, such as ada@example.com."),
    texts.INVALID_PHONE_NUMBER: NUMBER_NEEDS_COUNTRY_CODE,
    texts.USERNAME_SHOULD_BE_EMAIL: Text("Enter a whole address, such as ada@example.com."),
    texts.USERNAME_SHOULD_BE_PHONE_NUMBER: NUMBER_NEEDS_COUNTRY_CODE,
    texts.USERNAME_SHOULD_BE_EITHER: Text(
        "Enter a whole address, such as ada@example.com, or a phone number with its country code, such as +14325551212."
    ),
    texts.USER_ALREADY_EXISTS: Text("There is already an account with this name."),
}


def advice(name: str, problem: Text) -> str:
    """A problem of the field with this name, as the line below it says it."""
    own = _ADVICE.get(problem.template)
    return words(problem).removeprefix(f"{name}: ").strip() if own is None else words(own)


PASSWORDS_DIFFER = "The two passwords are different."  # ours: the form has two fields, the API one


def wrong_passwords(user_pool: UserPool, objections: Sequence[Text], refusal: Text) -> dict[str, str]:
    """What is wrong with a new password that is typed twice, by name of field. refusal: what the form was refused for."""
    if objections:
        return {"password": password_advice(user_pool, objections)}
    if refusal.template == texts.PASSWORD_USED_BEFORE:
        return {"password": words(refusal)}
    return {"confirmPassword": words(refusal)} if refusal.template == PASSWORDS_DIFFER else {}


def password_advice(user_pool: UserPool, objections: Sequence[Text]) -> str:
    """All that the policy misses, in one sentence."""
    length = password_policy.of(user_pool).MinimumLength or password_policy.MINIMUM_LENGTH
    missing = {
        texts.PASSWORD_TOO_SHORT: Text("at least {} characters", (length,)),
        texts.PASSWORD_WITHOUT_UPPERCASE: Text("an upper case letter"),
        texts.PASSWORD_WITHOUT_LOWERCASE: Text("a lower case letter"),
        texts.PASSWORD_WITHOUT_NUMBER: Text("a number"),
        texts.PASSWORD_WITHOUT_SYMBOL: Text("a symbol"),
    }
    listed = ", ".join(words(missing[objection.template]) for objection in objections)
    return words(Text("Still missing: {}.", (listed,)))
