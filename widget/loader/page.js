// Keeps a status page that is open current. The page is complete without it: this writes the times in
// the visitor's zone with UTC beside them, and while the page shows something that may change, looks
// whether there is a newer version. If so it puts the new page's content in place, rendered by the
// server from the same components: no reload, no other markup.

const SECONDS = 30
// A page that is older than this was not served just now, whatever the caches on the way are allowed.
const OLD = 120
const body = document.body
const say = (words, role = 'status') => {
  const node = document.createElement('p')
  node.setAttribute('role', role)
  node.textContent = words
  return node
}

// In the page's language, and as it is written where the visitor lives, if they speak it. A span of time on one day names the day once.
const { lang } = document.documentElement
const mine = navigator.languages.find(tag => tag.split('-')[0] == lang.split('-')[0])
/** @type {Intl.DateTimeFormatOptions} */
const style = { dateStyle: 'medium', timeStyle: 'short' }
// Some systems name a locale that no browser knows.
let format
try { format = new Intl.DateTimeFormat(mine || lang, style) } catch { format = new Intl.DateTimeFormat([], style) }
// As the server writes a time.
const utc = new Intl.DateTimeFormat((lang == 'en' ? 'en-001' : lang) + '-u-nu-latn-ca-gregory', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' })
// The server's words are UTC; a date alone is the page's own day and stays.
const localize = root => root.querySelectorAll('time').forEach(node => {
  const time = new Date(node.dateTime)
  if (!/T/.test(node.dateTime) || !time.getTimezoneOffset()) return
  const { until } = node.dataset
  const local = until ? format.formatRange(time, new Date(until)) : format.format(time)
  node.textContent = `${local} (${node.textContent})`
})

const main = () => document.querySelector('main')
const live = say('')
live.className = 'say'
body.append(live)

// The server has said so already, if it was in doubt itself.
let doubt = main().querySelector('.stale')
// When what is shown was last known to be true: first in the page's own words, since it may come from a
// cache, where "now" would be a lie.
let confirmed = new Date(doubt?.querySelector('time')?.dateTime || body.dataset.confirmed || Date.now())
let failures = 0
let due = Date.now() + SECONDS * 1e3
let timer
let busy

// What is old is labelled old, until a check goes well again. `data-doubt` says it to other scripts.
const doubtful = since => {
  body.toggleAttribute('data-doubt', !!since)
  doubt?.remove()
  doubt = since && say('')
  if (!doubt) return
  doubt.className = 'stale'
  const time = document.createElement('time')
  time.dateTime = since.toISOString()
  time.textContent = utc.format(since) + ' UTC'
  // The words are the server's.
  const [before, after] = (body.dataset.stale || '{time}').split('{time}')
  doubt.append(before, time, after)
  localize(doubt)
  main().prepend(doubt)
}

const ask = async (url, type) => {
  const response = await fetch(url, { cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout(1e4) })
  if (!response.ok || !response.headers.get('content-type')?.startsWith(type)) throw response
  return response
}

const renew = async version => {
  const url = new URL(location.href)
  url.searchParams.set('at', version)
  const text = await (await ask(url.href, 'text/html')).text()
  const next = new DOMParser().parseFromString(text, 'text/html')
  const content = next.querySelector('main')
  if (!content) throw text
  // What the visitor has opened stays open.
  document.querySelectorAll('details[open][id]').forEach(({ id }) => next.getElementById(id)?.setAttribute('open', ''))
  localize(content)
  const before = main().querySelector('h1').textContent
  const known = body.dataset.version
  main().replaceWith(document.adoptNode(content))
  doubt = content.querySelector('.stale')
  document.title = next.title
  const icon = /** @type {'link'} */ (/** @type {string} */ ('link[rel=icon]'))
  document.querySelector(icon).href = next.querySelector(icon).href
  for (const name of ['version', 'indicator', 'confirmed']) {
    if (name in next.body.dataset) body.dataset[name] = next.body.dataset[name]
    else delete body.dataset[name]
  }
  const words = main().querySelector('h1').textContent
  // A page that nobody could confirm stays the same at each check.
  if (words != before) live.textContent = words
  else if (known != body.dataset.version) live.textContent = (body.dataset.changed || '{state}').replace('{state}', words)
}

// `at`: the version of which a stream has told this page. No older copy answers that.
const check = async at => {
  if (busy) return
  busy = true
  let wait = SECONDS
  const asked = new Date
  // Webviews can be told to answer from their cache whatever a page asks for. No cache has this address.
  const fresh = at ? '?at=' + at : 'doubt' in body.dataset ? '?' + +asked : ''
  try {
    const status = await (await ask('/status.json' + fresh, 'application/json')).json()
    // Anything but a status document is neither up nor down: it is unknown.
    if (status.schema != 1) throw status
    if (status.version > (+body.dataset.version || 0)) await renew(status.version)
    failures = 0
    const { unconfirmed_since: since } = status
    confirmed = since ? new Date(since) : asked
    doubtful(since && confirmed)
    if (body.dataset.version) body.dataset.confirmed = confirmed.toISOString()
  } catch (error) {
    failures++
    wait = Math.max(Math.min(300, SECONDS * 2 ** failures), Math.min(3600, error?.headers?.get('retry-after') | 0))
    doubtful(confirmed)
  }
  due = Date.now() + wait * (900 + Math.random() * 200)
  busy = false
  arm()
}

// Not in a hidden tab; what fell due meanwhile is made up at once. A page that cannot change is left alone.
const arm = () => {
  clearTimeout(timer)
  if (!document.hidden && body.dataset.version) timer = setTimeout(() => check(), Math.max(0, due - Date.now()))
}

localize(document)
if (body.dataset.version && (doubt || Date.now() - /** @type {any} */ (confirmed) > OLD * 1e3)) {
  doubtful(confirmed)
  due = 0
}

// What live.js and windows.js send to the windows of this site: what a Response is made of.
const url = new URL('/bulletin.json?lang=' + lang, location.href).href
let channel
const hear = ({ data: { sent, at } }) => {
  // A window that was frozen hears old news, and a hidden one makes up for it when it is seen. Answers to polls come here too.
  if (sent?.[1].status != 200 || document.hidden || Math.abs(Date.now() - at) > 5e3) return
  const { version, unconfirmed_since: since } = JSON.parse(sent[0])
  if (doubt || since || version > (+body.dataset.version || 0)) return check(version)
  confirmed = new Date
  body.dataset.confirmed = confirmed.toISOString()
  due = Date.now() + SECONDS * 1e3
  arm()
}
// A page that is kept for the way back must not be spoken to: it would be thrown away.
addEventListener('pagehide', () => channel = channel?.close())
const listen = () => {
  if (body.dataset.version && window.BroadcastChannel) (channel ||= new BroadcastChannel('candor:' + url)).onmessage = hear
  arm()
}
/** @type {string} */
const script = '/live.js'
if (body.dataset.version) import(script).then(its => its.listen({ url, isOpen: true })).catch(() => { /* polling will do */ })

document.addEventListener('visibilitychange', arm)
addEventListener('pageshow', listen)
addEventListener('online', () => body.dataset.version && check())
listen()
