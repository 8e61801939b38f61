"""``python -m kafkatco``."""

import sys

from kafkatco.cli import main

sys.exit(main())
