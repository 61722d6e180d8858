#!/bin/sh
# usage: tests/fuzz/run.sh fuzz BUILD RUNS SECONDS NAME...
#        tests/fuzz/run.sh keep BUILD NAME...
# fuzz: runs each fuzzer for RUNS inputs; for SECONDS where RUNS is -1.
# keep: replaces the kept corpus of each by the smallest that reaches as much.
set -eu
what=$1 build=$2
shift 2

# Bytes of the longest input.  Objects need room; the rest is faster without.
longest() {
    case $1 in
    load | object) echo 49152 ;;
    elf) echo 16384 ;;
    *) echo 8192 ;;
    esac
}

# No input of $(longest) bytes has a reason to take more, in ms or in memory:
# a data section may be 64 MiB of zeros, and the sanitizers double it.
limits='-timeout=10 -malloc_limit_mb=130 -rss_limit_mb=1024'

fuzz() {
    name=$1
    mkdir -p "$build/corpus/$name"
    set --
    for dir in "$build/corpus/$name" "tests/fuzz/corpus/$name" "$build/seeds/$name"; do
        [ ! -d "$dir" ] || set -- "$@" "$dir"
    done
    # shellcheck disable=SC2086  # several options
    "$build/fuzz_$name" -runs="$runs" $time $limits -max_len="$(longest "$name")" \
        -artifact_prefix="$build/" -print_final_stats=1 -verbosity=0 "$@" 2>&1 |
        tee "$build/$name.log" | grep -E 'ERROR|SUMMARY|artifact|stat::(number|average|peak)' | sed "s/^/$name: /"
    if grep -qE 'ERROR|SUMMARY' "$build/$name.log"; then
        echo "$name: see $build/$name.log" >&2
        return 1
    fi
}

keep() {
    name=$1 kept=tests/fuzz/corpus/$1
    set --
    for dir in "$kept" "$build/seeds/$name" "$build/corpus/$name"; do
        [ ! -d "$dir" ] || set -- "$@" "$dir"
    done
    rm -rf "$build/kept"
    mkdir -p "$build/kept"
    # shellcheck disable=SC2086  # several options
    "$build/fuzz_$name" -merge=1 $limits -max_len="$(longest "$name")" "$build/kept" "$@" >"$build/$name.log" 2>&1
    rm -rf "$kept"
    mkdir -p "$(dirname "$kept")"
    mv "$build/kept" "$kept"
    echo "$name: $(find "$kept" -type f | wc -l) inputs, $(du -bs "$kept" | cut -f1) bytes"
}

if [ "$what" = fuzz ]; then
    runs=$1 seconds=$2 time=
    shift 2
    [ "$runs" != -1 ] || time=-max_total_time=$seconds
fi
for name; do
    "$what" "$name"
done
