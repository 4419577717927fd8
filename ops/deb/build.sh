#!/bin/sh
# Builds the Debian package target/debian/guildhall_VERSION_ARCHITECTURE.deb. Needs `cargo install cargo-deb`.
#
#   ops/deb/build.sh [PROFILE]
set -eu
cd "$(dirname "$0")/../.."
profile=${1:-dist}
cargo build --locked --profile "$profile" -p guildhall --bin guildhall
ops/package.sh "target/$profile/guildhall" target/package
cargo deb -p guildhall --profile "$profile" --no-build
