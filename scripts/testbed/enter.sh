#!/bin/sh
# enter.sh ROOT CACHE PROGRAM [WORD …], with mounts of its own: makes ROOT the root folder, and becomes PROGRAM.
# pivot_root and not chroot, because containers are started in there, too.
set -e
root=$1 cache=$2
shift 2
mount --bind "$root" "$root"  # pivot_root takes nothing but a mount
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount --bind "$cache" "$root/cache"
mkdir -p "$root/cache/servers"
mount --bind "$root/servers" "$root/cache/servers"  # outside are servers whose processes cannot be seen from here
cd "$root"
pivot_root . mnt
umount --lazy /mnt
cd /airlock
exec "$@"
