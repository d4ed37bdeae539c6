"""AuthParameters and ChallengeResponses: maps of Cognito's own words."""

from collections.abc import Mapping

from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors

Parameters = Mapping[str, str]


def required(parameters: Parameters, name: str) -> str:
    """Raises InvalidParameterException when it is missing or empty."""
    value = parameters.get(name)
    if not value:
        raise errors.InvalidParameterException(texts.MISSING_PARAMETER, name)
    return value
