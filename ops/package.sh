#!/bin/sh
# Lets a program write what packages have besides it: its man pages and the completions of shells.
#
#   ops/package.sh PROGRAM DIRECTORY
set -eu
program=$1
to=$2
rm -rf "$to"
mkdir -p "$to/completions"
"$program" man --to "$to/man"
"$program" completions bash > "$to/completions/guildhall"
"$program" completions zsh > "$to/completions/_guildhall"
"$program" completions fish > "$to/completions/guildhall.fish"
