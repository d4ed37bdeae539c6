"""`python -m poolhouse` is the poolhouse command."""

from poolhouse.cli.main import main

main()
