"""What pages and terminal say while the clock of `dev` is moved: every token is then of another time than its verifier."""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def clock_note(offset_seconds: float) -> str:
    """One sentence; empty when the clock is right."""
    seconds = round(abs(offset_seconds))
    if seconds == 0:
        return ""
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return f"The clock of this server is {' '.join(parts)} {'ahead' if offset_seconds > 0 else 'behind'}."
