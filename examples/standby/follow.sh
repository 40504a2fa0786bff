#!/bin/sh
# Keeps a standby up to date: follow.sh FIRST STANDBY [SECONDS]
#
# Every few seconds (5) it asks the standby what it lacks, fetches that from the page at FIRST, checks its hash, and hands it over.
# If the page signs, nothing is handed over that a known key has not signed, and what the standby then shows must be what was signed. It
# goes on while FIRST cannot be reached, and ends when the standby was promoted, or when what comes is not the page's.
# Needs curl 7.82 or later, OpenSSL 3 if the page signs, and in the environment KEY_ID and SECRET (an operator's key of the page) and,
# if the standby has other keys, STANDBY_KEY_ID and STANDBY_SECRET. KEYS may name a file with the page's keys, the JSON of
# /.well-known/candor.json; without it the first run believes the page. Later a known key vouches for new ones. What is known is kept in
# the folder STATE_DIRECTORY, which systemd sets; without it only until the script ends.
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
state=${STATE_DIRECTORY:-$work}
changes=$state/changes.ndjson # What is to be handed over.
began=$state/began            # There while the standby reads a whole page that this script gave it.
keys=$state/keys.json         # The keys that are known.
taught=$state/keys.signed     # The signed document from which they were learned.
refused=$state/refused        # Why nothing is handed over any more.
last='' known='' round=0
export RETRIES=0 # The next round tries again.

# Says something, but not twice in a row, and without what would steer a terminal: others may have written it.
say() { [ "$last" = "$1" ] || { last=$1; echo "$(date -u +%FT%TZ) $1" | tr -d '\000-\010\013-\037\177'; }; }
at_first() { CANDOR_URL=$first "$@"; }
at_standby() { CANDOR_URL=$standby KEY_ID=${STANDBY_KEY_ID:-$KEY_ID} SECRET=${STANDBY_SECRET:-$SECRET} "$@"; }
ask() {
  printf 'user = "%s:%s"\n' "$KEY_ID" "$SECRET" | curl --config - --aws-sigv4 "candor:candor" --silent --show-error \
    --fail-with-body --max-time 20 "$CANDOR_URL$1"
}
# The field $1 of the JSON $2 that has one such field.
field() { printf '%s' "$2" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
has_keys() { grep -q '"x"' "$1" 2>/dev/null; }

# The functions below return 1 for what is not the page's, 2 for what cannot be known now, and 3 if nothing is signed. The file `says` has why.

# Fetches the document $1 into the file `got`.
get() {
  status=$(curl --silent --max-time 20 --output "$work/got" --write-out '%{http_code}' "$first$1") || status=000
  echo "$1 answers $status" >"$work/says"
  case $status in 200) ;; 404) return 3 ;; *) return 2 ;; esac
}
# Fetches the document $1 as it was signed with one of the keys $2: `plain` is the document, and `says` what was signed with it.
signed() {
  get "/signed$1" && { "$tools/mirror/verify.sh" "$work/got" "$2" - "$1" >"$work/plain" 2>"$work/says" || return 1; }
}
# Keeps a file as $2, whole or not at all.
keep() { cp "$1" "$2.new" && mv "$2.new" "$2"; }
# Learns the page's keys: at first those that it names, later those that a known one vouches for. What is older than what taught them
# teaches nothing: it may name a key that was taken away.
learn() {
  has_keys "$keys" || { get /.well-known/candor.json && mv "$work/got" "$work/named"; } || return $?
  if has_keys "$keys"; then from=$keys; elif has_keys "$work/named"; then from=$work/named; else return 3; fi
  signed /.well-known/candor.json "$from" || return $?
  # older.sh ends with 1 if the document is not older. On any other status, such as 127, nothing is learned.
  [ ! -e "$taught" ] || { "$tools/mirror/older.sh" "$work/got" "$taught"; [ $? -eq 1 ]; } || return 0
  { keep "$work/got" "$taught" && keep "$work/plain" "$keys"; } || return 2
}
# Whether a known key has signed what was fetched: all of it, as this version of this storage, exported at this time.
proven() { "$tools/backup/verify.sh" "$changes" "$keys" >/dev/null 2>"$work/says"; }
# Whether a known key has signed for the version $1 of the epoch $2, or for a later one.
vouched() {
  learn || return $?
  # A cache may be some seconds behind.
  for _ in 1 2 3 4 5; do
    signed /status.json "$keys" || return $?
    [ "$(field epoch "$(cat "$work/says")")" = "$2" ] || return 1
    signed_version=$(field version "$(cat "$work/says")")
    [ "$signed_version" -ge "$1" ] && return 0
    sleep 1
  done
  return 2
}
# Whether the standby shows what was signed for the version $1. If that cannot be compared now, the next round does it.
shows() {
  [ "$signed_version" = "$1" ] || return 0
  known=''
  shown=$(curl --silent --fail --max-time 20 "$standby/status.json") || return 0
  # What could not be confirmed in time is another document.
  case $shown in *'"unconfirmed_since":"'*) return 0 ;; esac
  [ "$(cat "$work/plain")" = "$shown" ] && known=$1
}

