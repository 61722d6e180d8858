#!/bin/sh
# usage: tests/lint.sh BUILD
# Rules of the house that a machine can hold us to.  Same lines as the tests:
# "ok NAME", "not ok NAME", "skip NAME: reason", and their sum at the end.
set -u
build=$1
passed=0 failed=0 skipped=0
found=$(mktemp) || exit 1
trap 'rm -f "$found"' EXIT

# check NAME: whatever was written to $found is a complaint
check() {
    if [ -s "$found" ]; then
        failed=$((failed + 1))
        echo "not ok lint/$1"
        sed 's/^/# /' "$found"
    else
        passed=$((passed + 1))
        echo "ok lint/$1"
    fi
    : >"$found"
}

skip() {
    skipped=$((skipped + 1))
    echo "skip lint/$1: $2"
}

# Who may reach whom, transitive includes and all: the compiler's own lists.
while read -r dir deny; do
    grep -lE "(^| )($deny)" "$build/$dir"/*.d >>"$found"
    check "includes of $dir"
done <<'EOT'
loader (probes|proc|ui|bench)/
probes (loader|proc|ui|bench)/
proc   (ui|bench)/|probes/kern
ui     (probes|bench)/|loader/(object|bpf|elf|btf|core|link|load|image|kbtf)|proc/(backend|sample|system|reader|pidfiles|procfile)\.h
EOT

for h in loader/*.h probes/*.h proc/*.h ui/*.h bench/*.h tests/unit/*.h; do
    want=$(echo "$h" | tr 'a-z./-' 'A-Z___')
    grep -q "^#ifndef $want\$" "$h" || echo "$h: its guard is not $want" >>"$found"
done
check 'header guards'

# Undefined symbols of an object file, by its name.
undefined() {
    nm -u "$@" | awk '/^[^ ].*:$/ {file = $1} NF == 2 {print file, $2}'
}

undefined "$build"/ui/*.o |
    grep -E ' (malloc|calloc|realloc|reallocarray|free|strdup|f?printf|v?sn?printf|fopen|fputs|puts|fwrite|putchar|fflush)$' >>"$found"
check 'ui neither allocates nor uses stdio'

undefined "$build"/main.o "$build"/loader/*.o "$build"/proc/*.o "$build"/ui/*.o "$build"/bench/*.o |
    grep -E ' (strcpy|strcat|sprintf|vsprintf|atoi|atol|strtok|gets)$' >>"$found"
check 'unsafe functions'

# What a compiler takes from there is not unpacked yet.
for object in start unpack; do
    readelf -SW "$build/loader/$object.o" | grep -oE ' \.(rodata|data\.rel)[^ ]*' | sed "s/^/$object.o:/" >>"$found"
done
check 'what unpacks the constants has none'

sources=$(git ls-files -co --exclude-standard -- '*.c' '*.h')
# shellcheck disable=SC2086  # no file name of ours has a space
wc -l $sources | awk '$2 != "total" && $1 > 1000 {print $2 ": " $1 " lines"}' >>"$found"
[ "$(wc -l <main.c)" -lt 300 ] || echo 'main.c: 300 lines or more' >>"$found"
check 'length of files'

# A function begins with "{" and ends with "}" in the first column.
# shellcheck disable=SC2086
awk 'FNR == 1 {start = 0} /^\{/ {start = FNR} /^\}/ && start {
    if (FNR - start > 100) print FILENAME ":" start ": " FNR - start " lines"; start = 0}' $sources >>"$found"
check 'length of functions'

# shellcheck disable=SC2086
grep -nE '[[:blank:]]+$' $sources Makefile README.md >>"$found"
check 'trailing blanks'

git ls-files -co --exclude-standard | grep -vE '^(LICENSE|tests/golden/)' |
    xargs grep -nE '(/work/|/farm/|/root/)[a-z]' >>"$found" 2>/dev/null
check 'paths of one machine'

# What is carried to a rescue shell stays small; loader/pack/pack.c says what packs it.
case $build in
*-san) skip 'size of the product' 'sanitizers are in it' ;;
*)
    bytes=$(wc -c <"$build/pitstop")
    echo "# $build/pitstop: $bytes bytes"
    [ "$bytes" -le 409600 ] || echo "$bytes bytes are more than 400 KiB" >>"$found"
    check 'size of the product'
    ;;
esac

scripts=$(git ls-files -co --exclude-standard | grep -E '\.sh$|^\.ci/')
# shellcheck disable=SC2086
shellcheck $scripts >>"$found"
check shellcheck

git ls-files -co --exclude-standard | grep '\.py$' | xargs "$(command -v pyflakes3 || command -v pyflakes)" tests/vm/run >>"$found"
check pyflakes

# What loader/print.c does not know ends the program.
# shellcheck disable=SC2086
grep -nE '"[^"]*%[-0#]*([*]|[0-9]+)?([.]([*]|[0-9]+))?(hh?|ll?|z|j|t)?[a-bA-Zefgkmnpqrvwy]' \
    loader/*.c proc/*.c ui/*.c bench/*.c main.c | grep -E '(printf|put|say|line|explain|fail)[a-z_]*\(' >>"$found"
check 'conversions of printf'

# Every habit has a test, and that test is there.
grep -v '^#' tests/e2e/habits.tsv | while IFS='	' read -r section row test more; do
    suite=${test%%.*} name=${test#*.}
    if [ -n "$more" ] || ! grep -sA1 '^@test$' "tests/e2e/$suite.py" | grep -qx "def $name():"; then
        echo "$section, $row: no test $test" >>"$found"
    fi
done
check 'habits have tests'
{
    grep -v '^#' tests/e2e/habits.tsv | cut -f1 | LC_ALL=C sort -c
    grep -v '^#' tests/e2e/habits.tsv | cut -f1,2 | LC_ALL=C sort | uniq -d
} >>"$found" 2>&1
check 'habits are in order, none twice'

if [ -e pitstop.1 ]; then
    mandoc -Tlint -W warning pitstop.1 >>"$found"
    check 'manual: mandoc'
    sh tests/lint_docs.sh "$build" >>"$found" 2>&1 && : >"$found"
    check 'manual: up to date with the tables'
else
    skip manual 'there is none'
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
