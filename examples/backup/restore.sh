#!/bin/sh
# Restores the page into an empty deployment: restore.sh FILE
# Gives up a restore that is under way:       restore.sh --abort
#
# Sends FILE to POST /v1/restore in parts of at most 1 MiB. The answer to each says where the next one begins, so an
# interrupted restore goes on when it is run again. Nothing is published before the last part is in. Needs curl 7.82 or later,
# and CANDOR_URL, KEY_ID and SECRET (an operator's key of the new deployment) in the environment. If KEYS names a file with the page's keys
# there, one of them must have signed FILE (verify.sh).
set -eu
export LC_ALL=C
umask 077

file=${1:?"usage: restore.sh FILE, or restore.sh --abort"}
: "${CANDOR_URL:?}" "${KEY_ID:?}" "${SECRET:?}"
CANDOR_URL=${CANDOR_URL%/}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

# post FROM: sends the part. Sending it twice is harmless, so curl may try again.
post() {
  printf 'user = "%s:%s"\n' "$KEY_ID" "$SECRET" | curl --config - --aws-sigv4 "candor:candor" --silent --show-error \
    --fail-with-body --max-time 60 --retry "${RETRIES:-5}" --retry-connrefused --header "content-type: application/x-ndjson" \
    --data-binary "@$folder/part" "$CANDOR_URL/v1/restore?from=$1"
}

if [ "$file" = --abort ]; then
  echo '{"abort":{}}' >"$folder/part"
  post 0
  exit
fi
"$here/verify.sh" "$file" ${KEYS:+"$KEYS"}

next=0
while :; do
  tail -c +"$((next + 1))" "$file" | head -c 1048576 >"$folder/part"
  if ! answer=$(post "$next"); then
    echo "$answer" >&2
    exit 1
  fi
  case $answer in *'"done":true'*) break ;; esac
  begins=$(printf '%s\n' "$answer" | sed -n 's/.*"next":\([0-9]*\).*/\1/p')
  if [ "${begins:-0}" -le "$next" ]; then
    echo "The answer names no further part: $answer" >&2
    exit 1
  fi
  next=$begins
  echo "$next bytes" >&2
done
echo "$CANDOR_URL is restored: $answer"
