#!/bin/sh
# usage: tests/run.sh BUILD
# Runs the unit tests and every end-to-end test.  Each prints a line a test:
# "ok NAME", "not ok NAME: why", "skip NAME: reason"; lines with # are notes.
set -u
build=$1
PITSTOP=$PWD/$build/pitstop
PT_TOOLS=$PWD/$build/tests
export PITSTOP PT_TOOLS

results=$(mktemp) || exit 1
trap 'rm -f "$results"' EXIT

run() {
    name=$1
    shift
    "$@" >"$results.one" 2>&1
    status=$?
    cat "$results.one"
    cat "$results.one" >>"$results"
    # one that dies has not said what it did not get to
    if [ $status -ne 0 ] && ! grep -q '^not ok ' "$results.one"; then
        echo "not ok $name: ended with status $status" | tee -a "$results"
    elif ! grep -qE '^(ok|not ok|skip) ' "$results.one"; then
        echo "not ok $name: ran no test" | tee -a "$results"
    fi
    rm -f "$results.one"
}

run unit "$build/tests/unit/run"
for t in tests/e2e/test_*.py; do
    [ -e "$t" ] || continue
    run "$t" python3 "$t"
done

passed=$(grep -c '^ok ' "$results")
failed=$(grep -c '^not ok ' "$results")
skipped=$(grep -c '^skip ' "$results")
if [ "$failed" -gt 0 ]; then
    echo
    echo "failed:"
    grep '^not ok ' "$results"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
