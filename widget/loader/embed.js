// What one embed shows in its shadow root: for a script tag and for the element.
import { element, paint, VARIANTS } from './paint.js'
import { isQuiet } from './quiet.js'
import { view } from './view.js'

// Constructed style sheets by their text: they pass a Content-Security-Policy without unsafe-inline, which <style> and
// style= do not. `texts` has those of other files.
const made = {}
const texts = {}
const pending = {}

// A page that fills the window makes room by this: the height of the banners beside its body.
let room, sum = 0
const measure = () => {
  let height = 0
  for (const host of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('html>candor-status:not([variant=floating])'))) height += host.offsetHeight
  if (sum == (sum = height)) return
  if (!room) document.adoptedStyleSheets.push(room = new CSSStyleSheet)
  room.replaceSync(`:root{--candor-height:${height}px}`)
  dispatchEvent(new CustomEvent('candor:layout', { detail: { height } }))
}

// The bulletin where there is none: that the status is unknown, in the closest of these languages.
const nothing = (all, wanted) => {
  const language = [wanted, ...navigator.languages, 'en'].flatMap(tag => [tag, tag?.split('-')[0]]).find(tag => all[tag])
  const [unknown, label, direction] = all[language] || []
  return unknown && { doc: { language, direction, label, unknown, level: 'none', page: { name: { text: [] } } } }
}

// `watch()`: what the embed is about by now. `load(file)`: a style sheet. `widget()`: a promise of what opens the panel.
export const embed = (host, watch, load, widget) => {
  let root, shadow, isOpen, latest, timer, isHeard, hasSpoken
  const toggle = () => {
    isOpen = !isOpen
    show(...latest)
    // The focus stays in the pill.
    root.firstChild.focus()
  }

  // The text of a file if it is here. Else it is loaded, and then all is shown again; what failed, the next check tries again.
  const need = file => texts[file] || void (pending[file] ||= load(file).catch(() => {})).then(text => {
    pending[file] = 0
    if (text) watch().tell(texts[file] = text)
  })

  // Nothing is there: what comes next is new.
  const rest = () => {
    clearTimeout(timer)
    timer = isHeard = hasSpoken = isOpen = 0
  }

  // Whether there is anything to show. `get`: an option of the embed.
  const show = (state, get) => {
    latest = [state, get]
    const own = watch()
    const variant = VARIANTS[get('variant')] ? get('variant') : 'banner'
    const isBanner = variant == 'banner'
    const quiet = isQuiet(get)
    if (!state.doc) {
      // Nothing was ever read here: an embed that always shows says so.
      if (!state.failing || quiet || !need('unknown.json')) return
      state = { ...state, ...nothing(JSON.parse(texts['unknown.json']), own.lang) }
    }
    const its = view(state)
    if (quiet && its.keys.every(key => state.closed.includes(key))) return rest()
    const file = isBanner ? 'banner.css' : 'panel.css'
    const css = isBanner && state.doc.styles || need(file)
    if (!css) return
    if (!made[css]) (made[css] = new CSSStyleSheet).replaceSync(css)
    if (!root) {
      if (!shadow) {
        shadow = host.attachShadow({ mode: 'closed' })
        new ResizeObserver(measure).observe(host)
      }
      shadow.append(root = element('div'))
      // What leads to the page of the status opens the panel, if that can be had. It is fetched when it may be wanted.
      for (const type of ['pointerdown', 'focusin', 'click']) root.addEventListener(type, event => {
        const link = event.target.closest('[part=details]')
        const its = link && widget()
        if (!its || type != 'click' || event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        // The page itself, where that is faster.
        const leave = () => location.assign(link.href)
        const late = setTimeout(leave, 5e3)
        its.then(its => its.open(root, link, watch(), latest[0].doc, latest[1])).catch(leave).then(() => clearTimeout(late))
      })
      root.onkeydown = event => {
        if (event.key != 'Escape' || !isOpen) return
        event.stopPropagation()
        toggle()
      }
    }
    shadow.adoptedStyleSheets = [made[css]]
    // Its style sheet goes by these.
    for (const name of ['variant', 'position', 'theme']) get(name) == host.getAttribute(name) || host.setAttribute(name, get(name))
    // Each update is spoken once in a language, by the first embed that shows it; and when nothing is left, that it is over. A
    // live region speaks of what changes in it: it is there, empty, before.
    const talk = window.candor.talk ||= {}
    const topic = its.lines[0] && its.lines[0].key + its.doc.language
    for (const one in talk) if (!topic && talk[one] == host || !talk[one].isConnected) delete talk[one]
    if (topic) hasSpoken ||= (talk[topic] ||= host) == host
    const speaks = topic ? talk[topic] == host : hasSpoken && !Object.keys(talk)[0]
    timer ||= setTimeout(() => show(...latest, isHeard = true), 200)
    paint(root, {
      ...its,
      variant,
      isOpen,
      toggle,
      say: speaks && isHeard,
      dismiss: quiet && get('dismissible') != 'false' && (() => {
        own.keep('closed', its.keys)
        own.tell()
      }),
    })
    own.keep('met', its.ids)
    if (own.isOpen || its.lines[0]) {
      own.live ||= (own.part('live.js').then(({ listen }) => own.live = listen(own.url, () => own.isOpen || own.embeds.size && own.status().lines)).catch(() => {}), () => {})
      own.live()
    }
    own.take?.(root)
    return true
  }

  return {
    show,
    rest,
    clear(drop) {
      rest()
      if (!root) return
      drop(root, true)
      root.remove()
      // What the widget is about to take over is gone.
      root.replaceChildren()
      root = undefined
    },
  }
}
