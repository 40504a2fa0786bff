#!/bin/sh
# older.sh NEW OLD: whether the signed file NEW is older than the signed file OLD: a lower version of the same storage, or signed earlier. Both
# were verified before. Needs OpenSSL 3.
set -eu
# A field of the header.
field() {
  cut -d. -f1 "$2" | tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | openssl base64 -d -A |
    sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"
}
{ [ "$(field epoch "$1")" = "$(field epoch "$2")" ] && [ "$(field version "$1")" -lt "$(field version "$2")" ]; } ||
  ! printf '%s\n%s\n' "$(field signed_at "$2")" "$(field signed_at "$1")" | LC_ALL=C sort -c 2>/dev/null
