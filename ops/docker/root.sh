#!/bin/sh
# Assembles the root of the container image: the program, the C libraries that it is linked to, certificates, and nothing else.
# There is no shell in it. The Dockerfile runs this, and so does try.sh, so that both have the same root.
#
#   ops/docker/root.sh PROGRAM DIRECTORY
set -eu
program=$1
root=$2
certificates=/etc/ssl/certs/ca-certificates.crt

[ -s "$certificates" ] || { echo "root.sh: install the package ca-certificates" >&2; exit 1; }
mkdir -p "$root/etc/ssl/certs" "$root/etc/guildhall" "$root/usr/bin"
cp "$program" "$root/usr/bin/guildhall"

# Lines of ldd: `libm.so.6 => /lib/…/libm.so.6 (0x…)` and `/lib64/ld-linux-x86-64.so.2 (0x…)`.
ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done

cp -L "$certificates" "$root$certificates"
echo 'guildhall:x:65532:65532::/data:/usr/bin/guildhall' > "$root/etc/passwd"
echo 'guildhall:x:65532:' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod go+r,go-w {} +
chmod 755 "$root/usr/bin/guildhall"
mkdir -p "$root/data"
chmod 700 "$root/data"
chown 65532:65532 "$root/data"
