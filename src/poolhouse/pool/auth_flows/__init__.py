"""One file per AuthFlow; initiate.py decides which."""
