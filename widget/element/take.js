// The widget in WebAssembly, which takes over what is painted plainly. Where it is refused, missing or broken, that stays.
let loading, broken

/** Starts it once. `all`: a promise of its glue and of its module. */
export const load = all => loading ||= all.then(async ([glue, module_or_path]) => {
  await glue.default({ module_or_path })
  return glue
})

// The places that it has taken over, with the root that each is in.
const taken = new Map

// Whether it has something to tell. The state alone is painted plainly.
const tells = ({ kind, lines, phrases }) => phrases && (kind != 'banner' || lines[0])

// Keeps the keyboard's focus at the same place when what is around it is replaced.
const swap = (place, next) => {
  const all = () => [...place.querySelectorAll('a,button')]
  const at = all().indexOf(place.getRootNode().activeElement)
  place.replaceChildren(next)
  if (at >= 0) all()[at]?.focus()
}

const end = place => {
  const { app } = place
  taken.delete(place)
  place.app = undefined
  // It may have broken down half-way: plain from now on.
  try { app.destroy() } catch { broken = true }
}

/** Takes over what is painted in a root and tells something; ends what is no longer in it. */
export const take = root => {
  endLost()
  for (const [place, its] of taken) if (its == root && !root.contains(place)) end(place)
  loading.then(module => {
    for (const place of root.querySelectorAll('div')) if (place.view && !place.app && !broken && tells(place.view)) {
      const inner = document.createElement('div')
      inner.dataset.by = 'widget'
      const app = module.mount(inner, place.view, () => swap(place, inner))
      taken.set(place, root)
      place.app = {
        destroy: () => app.destroy(),
        update(view) {
          if (tells(view)) try { return app.update(view) } catch { broken = true }
          end(place)
          throw place
        },
      }
    }
  }).catch(() => broken = true)
}

// The panel that is open, and what ends it.
let panel

// Somebody has removed the panel, or what it stood in.
const endLost = () => { if (panel?.app && !panel.place.isConnected) panel.end() }

/** Opens the panel that a link in a root leads to. Fails if that cannot be. */
export const open = async (root, link, own, doc, get) => {
  endLost()
  if (panel?.root == root) return
  panel?.end()
  const place = document.createElement('candor-panel')
  const its = panel = {
    root,
    place,
    app: undefined,
    end() {
      if (panel == its) panel = own.isOpen = undefined
      place.remove()
      its.app = its.app?.destroy()
    },
  }
  // Who reads it hears of changes at once.
  own.isOpen = true
  own.tell()
  try {
    const module = await loading
    // Another one was opened meanwhile.
    if (panel != its) return
    // A dialog outlives what it was opened from, which may be gone when it is over.
    const isInline = get('variant') == 'inline'
    if (isInline) root.after(place)
    else document.documentElement.append(place)
    const { details, close } = doc.phrases || {}
    its.app = module.open(place, {
      url: own.url,
      page: link.href,
      lang: doc.language,
      theme: get('theme') || '',
      kind: isInline ? 'inline' : 'dialog',
      label: details,
      close,
      // What is known here stands until the panel has been read.
      unknown: doc.lines?.[0] ? doc.summary : doc.unknown,
    }, () => setTimeout(() => {
      its.end()
      // What took over meanwhile has another link.
      const again = link.isConnected ? link : [...root.querySelectorAll('a')].find(({ href }) => href == link.href)
      again?.focus()
    }))
  } catch (error) {
    its.end()
    throw error
  }
}
