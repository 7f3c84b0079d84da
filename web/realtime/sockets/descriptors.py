"""Open files: every socket is one, and the usual soft limit of 1,024 ends a gateway's growth in silence."""

import logging
import resource

_log = logging.getLogger(__name__)
_RESERVE = 256  # for listeners, Redis, logs, libraries and HTTP requests under way


def raise_descriptor_limit(sockets: int) -> int:
    """Raise this process's soft limit of open files to the hard one and return it; warn if `sockets` do not fit.

    Call it at the start of each process; repeating it does nothing. Raising the hard limit is the operator's
    (`LimitNOFILE` in systemd, `ulimit -Hn`).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        soft = _raise(soft, hard)
    if soft != resource.RLIM_INFINITY and soft < sockets + _RESERVE:
        _log.warning(
            "the limit of open files is %d, too low for %d sockets: from about %d on, connecting will fail. "
            "Raise it (LimitNOFILE, ulimit -n) or lower max_connections.",
            soft,
            sockets,
            max(0, soft - _RESERVE),
        )
    return soft


def _raise(soft: int, hard: int) -> int:
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError):  # some systems report a hard limit that they do not grant
        return soft
    return hard
