#!/bin/sh
# Checks a backup: verify.sh FILE [KEYS]
#
# The last line of an export names the SHA-256 of all lines before it. With KEYS, a file with the page's keys (the JSON of
# /.well-known/candor.json), one of them must have signed that line, and OpenSSL 3 is needed. Otherwise nothing but the file is.
set -eu
export LC_ALL=C

file=${1:?"usage: verify.sh FILE [KEYS]"} keys=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

# What is signed, and the signature, if there is one.
end='^{"end":\({"version":\([0-9]*\),"lines":[0-9]*,"sha256":"\([0-9a-f]*\)"\)\(,"signature":"\([A-Za-z0-9._-]*\)"\)\{0,1\}}}$'
part() { tail -n 1 "$file" | sed -n "s/$end/$1/p"; }
version=$(part '\2')
if [ -z "$version" ]; then
  echo "$file: the end is missing. It is cut off, or no export." >&2
  exit 1
fi
if [ "$(sed '$d' "$file" | sha256)" != "$(part '\3')" ]; then
  echo "$file: the lines are not those that were exported." >&2
  exit 1
fi
if [ -n "$keys" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 1' HUP INT TERM
  part '\5' >"$folder/signature"
  "$here/../mirror/verify.sh" "$folder/signature" "$keys" - /v1/export >"$folder/plain" 2>"$folder/says" || {
    echo "$file: the page has not signed it: $(cat "$folder/says")" >&2
    exit 1
  }
  if [ "$(cat "$folder/plain")" != "$(part '\1}')" ]; then
    echo "$file: the signature is that of another export." >&2
    exit 1
  fi
fi
echo "$file: version $version, $(wc -c <"$file" | tr -d ' ') bytes, whole${keys:+, signed}"
