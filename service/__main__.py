"""``python -m service`` is ``saring``."""

from service.cli import main

main(prog_name="saring")
