import { attach } from './attach.js'

// Watches one status.json for all embeds that show it, until the widget takes over.
export const watch = (url, glue, wasm) => {
  const embeds = []
  let every = 300, wait = every, due = 0, dismissed = ''
  let doc, text, version, items, seen, checked, failing, widget, timer, alone, busy

  const emit = (type, detail) =>
    [window, ...embeds.map(embed => embed.host)].map(host => host.dispatchEvent(new CustomEvent('candor:' + type, { detail })))

  // What a check brought: called here before the hand-over, by the widget after it.
  const observe = (body, reason) => {
    failing = reason
    if (reason) emit('error', { reason })
    else {
      const next = JSON.parse(body)
      // Anything but a status document is neither up nor down: it is unknown.
      if (next.schema != 1) throw next.schema
      // A cache on the way may be behind. Times have one format, so they sort as text.
      if (next.published_at < doc?.published_at) return
      items = next.incidents.concat(next.maintenances, next.notice || [])
      seen = items.concat(next.components).map(item => ';' + [item.id, item.updated_at || item.since])
      checked = new Date
      text = body
      doc = next
      if (version != (version = doc.version)) emit('change', doc)
    }
    show()
  }

  const show = closed => {
    if (!doc) return
    // 'loading' (the others are less): the parser may not have reached the body, or its end.
    if (document.readyState > 'l') return setTimeout(show, 99)
    try {
      if (closed) localStorage['candor:' + url] = closed
      dismissed = localStorage['candor:' + url] || dismissed
    } catch { /* no storage here */ }
    const shown = seen.some(item => !dismissed.includes(item))
    embeds.map(embed => {
      const { host } = embed
      if (!shown) return host.remove()
      try {
        // In the flow, so that it covers nothing.
        if (!host.isConnected) document.body[embed.put](host)
        if (embed.done) return
        embed.draw(doc, items, failing ? checked : doc.unconfirmed_since, alone)
        if (!failing) widget?.mount?.(embed, text)
      } catch { /* the next check tries again */ }
    })
    // A promise, then the module. Refused, missing or broken: the plain banner stays.
    if (shown && !widget) widget = import(glue).then(module => module.default({ module_or_path: wasm }).then(() => {
      widget = module
      show()
    })).catch(() => {
      alone = 1
      show()
    })
  }

  const arm = () => {
    clearTimeout(timer)
    // A wait is taken modulo 2³² ms: what is long overdue, as the first check is, might be put off for weeks.
    if (!(document.hidden || embeds[0].done)) timer = setTimeout(poll, Math.max(0, due - new Date))
  }

  const poll = async () => {
    if (busy) return
    busy = 1
    try {
      // no-cache: ask the server each time (a 304 mostly), so that nothing stale is shown as news.
      const response = await fetch(url, { credentials: 'omit', cache: 'no-cache', signal: AbortSignal.timeout(1e4) })
      if (!response.ok) throw response
      observe(await response.text())
      wait = every
    } catch (error) {
      wait = Math.max(Math.min(300, wait * 2), Math.min(3600, error.headers?.get('Retry-After') | 0))
      observe(0, '' + (error.status || error))
    }
    due = Date.now() + wait * (Math.random() * 200 + 900)
    arm(busy = 0)
  }

  return {
    refresh: () => embeds[0].done ? widget.refresh() : poll(),
    status: () => doc,
    add(data) {
      wait = every = Math.max(10, Math.min(every, +data.refresh || 30))
      const embed = attach(data, {
        refresh: every,
        observe,
        url,
        ready: () => arm(embed.done = 1),
      }, () => show(dismissed = seen))
      embeds.push(embed)
      document.addEventListener('visibilitychange', arm)
      arm()
      show()
    },
  }
}
