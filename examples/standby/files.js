// Serves the static files as Cloudflare does: with the headers that the file `_headers` names, before the worker starts. What is
// no file goes to the worker.

/** The media types of the files that there are. */
const TYPES = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
}

/** What the worker answers for itself (`run_worker_first` in edge/wrangler.toml). */
const WORKER_FIRST = ['/openapi.json', '/widget.js']

let rules

/** The rules of `_headers`: a path, or a beginning before `*`, and the headers under it. */
const read = text => {
  const rules = []
  for (const line of text.split('\n')) {
    if (line.startsWith('/')) rules.push([line.trim(), []])
    else if (/^\s+\S/.test(line)) {
      const colon = line.indexOf(':')
      rules.at(-1)[1].push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
    }
  }
  return rules
}

const fits = (rule, path) => (rule.endsWith('*') ? path.startsWith(rule.slice(0, -1)) : path === rule)

const file = async (request, path, built) => {
  // A folder's address is that of its index.
  const name = path.endsWith('/') ? path + 'index.html' : path
  const found = await built.fetch('http://built' + name)
  if (found.status !== 200 || found.headers.get('content-type') !== 'application/octet-stream') {
    await found.body?.cancel()
    return null
  }
  rules ??= read(await (await built.fetch('http://built/_headers')).text())
  const headers = new Headers({ 'content-type': TYPES[name.split('.').pop()] ?? 'application/octet-stream' })
  for (const [rule, pairs] of rules) if (fits(rule, path)) for (const [key, value] of pairs) headers.set(key, value)
  const digest = await crypto.subtle.digest('SHA-256', await found.clone().arrayBuffer())
  headers.set('etag', `"${[...new Uint8Array(digest).slice(0, 8)].map(byte => byte.toString(16).padStart(2, '0')).join('')}"`)
  const known = request.headers.get('if-none-match')?.split(',').some(tag => tag.trim().replace(/^W\//, '') === headers.get('etag'))
  if (known) {
    await found.body?.cancel()
    return new Response(null, { status: 304, headers })
  }
  return new Response(request.method === 'HEAD' ? null : found.body, { headers })
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead && pathname !== '/' && pathname !== '/_headers' && !(env.EDGE && WORKER_FIRST.includes(pathname))) {
      const found = await file(request, pathname, env.BUILT)
      if (found) return found
    }
    return env.EDGE ? env.EDGE.fetch(request) : new Response(null, { status: 404 })
  },
}
