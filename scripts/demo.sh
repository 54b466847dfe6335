#!/bin/sh
# What `make demo` runs once the environment is there.
set -eu
"$BIN/borderlab" --version
