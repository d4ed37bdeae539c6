"""One file per ChallengeName; respond.py decides which."""
