"""``python -m service`` is ``saring``."""

from service.launch import main

main()
