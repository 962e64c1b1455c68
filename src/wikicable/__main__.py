"""``python -m wikicable`` is the command ``wikicable``."""

from wikicable.cli import main

main()
