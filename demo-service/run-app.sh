#!/bin/sh
# The one way to start the service. The program is taken from beside this
# script, as in an image, or from where cargo builds it, as in a checkout.
PATH="${0%/*}:${0%/*}/../target/release:${0%/*}/../target/debug:$PATH" exec demo-service "$@"
