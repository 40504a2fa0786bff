#!/bin/sh
# Confirms to the page that a backup is stored: confirm.sh FILE
#
# With the setting CANDOR_LOG_DAYS, the page deletes old lines of its log once a confirmed export has them. Needs curl 7.82 or later,
# and CANDOR_URL, KEY_ID and SECRET (an operator's key) in the environment.
set -eu

file=${1:?"usage: confirm.sh FILE"}
: "${CANDOR_URL:?}" "${KEY_ID:?}" "${SECRET:?}"
CANDOR_URL=${CANDOR_URL%/}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

"$here/verify.sh" "$file" >&2
tail -n 1 "$file" >"$folder/end"
printf 'user = "%s:%s"\n' "$KEY_ID" "$SECRET" | curl --config - --aws-sigv4 "candor:candor" --silent --show-error \
  --fail-with-body --max-time 60 --retry "${RETRIES:-5}" --retry-connrefused --json "@$folder/end" "$CANDOR_URL/v1/export"
echo
