#!/bin/sh
# Keeps a standby up to date: follow.sh FIRST STANDBY [SECONDS]
#
# Every few seconds (5) it asks the standby what it lacks, fetches that from the page at FIRST, checks its hash, and hands it over.
# What the standby then shows must be what the page has signed, if it signs. It goes on while FIRST cannot be reached, and ends
# when the standby was promoted. Needs curl 7.82 or later, OpenSSL 3 if the page signs, and in the environment KEY_ID and SECRET (an
# operator's key of the page) and, if the standby has other keys, STANDBY_KEY_ID and STANDBY_SECRET. KEYS may name a file with the
# page's keys, the JSON of /.well-known/candor.json; without it the first run believes the page.
set -eu
export LC_ALL=C
umask 077

usage="usage: follow.sh FIRST STANDBY [SECONDS]"
first=${1:?$usage} standby=${2:?$usage} pause=${3:-5}
first=${first%/} standby=${standby%/}
: "${KEY_ID:?}" "${SECRET:?}"
here=$(cd "$(dirname "$0")" && pwd)
tools=$here
[ -d "$tools/backup" ] || tools=$here/..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
changes=$work/changes.ndjson said='' known=''
export RETRIES=0 # The next round tries again.

# Says something, but not twice in a row.
say() { [ "$said" = "$1" ] || { said=$1; echo "$(date -u +%FT%TZ) $1"; }; }
at_first() { CANDOR_URL=$first "$@"; }
at_standby() { CANDOR_URL=$standby KEY_ID=${STANDBY_KEY_ID:-$KEY_ID} SECRET=${STANDBY_SECRET:-$SECRET} "$@"; }
ask() {
  printf 'user = "%s:%s"\n' "$KEY_ID" "$SECRET" | curl --config - --aws-sigv4 "candor:candor" --silent --show-error \
    --fail-with-body --max-time 20 "$CANDOR_URL$1"
}
field() { printf '%s' "$answer" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

# Whether the standby shows what the page has signed. Says nothing of a page that signs nothing, or that has changed meanwhile.
check() {
  plain=$(curl --silent --fail --max-time 20 "$standby/status.json") || return 0
  page=$(printf '%s' "$plain" | sed -n 's/.*"page":{[^}]*"url":"\([^"]*\)".*/\1/p')
  [ -n "$page" ] && curl --silent --fail --max-time 20 --output "$work/signed" "$first/signed/status.json" || return 0
  keys=${KEYS:-$work/keys}
  [ -s "$keys" ] || curl --silent --fail --max-time 20 --output "$keys" "$first/.well-known/candor.json" || return 0
  "$tools/mirror/verify.sh" "$work/signed" "$keys" "$page" /status.json >"$work/plain" 2>"$work/says" || return 1
  case $(cat "$work/says") in *"\"version\":$(printf '%s' "$plain" | sed -n 's/.*"version":\([0-9]*\).*/\1/p'),"*) ;; *) return 0 ;; esac
  [ "$(cat "$work/plain")" = "$plain" ]
}

while :; do
  if ! answer=$(at_standby ask /v1/standby 2>&1); then
    say "the standby does not answer: $answer"
  elif [ "$(field state)" = promoted ]; then
    say "the standby was promoted at $(field promoted_at): nothing more is taken from $first"
    exit 0
  elif [ "$(field state)" = restoring ] && [ ! -s "$changes" ]; then
    say "the standby has begun to read a page that is not here any more: it begins anew"
    at_standby "$tools/backup/restore.sh" --abort >/dev/null 2>"$work/error" || say "$(cat "$work/error")"
  elif [ "$(field state)" != restoring ] && ! at_first "$tools/backup/backup.sh" "$changes" "$(field next)" >/dev/null 2>"$work/error"; then
    say "the page at $first gives nothing: $(cat "$work/error")"
  elif ! done=$(at_standby "$tools/backup/restore.sh" "$changes" 2>"$work/error"); then
    say "the standby refuses what came: $(cat "$work/error")"
    rm -f "$changes"
  else
    rm -f "$changes"
    version=$(printf '%s\n' "$done" | sed -n 's/.*"version":\([0-9]*\).*/\1/p')
    if [ "$version" != "$known" ]; then
      check || { say "version $version is not what the page has signed: $(cat "$work/says")"; exit 1; }
      known=$version
    fi
    say "following at version $version"
  fi
  sleep "$pause"
done
