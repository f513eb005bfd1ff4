"""What a child that opens strangers' files may do: limits set once, at its start, from inside.

Threat: a crafted scan that makes a decoder eat the memory, write without end, crash, or run code and call home. Rule: each child has
limits on memory, on what it writes and on core dumps; it dies when its parent does; it has no network where the kernel lets it go
without (a network namespace of its own, which needs rights or user namespaces; stops UDP and TCP alike, measured 1 ms).
Left open knowingly: a child can read what the user can read, and reach Unix sockets that stand in the file system.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import multiprocessing
import os
import resource
import signal
import threading
from dataclasses import dataclass

log = logging.getLogger(__name__)

GIBIBYTE = 1 << 30
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use. The memory is address space: libraries reserve far more than they use."""

    memory_bytes: int = 4 * GIBIBYTE
    written_file_bytes: int = 4 * GIBIBYTE
    without_network: bool = True


def confine(limits: ChildLimits) -> None:
    """Put the limits on this process and all it starts; a network it cannot leave is borne, the rest is not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; the parent decides
    die_with_parent()
    die_with_pool()
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_AS, limits.memory_bytes)
    _lower(resource.RLIMIT_FSIZE, limits.written_file_bytes)
    if limits.without_network:
        leave_network()


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends, however it ends (Linux; prctl(2)). Lost at the next fork."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel does not end children with their parent")


def die_with_pool() -> None:
    """Ask the kernel to end this child when the process that uses it ends: that is not its parent, which is the fork server.

    The fork server would outlive its user as long as a child is at work, for multiprocessing gives every child the server's own sign
    of life. The user's sign of life is a pipe that the child holds; its closing comes as SIGIO, whatever library code is running.
    """
    user = multiprocessing.parent_process()
    if user is None:
        return
    signal.signal(signal.SIGIO, signal.SIG_DFL)  # ends the process
    fcntl.fcntl(user.sentinel, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(user.sentinel, fcntl.F_GETFL)
    fcntl.fcntl(user.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)
    if not user.is_alive():
        os.kill(os.getpid(), signal.SIGKILL)


def leave_network() -> bool:
    """Move into an empty network namespace; return whether that was allowed.

    Not while threads run: the kernel refuses a new user namespace to them, and to give it to one thread alone would be no use.
    """
    if threading.active_count() > 1:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        log.debug("children keep their network (error %s)", ctypes.get_errno())
        return False
    _map_ids(user, group)
    return True


def _map_ids(user: int, group: int) -> None:
    """Keep the same user and group inside the new user namespace (user_namespaces(7))."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        try:
            with open(f"/proc/self/{name}", "w", encoding="ascii") as stream:  # noqa: PTH123 - a kernel interface
                stream.write(text)
        except OSError as error:
            log.debug("ids are not mapped in the child (error %s)", error.errno)
            return


def _lower(which: int, limit: int) -> None:
    """Set a limit, never above what is allowed already."""
    _, hard = resource.getrlimit(which)
    wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(which, (wanted, wanted))
