#!/bin/sh
# Builds the Debian package of a program that is built: guildhall_VERSION_ARCHITECTURE.deb in DIRECTORY, or else in target/debian.
# Needs dpkg-dev.
#
#   ops/deb/build.sh PROGRAM [DIRECTORY]
set -eu
program=$(realpath "$1")
source=$(realpath "$(dirname "$0")/../..")
to=${2:-$source/target/debian}
mkdir -p "$to"
to=$(realpath "$to")
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
root=$work/root

# MODE FILE PLACE: places that end in / are directories.
put() {
    case $3 in
        */) install -D -m "$1" "$2" "$root/$3$(basename "$2")" ;;
        *) install -D -m "$1" "$2" "$root/$3" ;;
    esac
}

cd "$source"
put 755 "$program" usr/bin/guildhall
put 755 ops/deb/guildhallctl usr/sbin/
put 644 ops/systemd/guildhall.service usr/lib/systemd/system/
put 644 ops/systemd/guildhall-worker.service usr/lib/systemd/system/
put 644 ops/deb/guildhall.sysusers usr/lib/sysusers.d/guildhall.conf
put 640 ops/deb/default etc/default/guildhall

"$source/ops/package.sh" "$program" "$work/package"
gzip --best --no-name "$work/package/man"/*.1
for page in "$work/package/man"/*.1.gz; do put 644 "$page" usr/share/man/man1/; done
put 644 "$work/package/completions/guildhall" usr/share/bash-completion/completions/
put 644 "$work/package/completions/_guildhall" usr/share/zsh/vendor-completions/
put 644 "$work/package/completions/guildhall.fish" usr/share/fish/vendor_completions.d/

documents=usr/share/doc/guildhall
put 644 CHANGELOG.md "$documents/"
put 644 LICENSE-MIT "$documents/copyright"
for page in docs/*.md; do put 644 "$page" "$documents/docs/"; done
for page in docs/guides/*.md; do put 644 "$page" "$documents/docs/guides/"; done
put 644 ops/nginx/guildhall.conf "$documents/examples/nginx.conf"
put 644 ops/caddy/Caddyfile "$documents/examples/"
put 644 ops/logrotate/guildhall "$documents/examples/logrotate"
for file in ops/prometheus/*.yml; do put 644 "$file" "$documents/examples/prometheus/"; done
for file in ops/grafana/*.json; do put 644 "$file" "$documents/examples/grafana/"; done

# dpkg-shlibdeps wants to find this file, and prints `shlibs:Depends=libc6 (>= 2.34), …`.
mkdir "$work/debian"
: > "$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O "$program" | sed -n 's/^shlibs:Depends=//p')
version=$("$program" --version | sed 's/^guildhall \([^+ ]*\).*/\1/')
architecture=$(dpkg --print-architecture)

mkdir "$root/DEBIAN"
install -m 755 ops/deb/postinst ops/deb/prerm ops/deb/postrm "$root/DEBIAN"
echo /etc/default/guildhall > "$root/DEBIAN/conffiles"
cat > "$root/DEBIAN/control" <<CONTROL
Package: guildhall
Version: $version
Architecture: $architecture
Section: web
Priority: optional
Maintainer: The maintainers of Guildhall
Installed-Size: $(du -sk "$root" | cut -f1)
Depends: $libraries, ca-certificates, systemd
Suggests: caddy | nginx, postgresql
Description: server for open-source communities
 Contribution seasons, hackathons, CTF teams, and issues to work on, as one
 program with its own database, or with PostgreSQL.
CONTROL
(cd "$root" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
chmod 644 "$root/DEBIAN/md5sums" "$root/DEBIAN/control" "$root/DEBIAN/conffiles"
find "$root" -type d -exec chmod 755 {} +
dpkg-deb --root-owner-group -Zzstd --build "$root" "$to/guildhall_${version}_$architecture.deb"
