// The widget in WebAssembly, which takes over what is painted plainly. Where it is refused, missing or broken, that stays.
let loading, broken

const start = async module_or_path => {
  const module = await import(new URL('widget.js', import.meta.url).href)
  await module.default({ module_or_path: module_or_path || fetch(new URL('widget.wasm', import.meta.url)) })
  return module
}

// What it has taken over, with the root that it is in.
const taken = new Map

const given = (kind, { doc, lines, components, doubt, more, time, dismiss }) => ({
  kind,
  label: doc.label,
  lines,
  components,
  phrases: doc.phrases,
  url: doc.page.url,
  doubt: doubt || undefined,
  more: more || undefined,
  time,
  dismiss: dismiss || undefined,
})

// Whether it has something to tell. The state alone is painted plainly.
const tells = ({ kind, view }) => view.doc.phrases && (kind != 'banner' || view.lines[0])

// Keeps the keyboard's focus at the same place when what is around it is replaced.
const swap = (place, next) => {
  const all = () => [...place.querySelectorAll('a,button')]
  const at = all().indexOf(place.getRootNode().activeElement)
  place.replaceChildren(next)
  if (at >= 0) all()[at]?.focus()
}

/** Ends what was taken over in a root and is no longer in it, or all of it. */
export const drop = (root, all) => {
  for (const [place, app] of taken) if (app.root == root && (all || !root.contains(place))) {
    taken.delete(place)
    place.app = undefined
    try { app.destroy() } catch { broken = true }
  }
}

/** Takes over what is painted in a root and tells something. `bytes`: the module, if it is on its way. */
export const take = (root, bytes) => {
  drop(root)
  for (const place of root.querySelectorAll('div')) {
    if (!place.kind || place.app || place.isAsked || broken || !tells(place)) continue
    place.isAsked = true
    loading ||= start(bytes)
    loading.then(module => {
      place.isAsked = false
      // Meanwhile it may have gone.
      if (broken || place.app || !root.contains(place) || !tells(place)) return
      const inner = document.createElement('div')
      inner.dataset.by = 'widget'
      const app = module.mount(inner, given(place.kind, place.view), () => swap(place, inner))
      const its = {
        root,
        destroy: () => app.destroy(),
        update(view) {
          if (tells({ kind: place.kind, view })) try {
            return app.update(given(place.kind, view))
          } catch {
            // It may have broken down half-way: plain from now on.
            broken = true
          }
          taken.delete(place)
          place.app = undefined
          try { app.destroy() } catch { broken = true }
          throw place
        },
      }
      taken.set(place, its)
      place.app = its
    }).catch(() => broken = true)
  }
}

let isOpen

/** Opens the panel that a link in a root leads to. Fails if that cannot be. */
export const open = async (root, link, own, doc, get) => {
  if (isOpen) return
  // Who reads it hears of changes at once.
  own.isOpen = isOpen = true
  own.tell()
  const place = document.createElement('candor-panel')
  const close = () => {
    own.isOpen = isOpen = false
    place.remove()
  }
  try {
    const module = await (loading ||= start())
    // A dialog outlives what it was opened from, which may be gone when it is over.
    const isInline = get('variant') == 'inline'
    if (isInline) root.after(place)
    else document.documentElement.append(place)
    const { details, close: title } = doc.phrases || {}
    const app = module.open(place, {
      url: own.url,
      page: link.href,
      lang: doc.language,
      theme: get('theme') || '',
      kind: isInline ? 'inline' : 'dialog',
      label: details,
      close: title,
      unknown: doc.unknown,
    }, () => setTimeout(() => {
      app.destroy()
      close()
      // What took over meanwhile has another link.
      const again = link.isConnected ? link : [...root.querySelectorAll('a')].find(({ href }) => href == link.href)
      again?.focus()
    }))
  } catch (error) {
    close()
    throw error
  }
}
