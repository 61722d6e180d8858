#!/bin/sh
# usage: tests/fuzz/run.sh fuzz BUILD RUNS SECONDS NAME...
#        tests/fuzz/run.sh keep BUILD NAME...
# fuzz: runs each fuzzer for RUNS inputs; for SECONDS where RUNS is -1.
# keep: replaces the kept corpus of each by the smallest that reaches as much.
# It is one archive a fuzzer: hundreds of objects that differ in a byte are
# megabytes as files, and tens of kilobytes together.
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

# Where a fuzzer's inputs come from: found here, kept, made from our own objects.
inputs() {
    rm -rf "$build/kept/$1"
    mkdir -p "$build/corpus/$1" "$build/kept/$1" "$build/seeds/$1"
    [ ! -e "tests/fuzz/corpus/$1.tar.xz" ] || tar -C "$build/kept/$1" -xJf "tests/fuzz/corpus/$1.tar.xz"
}

fuzz() {
    name=$1
    inputs "$name"
    set -- "$build/corpus/$name" "$build/kept/$name" "$build/seeds/$name"
    # shellcheck disable=SC2086  # several options
    "$build/fuzz_$name" -runs="$runs" $time $limits -max_len="$(longest "$name")" \
        -artifact_prefix="$build/" -print_final_stats=1 -verbosity=0 "$@" 2>&1 |
        tee "$build/$name.log" | grep -E 'ERROR|SUMMARY|artifact|stat::(number|average|peak)' | sed "s/^/$name: /"
    if grep -qE 'ERROR|SUMMARY' "$build/$name.log" || ! grep -q 'stat::number' "$build/$name.log"; then
        echo "$name: see $build/$name.log" >&2
        return 1
    fi
}

keep() {
    name=$1 to=$build/merged archive=tests/fuzz/corpus/$1.tar.xz
    inputs "$name"
    rm -rf "$to"
    mkdir -p "$to" tests/fuzz/corpus
    # shellcheck disable=SC2086  # several options
    "$build/fuzz_$name" -merge=1 $limits -max_len="$(longest "$name")" "$to" \
        "$build/kept/$name" "$build/seeds/$name" "$build/corpus/$name" >"$build/$name.log" 2>&1
    tar -C "$to" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=644 -c . |
        xz -9e >"$archive"
    echo "$name: $(find "$to" -type f | wc -l) inputs, $(wc -c <"$archive") bytes"
}

if [ "$what" = fuzz ]; then
    runs=$1 seconds=$2 time=
    shift 2
    [ "$runs" != -1 ] || time=-max_total_time=$seconds
fi
for name; do
    "$what" "$name"
done
