"""`python -m backend` is `entregent`."""

from backend.cli import main

main()
