"""One file per ChallengeName that can be answered; sign_in/machine.py decides which."""
