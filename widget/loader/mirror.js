// When the edge is gone: the newest copy of the bulletin that a mirror holds and whose signature verifies (JWS, RFC 7515; Ed25519,
// RFC 8037). It is shown as what it is: as of when it was signed. Whatever does not verify is as if it were not there.

// How long a mirror may take. Milliseconds.
const PATIENCE = 5e3

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0))
const json = part => JSON.parse(new TextDecoder().decode(bytes(part)))

// What a mirror holds in one language, if it is this page's and signed with one of its keys.
const read = async (mirror, language, { page, keys, seen }) => {
  const response = await fetch(`${mirror}/signed/${language}/bulletin.json`, { cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout(PATIENCE) })
  if (!response.ok) throw response
  const [header, payload, signature] = (await response.text()).trim().split('.')
  const its = json(header)
  // A key of the tag has no id.
  const x = keys[its.kid] || keys['']
  if (its.alg != 'EdDSA' || !x || page && its.page != page || its.path != '/bulletin.json?lang=' + language) throw its
  const key = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', false, ['verify'])
  if (!await crypto.subtle.verify('Ed25519', key, bytes(signature), new TextEncoder().encode(header + '.' + payload))) throw its
  const doc = json(payload)
  // Never back: times have one format, so they sort as text.
  if (doc.published_at < seen) throw its
  return { doc, at: Date.parse(its.signed_at) }
}

/** The newest copy, in the first language in which there is one. `its`: mirrors, keys by their ids, and the page. */
export const newest = async (its, lang) => {
  const wanted = [...new Set([lang, lang?.split('-')[0], ...navigator.languages, 'en'])].filter(Boolean).slice(0, 4)
  const all = await Promise.all(wanted.map(language => Promise.allSettled(its.urls.map(mirror => read(mirror, language, its)))))
  for (const copies of all) {
    const [first] = copies.flatMap(copy => copy.status == 'fulfilled' ? [copy.value] : []).sort((a, b) => b.at - a.at)
    if (first) return first
  }
}

/** For the next visit, when the edge may be gone: what a bulletin says of mirrors, and how new it is. */
export const remember = (key, { mirrors, page, published_at }) => {
  localStorage[key + 'mirrors'] = JSON.stringify({ ...mirrors, page: page.url, seen: published_at })
}
