"""Lists what Python lacks on macOS and on Windows: attributes of modules, and whole modules."""

import os
import select
import signal
import socket

OF_LINUX = {  # what neither Windows nor macOS has
    os: """
        O_DIRECT O_NOATIME O_PATH O_TMPFILE copy_file_range eventfd fdatasync getresuid getxattr
        listxattr memfd_create pidfd_open pipe2 posix_fadvise posix_fallocate removexattr
        sched_getaffinity setxattr splice
    """,
    select: """
        epoll
    """,
    signal: """
        SIGRTMAX SIGRTMIN SIGSTKFLT SIGPWR sigtimedwait sigwaitinfo
    """,
    socket: """
        AF_NETLINK AF_PACKET AF_VSOCK SO_PEERCRED
    """,
}
OF_UNIX = {  # what Windows lacks besides; os.WNOHANG stays, because `subprocess` waits with it here
    os: """
        O_ACCMODE O_ASYNC O_CLOEXEC O_DIRECTORY O_DSYNC O_NDELAY O_NOCTTY O_NOFOLLOW O_NONBLOCK
        O_RSYNC O_SYNC SEEK_DATA SEEK_HOLE chown chroot confstr ctermid environb fchdir fchmod
        fchown fork forkpty fpathconf fstatvfs get_blocking getegid getenvb geteuid getgid getgroups
        getloadavg getpgid getpgrp getpriority getsid getuid initgroups killpg lchown lockf major
        makedev minor mkfifo mknod nice openpty pathconf posix_spawn pread preadv pwrite pwritev
        readv register_at_fork sendfile set_blocking setegid seteuid setgid setgroups setpgid
        setpriority setsid setuid statvfs sync sysconf tcgetpgrp tcsetpgrp ttyname uname wait wait3
        wait4 writev
    """,
    select: """
        poll
    """,
    signal: """
        SIGALRM SIGBUS SIGCHLD SIGCONT SIGHUP SIGIO SIGKILL SIGPIPE SIGPROF SIGQUIT SIGSTOP SIGSYS
        SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ
        alarm pause pthread_kill pthread_sigmask setitimer sigpending sigwait
    """,
    socket: """
        AF_UNIX CMSG_LEN SCM_RIGHTS recv_fds send_fds
    """,
}
MODULES_OF_UNIX = frozenset(("curses", "fcntl", "grp", "posix", "pwd", "resource", "termios"))
