#!/bin/sh
# mirror.sh ADDRESS FOLDER [LANGUAGE…]: copies the signed documents of the page at ADDRESS into FOLDER, for any static host. Run it
# every minute. It takes nothing that the page did not sign, and never goes back to what is older. The first run trusts the keys
# that the page names and signs with, unless there are some in FOLDER/.well-known/candor.json already. Needs curl and OpenSSL 3.
set -eu
page=${1%/} folder=$2 here=$(dirname "$0") failed=0
shift 2
mkdir -p "$folder/.well-known"
work=$(mktemp -d "$folder/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
known=$folder/.well-known/candor.json keys=$known
fetch() { curl --fail --silent --show-error --max-time 20 --output "$work/new" "$page$1"; }
# What names no key, such as a page that signs nothing yet, or the page of somebody in between, is not kept.
grep -q '"x"' "$known" 2>/dev/null || { keys=$work/keys && fetch /.well-known/candor.json && mv "$work/new" "$keys"; }
# Puts the signed document $1 at its place, the file $2. A reader finds the old file or the new one, never a part.
take() {
  fetch "/signed$1" || { echo "$1: not there" >&2; return 1; }
  "$here/verify.sh" "$work/new" "$keys" "$page" "$1" >"$work/plain" 2>"$work/says" || { cat "$work/says" >&2; return 1; }
  # older.sh ends with 1 if the new file is not older. On any other status, such as 127, the old file stays.
  [ ! -e "$2" ] || { "$here/older.sh" "$work/new" "$2"; [ $? -eq 1 ]; } || { echo "$1: older than what is here" >&2; return 1; }
  mkdir -p "$(dirname "$2")" && mv "$work/new" "$2"
}
# The page's own word on its keys: signed by one that is known, it replaces them.
if take /.well-known/candor.json "$folder/signed/.well-known/candor.json"; then
  mv "$work/plain" "$known"
  keys=$known
elif [ "$keys" = "$known" ]; then failed=1; else exit 1; fi
for name in status.json bulletin.json history.atom history.rss feed.json; do
  take "/$name" "$folder/signed/$name" || failed=1
done
for language; do take "/bulletin.json?lang=$language" "$folder/signed/$language/bulletin.json" || failed=1; done
exit $failed
