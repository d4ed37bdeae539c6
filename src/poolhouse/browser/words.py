"""How a page says what an error, or a problem of a field, is about. Every page asks here, and the wire never does.

A text comes with its template and what goes into it, so this is where another language, or other words, take its place.
"""

from poolhouse.errors import Text

NOTHING_SAID = Text("Something went wrong.")


def words(text: Text) -> str:
    """In English, which is what the templates are written in."""
    return str(text)
