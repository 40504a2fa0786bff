#!/bin/sh
# verify.sh FILE KEYS PAGE PATH: prints the document that a signed FILE holds. Fails unless one of the KEYS (the JSON of
# /.well-known/candor.json) signed it, as the document PATH of PAGE (- for any page). Prints on standard error what the signature says.
# Needs OpenSSL 3.
set -eu
export LC_ALL=C
keys=$2 page=${3%/} path=$4 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
refuse() { echo "$path: $1" >&2; exit 1; }
# From base64url. Its padding is left out (RFC 7515).
decode() { tr -d '\n' | tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | openssl base64 -d -A; }
grep -Eqx '[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}' "$1" || refuse "not a signed document"
cut -d. -f1 "$1" | decode >"$work/header"
# One line with simple values, none of them twice: nothing in it can be read in two ways.
value='("[^"\\[:cntrl:]]*"|-?[0-9.]+|true|false|null)'
[ "$(tr -cd '[:cntrl:]' <"$work/header" | wc -c)" -eq 0 ] &&
  grep -Eqx "\{\"[a-z_]+\":$value(,\"[a-z_]+\":$value)*\}" "$work/header" &&
  [ -z "$(grep -o '"[a-z_]*":' "$work/header" | sort | uniq -d)" ] || refuse "not a signed document that this script knows"
header=$(cat "$work/header")
field() { printf '%s' "$header" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
[ "$(field alg)" = EdDSA ] || refuse "not signed with Ed25519"
# One key on each line: its public half, after what DER (RFC 8410) has before it.
tr -d ' \n' <"$keys" | tr '{' '\n' | grep -F "\"kid\":\"$(field kid)\"" | sed -n 's/.*"x":"\([^"]*\)".*/\1/p' >"$work/x"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; decode <"$work/x"; } >"$work/key"
printf '%s' "$(cut -d. -f1,2 "$1")" >"$work/signed"
cut -d. -f3 "$1" | decode >"$work/signature"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key" -rawin -in "$work/signed" -sigfile "$work/signature" \
  >"$work/log" 2>&1 || refuse "not signed by a key that is known: $(field kid | tr -cd '[:graph:]')"
its=$(field page)
[ "$(field typ)" = candor+jws ] && { [ "$page" = - ] || [ "${its%/}" = "$page" ]; } && [ "$(field path)" = "$path" ] ||
  refuse "signed as something else: $header"
echo "$header" >&2
cut -d. -f2 "$1" | decode
