#!/bin/sh
# Makes the root of the image: image.sh PROGRAM ROOT [SBOM]
#
# A static program needs no library; the libraries of a dynamic program are copied. SOURCE, COMMIT
# and BUILD are written into version.json.
set -eu
program=$1 root=$2

umask 022
mkdir -p "$root/app" "$root/etc/ssl/certs"
cp "$program" "$root/app/demo-service"
chmod 755 "$root/app/demo-service"
[ $# -lt 3 ] || cp "$3" "$root/app/sbom.cdx.json"
printf '{"source":"%s","version":"%s","commit":"%s","build":"%s"}\n' "${SOURCE-}" \
    "$("$program" --version | cut -d ' ' -f 2)" "${COMMIT-}" "${BUILD-}" >"$root/app/version.json"

# The certificates that prove a Vault, a store of a cloud and a database.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo 'app:x:10001:10001::/app:/nonexistent' >"$root/etc/passwd"
echo 'app:x:10001:' >"$root/etc/group"

# `ldd` fails for a static program.
{ ldd "$program" 2>/dev/null || true; } | sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' |
    while read -r library; do
        mkdir -p "$root$(dirname "$library")"
        cp -L "$library" "$root$library"
    done
