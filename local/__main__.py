"""`python -m local` runs the command of `local.run`."""

import signal
import sys

# The imports take a second. During it, Ctrl-C ends the process instead of printing a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from local.run import main  # noqa: E402

sys.exit(main())
