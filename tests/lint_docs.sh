#!/bin/sh
# tests/lint_docs.sh BUILD [--write] - the generated parts of pitstop.1 are those
# that the program's tables give (BUILD/tests/docgen), and mandoc has nothing to
# say against the page.  --write renews them instead.
set -eu

build=${1:?Usage: tests/lint_docs.sh BUILD [--write]}
page=$(dirname "$0")/../pitstop.1
docgen=$build/tests/docgen
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

for part in mdoc-options mdoc-keys mdoc-columns mdoc-programs mdoc-settings; do
	"$docgen" "$part" >"$dir/$part"
done

# Copies the page; what stands between two marks comes from the file of that name.
awk -v dir="$dir" '
	$1 == ".\\\"" && $2 == "begin" {
		print
		file = dir "/" $3
		while ((getline line < file) > 0)
			print line
		skip = 1
	}
	$1 == ".\\\"" && $2 == "end" { skip = 0 }
	!skip { print }
' "$page" >"$dir/page"

if [ "${2-}" = --write ]; then
	cat "$dir/page" >"$page"
elif ! diff -u "$page" "$dir/page" >&2; then
	echo "lint_docs: pitstop.1 is stale: run tests/lint_docs.sh $build --write" >&2
	exit 1
fi

command -v mandoc >/dev/null || exit 0
# Whether other pages are installed here says nothing about this one.
if mandoc -Tlint "$page" 2>&1 | grep -v "mandoc\.db" >&2; then
	exit 1
fi
