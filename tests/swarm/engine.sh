#!/usr/bin/env bash
# Runs the Docker engine in namespaces of its own: processes, mounts, network and control groups.
#
#   engine.sh NAME WORK PROGRAMS
#
# WORK gets its files and its socket. NAME is that of its control groups, which have to be
# removed when it has ended. Nothing else of it is outside of its namespaces.
set -euo pipefail
name=$1 work=$2
export work PATH=$3:/usr/sbin:/usr/bin:/sbin:/bin
for group in /sys/fs/cgroup/*/; do
    # A link, like cpu to cpu,cpuacct, is the same group again.
    if [ ! -L "${group%/}" ]; then
        mkdir "$group$name"
        # cpuset has to be told which there are.
        for what in cpus mems; do
            if [ -e "$group/cpuset.$what" ]; then
                cat "$group/cpuset.$what" >"$group$name/cpuset.$what"
            fi
        done
        echo $$ >"$group$name/cgroup.procs"
    fi
done

exec unshare --cgroup --mount --net --pid --fork --kill-child=SIGKILL --mount-proc \
    --propagation private bash -c '
set -euo pipefail
ip link set lo up
mount -t tmpfs tmpfs /run
# As seen from the new root of the control groups.
for group in /sys/fs/cgroup/*/; do
    type=$(findmnt --noheadings --output FSTYPE "$group")
    controllers=$(findmnt --noheadings --output FS-OPTIONS "$group" | tr , "\n" |
        { grep -E "^(blkio|cpu|cpuacct|cpuset|devices|freezer|memory|pids|name=.*)$" || true; } |
        paste -sd,)
    umount "$group"
    mount -t "$type" -o "${controllers:-defaults}" cgroup "$group"
done
exec dockerd --data-root "$work/data" --exec-root /run/docker-exec \
    --host "unix://$work/docker.sock" --pidfile /run/docker.pid
'
