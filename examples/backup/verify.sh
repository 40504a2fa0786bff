#!/bin/sh
# Checks a backup: verify.sh FILE
#
# The last line of an export names the SHA-256 of all lines before it. Needs nothing but the file.
set -eu
export LC_ALL=C

file=${1:?"usage: verify.sh FILE"}
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

end=$(tail -n 1 "$file")
version=$(printf '%s\n' "$end" | sed -n 's/^{"end":{"version":\([0-9]*\),"lines":[0-9]*,"sha256":"[0-9a-f]*"}}$/\1/p')
expected=$(printf '%s\n' "$end" | sed -n 's/.*"sha256":"\([0-9a-f]*\)"}}$/\1/p')
if [ -z "$version" ]; then
  echo "$file: the end is missing. It is cut off, or no export." >&2
  exit 1
fi
if [ "$(sed '$d' "$file" | sha256)" != "$expected" ]; then
  echo "$file: the lines are not those that were exported." >&2
  exit 1
fi
echo "$file: version $version, $(wc -c <"$file" | tr -d ' ') bytes, whole"
