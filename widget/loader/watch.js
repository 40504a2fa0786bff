// One watch per address, whatever the number of embeds that show it: for widget.js and element.js.

// Names each thing that a document tells, in the state in which it tells it: who closes an embed has seen
// these. By what and not by when, since what is posted later may say that it is older.
export const names = doc =>
  doc.incidents.concat(doc.maintenances, doc.notice || [], doc.resolved || [], doc.components)
    .map(item => ';' + [item.id, item.updated_at || item.resolved_at || item.since])

const watch = url => {
  const embeds = new Set
  // `seen` is what was closed.
  const state = { seen: '' }
  const key = 'candor:' + url
  let every = 300, wait = 30, due = 0, version, timer, busy

  const emit = (type, detail) => dispatchEvent(new CustomEvent('candor:' + type, { detail }))

  const tell = closed => {
    try {
      if (closed) localStorage[key] = closed
      state.seen = localStorage[key] || state.seen
    } catch { /* no storage here */ }
    embeds.forEach(embed => embed.show(state))
  }

  const arm = () => {
    clearTimeout(timer)
    // A wait is taken modulo 2³² ms: what is long overdue, as the first check is, might be put off for weeks.
    if (embeds.size && !document.hidden) timer = setTimeout(refresh, Math.max(0, due - Date.now()))
  }

  const check = async () => {
    try {
      // no-cache: ask the server each time (a 304 mostly), so that nothing stale is shown as news.
      const response = await (own.ask || fetch)(url, { cache: 'no-cache', signal: AbortSignal.timeout(1e4) })
      if (!response.ok) throw response
      const next = await response.json()
      // Anything but a status document is neither up nor down: it is unknown.
      if (next.schema != 1) throw 'schema'
      // A cache on the way may be behind. Times have one format, so they sort as text.
      if (!(next.published_at < state.doc?.published_at)) {
        state.names = names(next)
        state.doc = next
        state.checked = Date.now()
        // The server's clock, where it may be read.
        state.date = response.headers.get('Date')
        if (version != (version = next.version)) emit('change', next)
      }
      state.failing = 0
      wait = every
    } catch (error) {
      wait = Math.max(Math.min(300, wait * 2), Math.min(3600, error.headers?.get('Retry-After') | 0))
      emit('error', state.failing = { reason: '' + (error.status || error) })
    }
    due = Date.now() + wait * (900 + Math.random() * 200)
    busy = 0
    arm()
    tell()
  }

  const refresh = () => busy ||= check()

  const add = embed => {
    embeds.add(embed)
    every = Math.min(every, embed.every)
    arm()
    embed.show(state)
    return () => arm(embeds.delete(embed))
  }

  document.addEventListener('visibilitychange', arm)
  const own = {
    add,
    embeds,
    status: () => state.doc,
    refresh,
    dismiss: names => tell(state.seen = names),
  }
  return own
}

// `window.candor` is the one global. A second copy of a script finds in it, under the address of
// status.json, the watch to join. `status()` and `refresh()` are those of the first script.
export const join = (src, base) => {
  // `src` is the address of status.json, or of the folder that it is in.
  const url = new URL('status.json', new URL(src || base, base)).href
  const known = window.candor || {}
  const own = known[url] || watch(url)
  window.candor = { ...own, ...known, [url]: own }
  return own
}
