#!/bin/sh
# enter.sh ROOT CACHE PROGRAM [WORD …], in its own mount namespace: makes ROOT the root folder and executes PROGRAM.
# It uses pivot_root, not chroot, because containers are started there, too.
set -e
root=$1 cache=$2
shift 2
mount --bind "$root" "$root"  # pivot_root requires a mount
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount --bind "$cache" "$root/cache"
mkdir -p "$root/cache/servers"
mount --bind "$root/servers" "$root/cache/servers"  # hides servers outside, whose processes are not visible here
cd "$root"
pivot_root . mnt
umount --lazy /mnt
cd /airlock
exec "$@"
