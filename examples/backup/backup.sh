#!/bin/sh
# Backs up the page:                    backup.sh FILE
# Fetches what a standby asks for:      backup.sh FILE PATH
#
# Reads GET /v1/export part by part, checks the end marker and the hash, and puts FILE there only when all of it is right. If
# it is interrupted, the next run with the same FILE goes on where it stopped. Then it confirms the backup to the page
# (confirm.sh), unless PATH is given: what a standby fetches is no backup. Needs curl 7.82 or later, and CANDOR_URL, KEY_ID and SECRET
# (an operator's key) in the environment.
set -eu
export LC_ALL=C
umask 077 # The log holds what visitors do not see.

file=${1:?"usage: backup.sh FILE [PATH]"}
: "${CANDOR_URL:?}" "${KEY_ID:?}" "${SECRET:?}"
CANDOR_URL=${CANDOR_URL%/}
here=$(cd "$(dirname "$0")" && pwd)
partial=$file.partial # The lines so far.
resume=$file.resume   # How many bytes of them are certain, and the path of the next part.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

# The key comes on standard input: other users can read a command line.
get() {
  printf 'user = "%s:%s"\n' "$KEY_ID" "$SECRET" | curl --config - --aws-sigv4 "candor:candor" --silent --show-error \
    --fail-with-body --max-time 60 --retry "${RETRIES:-5}" --retry-connrefused --dump-header "$folder/head" --output "$folder/part" \
    "$CANDOR_URL$1"
}

size=0 next=${2:-/v1/export}
if [ -s "$resume" ] && [ -f "$partial" ]; then
  read -r size next <"$resume"
  echo "going on after $size bytes" >&2
fi
head -c "$size" "$partial" >"$folder/certain" 2>/dev/null || :
mv "$folder/certain" "$partial"

while [ -n "$next" ]; do
  if ! get "$next"; then
    cat "$folder/part" >&2 2>/dev/null || :
    if [ "$size" -gt 0 ] && grep -qE '"status":(404|409)' "$folder/part" 2>/dev/null; then
      rm -f "$resume" "$partial"
      echo "The page refuses to go on. The next run begins a new export." >&2
    fi
    exit 1
  fi
  cat "$folder/part" >>"$partial"
  size=$(wc -c <"$partial" | tr -d ' ')
  next=$(tr -d '\r' <"$folder/head" | sed -n 's/^[Ll][Ii][Nn][Kk]: *<\(\/v1\/export?after=[^>]*\)>; *rel="next".*/\1/p' | tail -n 1)
  printf '%s %s\n' "$size" "$next" >"$folder/resume"
  mv "$folder/resume" "$resume"
done

# A file that does not pass is of no use to go on with.
if ! said=$("$here/verify.sh" "$partial"); then
  rm -f "$resume"
  exit 1
fi
mv "$partial" "$file"
rm -f "$resume"
echo "$file: ${said#"$partial": }"
[ $# -gt 1 ] || "$here/confirm.sh" "$file" >/dev/null 2>"$folder/problem" || {
  cat "$folder/problem" >&2
  echo "The backup is good, but the page does not know of it, and keeps its whole log: confirm.sh $file" >&2
}
