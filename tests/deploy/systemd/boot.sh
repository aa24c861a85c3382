#!/usr/bin/env bash
# Boots systemd as process 1 of namespaces of its own; the network is the host's.
#
#   boot.sh NAME WORK ROOT
#
# Its root is what WORK/layer and ROOT hold, and what it writes is thrown away. NAME
# is that of its control groups, which have to be removed when it has ended.
set -euo pipefail
name=$1 work=$2 root=$3
groups=/sys/fs/cgroup
controllers=
for group in "$groups"/*/; do
    controller=$(basename "$group")
    # A link, like cpu to cpu,cpuacct, is the same group again.
    if [ -e "$group/cgroup.procs" ] && [ ! -L "${group%/}" ]; then
        mkdir -p "$group/$name"
        # cpuset has to be told which there are.
        for what in cpus mems; do
            if [ -e "$group/cpuset.$what" ]; then
                cat "$group/cpuset.$what" >"$group/$name/cpuset.$what"
            fi
        done
        echo $$ >"$group/$name/cgroup.procs"
        controllers="$controllers $controller"
    fi
done
export work root controllers name

exec unshare --cgroup --mount --pid --uts --ipc --fork --kill-child=SIGKILL bash -c '
set -euo pipefail
mount -t tmpfs tmpfs "$work/mnt"
cd "$work/mnt"
mkdir upper scratch merged
mount -t overlay -o "lowerdir=$work/layer:$root,upperdir=upper,workdir=scratch" overlay merged
cd merged

mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
for controller in $controllers; do
    group=sys/fs/cgroup/$controller
    mkdir "$group"
    case $controller in
        systemd) mount -t cgroup -o none,name=systemd cgroup "$group" ;;
        unified) mount -t cgroup2 cgroup2 "$group" ;;
        *) mount -t cgroup -o "$controller" cgroup "$group" ;;
    esac
done

mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm dev/mqueue
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp

hostname "$name"
mkdir .old
pivot_root . .old
cd /
umount -l .old
# Or what LoadCredential= mounts is not seen by the service.
mount --make-rshared /
exec env -i container="$name" PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --log-target=journal --show-status=no
'
