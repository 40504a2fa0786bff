// The widget in WebAssembly: once for all elements, when one of them has something to tell.
import { report, banner } from './views.js'

let loading

const load = () => loading ||= (async () => {
  const module = await import(new URL('widget.js', import.meta.url).href)
  await module.default({ module_or_path: new URL('widget.wasm', import.meta.url).href })
  return module
})()

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
    else if (dismiss) place.querySelector('.c').onclick = dismiss
  }

  const given = () => ({
    kind,
    doc: view.doc,
    words: view.say.words,
    locale: view.say.locale,
    language: view.doc.page.language || '',
    now: view.now,
    isExact: view.isExact,
    doubt: kind == 'banner' ? view.doubt : undefined,
    dismiss,
  })

  return {
    show(next, onDismiss) {
      view = next
      dismiss = onDismiss
      const isWidgets = view.doc && (view.lines.length || view.doc.indicator != 'none')
      if (isWidgets && app) return app.update(given())
      if (app) {
        app.destroy()
        app = undefined
        asked = false
      }
      plain()
      if (!isWidgets || asked) return
      asked = true
      load().then(module => {
        if (gone || !asked || app) return
        const root = document.createElement('div')
        root.dataset.by = 'widget'
        app = module.mount(root, given(), () => swap(place, root))
      }).catch(() => { /* stays plain */ })
    },
    clear() {
      gone = true
      app?.destroy()
      app = undefined
    },
  }
}
