"""One file per AuthFlow; sign_in/machine.py decides which."""