# Hands over what was fetched, if it is the page's.
hand_over() {
  version=$(field version "$(tail -n 1 "$changes")") signed_version='' verdict=0
  # What is known already only confirms it. Now and then the keys are learned all the same.
  if [ "$version" != "$known" ] || [ $((round % 20)) -eq 0 ]; then
    vouched "$version" "$(field epoch "$(head -n 1 "$changes")")" || verdict=$?
    if [ $verdict -eq 3 ] && ! has_keys "$keys"; then verdict=0; fi
  fi
  # The page may have begun to sign with a key that is learned only now.
  if [ $verdict -eq 0 ] && has_keys "$keys" && ! proven; then
    learn || verdict=$?
    [ $verdict -ne 0 ] || proven || verdict=1
  fi
  case $verdict in
  0) ;;
  2) say "the page at $first does not vouch for version $version yet: $(cat "$work/says")"; return ;;
  *)
    say "version $version is not handed over, because it is not what the page has signed: $(cat "$work/says")"
    rm -f "$changes"
    exit 1
    ;;
  esac
  [ "$(field state "$answer")" != empty ] || : >"$began"
  if ! at_standby "$tools/backup/restore.sh" "$changes" >/dev/null 2>"$work/error"; then
    say "the standby refuses what came: $(cat "$work/error")"
    rm -f "$changes"
    ! grep -q "restore of another export" "$work/error" || rm -f "$began"
    return
  fi
  rm -f "$changes" "$began"
  known=$version
  if ! shows "$version"; then
    echo "version $version, which the standby shows, is not what the page has signed, or the two run different versions of Candor" >"$refused"
    say "$(cat "$refused")"
    exit 1
  fi
  say "following at version $version"
}

# Other keys than at the last start: what was learned and refused by the earlier ones is void.
given=${KEYS:-}
unset KEYS # What is learned later counts as well, also for restore.sh.
if [ -n "$given" ] && ! cmp -s "$given" "$state/given"; then
  has_keys "$given" || { echo "$given holds no keys" >&2; exit 1; }
  rm -f "$refused" "$taught"
  keep "$given" "$keys"
  cp "$given" "$state/given"
fi
while :; do
  round=$((round + 1))
  if [ -s "$refused" ]; then
    say "nothing is handed over: $(cat "$refused"). Find out why, empty the standby with page.follow, and remove $refused"
    exit 1
  elif ! answer=$(at_standby ask /v1/standby 2>&1); then
    say "the standby does not answer: $answer"
  elif [ "$(field state "$answer")" = promoted ]; then
    say "the standby was promoted at $(field promoted_at "$answer"): nothing more is taken from $first"
    exit 0
  elif [ "$(field state "$answer")" = restoring ] && [ ! -e "$began" ]; then
    say "somebody else restores a page into the standby: finish that, or give it up with restore.sh --abort"
  elif [ "$(field state "$answer")" = restoring ] && [ ! -s "$changes" ]; then
    say "the standby has begun to read a page that is not here any more: it begins anew"
    at_standby "$tools/backup/restore.sh" --abort >/dev/null 2>"$work/error" || say "$(cat "$work/error")"
  elif [ "$(field state "$answer")" != restoring ] && ! at_first "$tools/backup/backup.sh" "$changes" "$(field next "$answer")" >/dev/null 2>"$work/error"; then
    say "the page at $first gives nothing: $(cat "$work/error")"
  else
    hand_over
  fi
  sleep "$pause"
done
