// One watch per address and language, whatever the number of embeds that show it.
import { part } from './files.js'

const watch = (url, lang, at, given, served) => {
  const embeds = new Set
  const key = 'candor:' + url.split('?')[0]
  const stored = name => { try { return localStorage[key + name] || '' } catch { return '' /* no storage here */ } }
  // Adds to what was closed or shown, here and in other windows, and forgets the oldest.
  const merge = (name, all = []) => {
    const before = stored(name)
    const text = state[name] = [...new Set([...before.split(' '), ...state[name].split(' '), ...all])].slice(-99).join(' ')
    // Writing is slow: the banner is painted before. Who closes it may leave the page at once.
    if (all[0] && text != before) (name == 'met' ? setTimeout : act => act())(() => { try { localStorage[key + name] = text } catch { /* nor room */ } }, 200)
  }
  // `closed`: the keys of lines that were closed. `met`: the ids of incidents that were shown in this browser.
  const state = { closed: '', met: '', now: served }
  let wait = 30, due = given ? Infinity : 0, date, timer, busy, isOdd

  // What is needed when the edge is gone, from an earlier visit and from the tag. Mirrors have nothing about some components only.
  const backup = () => {
    let its
    // Not '': an error that is thrown takes as long as painting.
    try { its = JSON.parse(stored('mirrors') || 0) } catch { /* what is stored is not ours */ }
    return /[?&]components=/.test(url) ? {} : { ...its, ...own.mirrors }
  }

  // On the window, and on the embeds that it is about.
  const emit = (type, detail) => {
    for (const target of [window, ...[...embeds].map(embed => embed.node)]) target?.dispatchEvent(new CustomEvent('candor:' + type, { detail }))
  }

  const show = embed => {
    merge('closed')
    merge('met')
    embed.show({ ...state, wait })
  }
  const tell = () => embeds.forEach(show)

  // What the page can do without while it is loading.
  const later = (file, act = its => {}) => setTimeout(() => own.part(file).then(act).catch(() => {}), 8e3)

  /** @type {(after?: unknown) => void} */
  const arm = () => {
    clearTimeout(timer)
    // What is long overdue, as the first check is, is not put off, nor is one whose time was set by a clock that has been put right.
    if (embeds.size && !document.hidden) timer = setTimeout(refresh, Math.max(0, Math.min(wait * 1100, due - Date.now())))
  }

  const put = next => {
    // Anything but a bulletin is neither good nor bad: it is unknown.
    if (next.schema != 1 || !next.page) throw 'schema'
    // A cache on the way may be behind. Times have one format, so they sort as text.
    if (state.doc?.published_at > next.published_at) return true
    const isNew = next.version != state.doc?.version
    state.doc = next
    if (!isNew) return
    emit('change', next)
    // Also that there are no mirrors any more.
    if (next.mirrors || backup().urls) {
      later('mirror.js', its => its.remember(key, next))
      // When nothing can be loaded any more, what paints is needed, too.
      later('paint.js')
    }
    if (next.missing) console.warn('candor: no such components:', ...next.missing)
  }

  const check = async () => {
    try {
      // no-cache: ask the server each time (a 304 mostly), so that nothing stale is shown as news.
      const ask = async () => {
        const response = await (own.ask || fetch)(isOdd ? url + (/[?]/.test(url) ? '&' : '?') + Date.now() : url, { cache: isOdd ? 'no-store' : 'no-cache', signal: AbortSignal.timeout(backup().urls ? 5e3 : 1e4) })
        if (!response.ok) throw response
        return [await response.json(), response.headers.get('Date')]
      }
      // A host may have another fetch, which knows no signals. Another window may be waited for first.
      const [next, its] = await Promise.race([ask(), new Promise((_, fail) => setTimeout(fail, 25e3, 'slow'))])
      // From a cache or a service worker, or else the clock here is wrong: no cache has the next address. Dates are in whole seconds.
      if (its && !isOdd && !(Math.abs(Date.parse(its) - Date.now()) < 6e4)) {
        isOdd = 1
        date = its
        return new Promise(go => setTimeout(go, 1100)).then(check)
      }
      const isBehind = put(next)
      // An answer that has the same date each time confirms nothing.
      if (its && its == date && !(Date.now() - state.checked < 6e4)) {
        state.checked ||= Date.parse(its)
        throw 'old'
      }
      if (!isBehind && (!its || its != date)) state.checked = Date.now()
      // The server's clock, where it may be read.
      state.now = Date.parse(date = its) || Date.now()
      state.failing = 0
      // As often as the most impatient embed that is there wants it.
      wait = Math.min(300, ...[...embeds].map(embed => embed.every))
    } catch (error) {
      wait = Math.max(Math.min(300, wait * 2), Math.min(3600, error.headers?.get('Retry-After') | 0))
      emit('error', state.failing = { reason: '' + (error.status || error) })
      // Nothing of what it is about is there.
      if (error.status == 404) console.warn('candor: nothing at', url)
      // The newest copy that proves itself is as of when it was signed.
      if (backup().urls) try {
        const copy = await (await own.part('mirror.js')).newest(backup(), lang)
        if (!put(copy.doc)) state.checked = copy.at
      } catch { /* there is none */ }
    }
    due = Date.now() + wait * (900 + Math.random() * 200)
    busy = 0
    arm()
    tell()
  }

  const refresh = () => busy ||= check()

  const add = embed => {
    embeds.add(embed)
    due = Math.min(due, Date.now() + embed.every * 1e3)
    if (given) {
      put(given)
      state.checked = Date.now()
      wait = embed.every
      given = 0
    }
    arm()
    show(embed)
    return () => arm(embeds.delete(embed) && own.live?.())
  }

  document.addEventListener('visibilitychange', () => arm(embeds.size && setTimeout(tell, 1e3)))
  addEventListener('online', () => embeds.size && refresh())
  addEventListener('offline', tell)
  later('windows.js', its => its.shareAll())
  const own = {
    url,
    lang,
    add,
    embeds,
    tell,
    status: () => state.doc,
    refresh,
    keep: merge,
    part: file => part(at, file),
  }
  return own
}

// `window.candor` is the one global. A second copy of a script finds in it, under the address of the bulletin, the
// watch to join. `status()` and `refresh()` are those of the first that is shown. `about`: the components that it is about, if not all. `at`: the
// address of a file.
export const join = (src, base, lang, about, at, given, served) => {
  // `src` is the address of the page, of its bulletin or of its status.json.
  // As a key it is its text.
  /** @type {any} */
  const url = new URL('bulletin.json', new URL(src || base, base))
  if (lang) url.searchParams.set('lang', lang)
  if (about) url.searchParams.set('components', about.split(/[\s,]+/).sort())
  const known = window.candor || {}
  const own = known[url] || watch(url.href, lang, at, given, served)
  const first = () => Object.values(window.candor).find(its => its?.embeds?.size) || own
  window.candor = { status: () => first().status(), refresh: () => first().refresh(), ...known, [url]: own }
  return own
}
