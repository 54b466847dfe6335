#!/bin/sh
# What `make demo` runs once the environment is there: a real case of the crossings, and the strategies compared.
set -eu
OUT=${OUT:-borderlab-out}
BORDERLAB="$BIN/borderlab"
"$BORDERLAB" --version
# The model is compiled on the other processor while the crossings are simulated; step 2 waits for it.
"$BIN/python" -m borderlab.model.history.warm >/dev/null 2>&1 &
WARM=$!
echo "1. The Texas truck inspections of April 2022 (the first run also compiles the engine, up to a minute) ..."
"$BORDERLAB" crossings simulate texas-2022 --seed 1 --out "$OUT/texas-2022"
echo
echo "2. Six strategies in 2,000 futures each (about a minute) ..."
wait "$WARM" || true
# A finished comparison of an older version cannot be continued; the demo makes its own anew.
if [ -f "$OUT/compare/journal.json" ]; then rm -rf "$OUT/compare"; fi
"$BORDERLAB" compare --futures 2000 --out "$OUT/compare"
echo
echo "Done. Both reports are single files; open them in any browser:"
echo "  $OUT/texas-2022/report.html"
echo "  $OUT/compare/report.html"
