"""ListUsers: its filter grammar, which attributes can be searched, and how a page is found."""

from poolhouse.storage.users import User

# Spec §9.1; sub, status and cognito:user_status are columns of users, username its key.
SEARCHABLE = ("email", "phone_number", "name", "given_name", "family_name", "preferred_username")


def rows(user: User) -> set[tuple[str, str]]:
    """What the user can be found by: (attribute, value in lower case)."""
    attributes = user.attributes
    return {(name, attributes[name].lower()) for name in SEARCHABLE if name in attributes}
