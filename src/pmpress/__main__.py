"""`python -m pmpress` is the command `pmpress`."""

from pmpress.cli import main

main()
