#!/bin/sh
# The one way to start the service. The program is taken from beside this
# script, as in an image, or is the newest that cargo built, as in a checkout.
here=$(dirname "$(readlink -f "$0")")
debug=$here/../target/debug/demo-service
release=$here/../target/release/demo-service
if [ -x "$here/demo-service" ]; then
    exec "$here/demo-service" "$@"
elif [ -x "$release" ] && ! [ "$debug" -nt "$release" ]; then
    exec "$release" "$@"
fi
exec "$debug" "$@"
