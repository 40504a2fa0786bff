import { draw } from './draw.js'

// Watches one status.json for all embeds that show it, until the widget takes over.
export const watch = (url, glue, wasm) => {
  const embeds = []
  const key = 'candor:' + url
  let every = 300, wait = every, due = 0
  let doc, text, version, items, newest, checked, failing, dismissed, timer, widget

  const emit = (type, detail) =>
    [{ host: window }, ...embeds].map(({ host }) => host.dispatchEvent(new CustomEvent('candor:' + type, { detail })))

  // What a check brought: called here before the hand-over, by the widget after it.
  const observe = (body, reason) => {
    failing = reason
    if (reason) emit('error', { reason })
    else {
      const next = JSON.parse(body)
      items = [...next.incidents, ...next.maintenances, next.notice].filter(Boolean)
      // Times have one format, so they sort as text.
      newest = [...items, ...next.components].map(item => item.updated_at || item.since).sort().pop()
      checked = Date.now()
      text = body
      doc = next
      if (version != (version = doc.version)) emit('change', doc)
    }
    show()
  }

  const show = () => {
    if (!doc) return
    // The parser may not have reached the body, or its end.
    if (document.readyState == 'loading') return setTimeout(show, 99)
    try { dismissed = localStorage[key] || dismissed } catch { /* no storage here */ }
    const shown = (items[0] || doc.indicator != 'none') && !(newest <= dismissed)
    embeds.map(embed => {
      const { host, shadow } = embed
      if (!shown) return host.remove()
      try {
        // Not under a visitor's keyboard focus.
        if (!embed.done && !shadow.activeElement) draw(embed, doc, items, newest, failing ? checked : doc.unconfirmed_since, () => {
          dismissed = newest
          try { localStorage[key] = newest } catch { /* remembered for this page view */ }
          show()
        })
        // In the flow, so that it covers nothing.
        if (!host.isConnected) document.body[embed.put](host)
        if (!embed.done && !failing) widget?.mount?.(embed, text)
      } catch { /* the next check tries again */ }
    })
    // A promise, then the module. Refused, missing or broken: the plain banner stays.
    if (shown && !widget) widget = import(glue).then(module => module.default({ module_or_path: wasm }).then(() => show(widget = module))).catch(() => {})
  }

  const arm = () => {
    clearTimeout(timer)
    if (!document.hidden && !embeds[0].done) timer = setTimeout(poll, due - Date.now())
  }

  const poll = async () => {
    let asked
    try {
      // no-cache: ask the server each time (a 304 mostly), so that nothing stale is shown as news.
      const response = await fetch(url, { cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout?.(1e4) })
      asked = response.headers.get('Retry-After')
      const body = await response.text()
      // Anything but a status document is neither up nor down: it is unknown.
      if (!response.ok || JSON.parse(body).schema != 1) throw response.status
      observe(body)
      wait = every
    } catch (error) {
      wait = Math.max(Math.min(300, wait * 2), Math.min(3600, asked | 0))
      observe(0, '' + error)
    }
    due = Date.now() + wait * (900 + Math.random() * 200)
    arm()
  }

  document.addEventListener('visibilitychange', arm)

  return {
    status: () => doc,
    refresh: () => embeds[0].done ? widget.refresh() : poll(),
    add(embed) {
      embed.observe = observe
      embed.ready = () => arm(embed.done = 1)
      wait = every = Math.min(every, embed.refresh)
      embeds.push(embed)
      arm()
      show()
    },
  }
}
