"""`python -m local`; what it does is in `local.run`."""

import signal
import sys

# The imports take a second, in which Ctrl-C is to end the process and not to print a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from local.run import main  # noqa: E402

sys.exit(main())
