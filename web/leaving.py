"""The last step of a gateway process."""

import atexit
import os
import sys


def leave_if_done(ending: BaseException | None) -> None:
    """End this process now where a worker of gunicorn is ending well; otherwise return.

    gunicorn calls its last hook while the exit that ends the worker is on its way. What is registered for the end runs
    here. What Python would do after it, taking apart modules that gevent has changed, says "Exception ignored" and a
    traceback for each log handler, and takes half a second of CPU.
    """
    if isinstance(ending, SystemExit) and ending.code in (None, 0):
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
