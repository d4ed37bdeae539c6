"""Signing in: `machine` is the door; one file per AuthFlow in `flows`, one per answered ChallengeName in `answers`."""
