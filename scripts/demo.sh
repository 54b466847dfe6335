#!/bin/sh
# What `make demo` runs once the environment is there: a real case, simulated and written as a report.
set -eu
OUT=${OUT:-borderlab-out}
BORDERLAB="$BIN/borderlab"
"$BORDERLAB" --version
echo "Simulating the Texas truck inspections of April 2022 (the first run also compiles the engine, about half a minute) ..."
"$BORDERLAB" crossings simulate texas-2022 --seed 1 --out "$OUT/texas-2022"
echo
echo "The report is one file; open it in any browser: $OUT/texas-2022/report.html"
