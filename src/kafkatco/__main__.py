"""``python -m kafkatco``."""

import sys

from kafkatco.cli.main import main

sys.exit(main())
