// The widget in WebAssembly: once for all elements, when one of them has something to tell.
import { element } from '../loader/draw.js'
import { banner, headline, report } from './views.js'

let loading, broken

const load = () => loading ||= start()

const start = async () => {
  const [module, bytes] = await Promise.all([
    import(new URL('widget.js', import.meta.url).href),
    fetch(new URL('widget.wasm', import.meta.url)),
  ])
  await module.default({ module_or_path: bytes })
  return module
}

// Keeps the keyboard's focus at the same place when what is around it is replaced.
const swap = (place, next) => {
  const all = () => [...place.querySelectorAll('a, button')]
  const at = all().indexOf(place.getRootNode().activeElement)
  place.replaceChildren(next)
  if (at >= 0) all()[at]?.focus()
}

// Fills a place with what a view tells: plainly at once, then and from then on by the widget. Where it is
// refused, missing or broken, plainly for good.
export const filler = (place, kind) => {
  const draw = kind == 'banner' ? banner : report
  let view, dismiss, app, gone, asked

  const plain = () => {
    const next = draw(view, dismiss)
    if (!place.firstChild?.isEqualNode(next)) swap(place, next)
  }

  // A banner is about something, and leads somewhere.
  const lines = ({ doc, lines }) => kind == 'banner' ? [{ url: doc.page.url, ...headline(view) }, ...lines.slice(1)] : lines

  const given = () => ({
    kind,
    lines: lines(view),
    components: view.doc.components,
    words: view.say.words,
    locale: view.say.locale,
    language: view.doc.page.language || '',
    now: view.now,
    // A banner's times are absolute.
    isExact: view.isExact && kind != 'banner',
    doubt: kind == 'banner' ? view.doubt : undefined,
    dismiss,
  })

  const end = () => {
    if (!app) return
    try { app.destroy() } catch { broken = true }
    app = undefined
    asked = false
  }

  return {
    show(next, onDismiss) {
      view = next
      dismiss = onDismiss
      const isWidgets = view.doc && (view.lines.length || view.doc.indicator != 'none')
      if (app && isWidgets) {
        try {
          return app.update(given())
        } catch {
          // It may have broken down half-way: plain from now on.
          broken = true
          app = undefined
        }
      }
      end()
      plain()
      const isAsked = asked
      asked = isWidgets && !broken
      if (!asked || isAsked) return
      load().then(module => {
        // Meanwhile it may have gone, or there may be nothing left to tell.
        if (gone || !asked || app) return
        const root = element('div', {})
        root.dataset.by = 'widget'
        app = module.mount(root, given(), () => swap(place, root))
      }).catch(() => broken = true)
    },
    clear() {
      gone = true
      end()
    },
  }
}
