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
    echo "# $name"
    "$@" </dev/null >"$results.one" 2>&1
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

# Tests of a whole screen wait for other programs on a machine that others use:
# one that failed is tried once more, alone.  That it needed to is printed.
again() {
    grep '^not ok e2e/' "$results" | sed 's/^not ok \([^:]*\):.*/\1/' | while read -r name; do
        file=tests/e2e/test_$(echo "$name" | cut -d/ -f2).py
        python3 "$file" "${name##*/}" </dev/null >"$results.one" 2>&1
        cat "$results.one"
        grep -q "^ok $name\$" "$results.one" || continue
        echo "# $name needed a second try"
        grep -v "^not ok $name:" "$results" >"$results.new"
        cat "$results.one" >>"$results.new"
        mv "$results.new" "$results"
    done
    rm -f "$results.one"
}

run unit "$build/tests/unit/run"
for t in tests/e2e/test_*.py; do
    [ -e "$t" ] || continue
    run "$t" python3 "$t"
done
again

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
