"""How a process ends: at once, when everything that it had to do is done."""

import atexit
import gc


def end_quickly() -> None:
    """Spare this process its last garbage collection; call it when everything is loaded. Again changes nothing.

    Python looks through all objects once more before it exits, which takes half a second of CPU with boto3 and Celery
    loaded: several seconds where ten processes of a platform end together. The system takes back the memory anyway.
    """
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
