import { isPlaced, isQuiet } from './quiet.js'

// One script tag: an embed where the tag asks for it. Returns what ends it. `get`: an option of the tag. `load`: what paints, if
// it is there.
export const attach = (script, get, own, at, load) => {
  const host = document.createElement('candor-status')
  // A snapshot of Turbo's would have a copy.
  host.dataset.turboTemporary = ''
  let its, shown, tried, wasPlaced

  // A banner is in the flow, so that it covers nothing; and before the body, whose layout is its own and whose
  // content is swapped by libraries. After a body that is as high as the window it would lie on the content: one
  // at the bottom is inside.
  const put = () => {
    if (!shown) return host.remove()
    // The parser may not have reached the body.
    if (!document.body) return setTimeout(put, 99)
    if (host.isConnected) return
    if (!isPlaced(get)) return document.body[get('position') == 'bottom' ? 'append' : 'before'](host)
    // It goes with its tag.
    if (wasPlaced && !script.isConnected) return end()
    wasPlaced = 1
    script.isConnected ? script.after(host) : document.body.append(host)
  }

  // All at once: what takes over, the glue that it imports, and the module.
  const widget = () => own.coming ||= (async () => {
    const bytes = fetch(at('widget.wasm'))
    bytes.catch(() => {})
    import(at('widget.js')).catch(() => {})
    try {
      const its = await import(at('take.js'))
      own.tell(own.take = root => its.take(root, bytes))
      return its
    } catch {
      // Another script may have files that are still there.
      own.tell(own.idle = own.coming = 0)
    }
  })()

  // What a library removes that replaces the whole document is back at once.
  const observer = new MutationObserver(put)
  for (const node of [document, document.documentElement]) observer.observe(node, { childList: true })

  const leave = own.add({
    node: host,
    every: Math.max(10, +get('refresh') || 30),
    show(state) {
      if (isQuiet(get) ? !state.doc?.lines : !state.doc && !state.failing) {
        shown = 0
        its?.rest()
        return put()
      }
      const paint = load()
      if (!paint) return
      // The next check tries again.
      try { shown = (its ||= paint.embed(host, () => own, file => fetch(at(file)).then(answer => answer.ok && answer.text()), widget)).show(state, get) } catch {}
      put()
      // The widget, when there is a banner and the page is idle.
      const { saveData, effectiveType } = navigator.connection || {}
      if (shown && !tried && state.doc?.lines && !saveData && !/2g/.test(effectiveType)) own.idle ||= tried = /** @type {typeof requestIdleCallback} */ (window.requestIdleCallback || setTimeout)(() => own.take || widget(), { timeout: 3e3 })
    },
  })
  const end = () => {
    shown = 0
    observer.disconnect()
    leave()
    put()
  }
  return end
}
