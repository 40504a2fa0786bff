// What one embed shows in its shadow root: for a script tag and for the element. The edge sends it with the loader where there is
// something to tell; else it is loaded when there is.
import { text, widget } from './files.js'
import { element, paint, VARIANTS } from './paint.js'
import { node } from './place.js'
import { view } from './view.js'

// The texts of files that are here, and those that are on their way.
const texts = {}
const pending = {}

// A page that fills the window makes room by this: the height of the banners beside its body. What is scrolled to is not below them, nor
// one below another.
const measure = () => {
  const { candor } = window
  const sheet = candor.sheet ||= new CSSStyleSheet
  let height = 0
  for (const host of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('html>candor-status:not([variant=floating],[position=bottom])'))) {
    host.style.setProperty('--candor-t', height ? height + 'px' : '')
    height += host.offsetHeight
  }
  if (height && !document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet)
  const last = candor.height || 0
  if (last == (candor.height = height)) return
  sheet.replaceSync(`:root{--candor-height:${height}px}:where(:root){scroll-padding-top:${height}px}`)
  // A browser that keeps in its place what is shown, or snapped, leaves it below the first banner: what the address points at, or the
  // beginning of the page.
  const target = document.querySelector(':target')?.getBoundingClientRect().y
  if (!last && (Math.abs(target) < height || scrollY < 2 * height && getComputedStyle(document.documentElement).scrollSnapType != 'none')) scrollBy(0, -height)
  dispatchEvent(new CustomEvent('candor:layout', { detail: { height } }))
}

// Whether a picture has been on the screen.
let isSeen

// All at once: what takes over, the glue that it imports, and the module.
const wake = (own, at) => own.coming ||= widget(at).then(its => {
  own.tell(own.take = its.take)
  return its
}).catch(() => {
  // Another script may have files that are still there.
  own.tell(own.coming = 0)
})

// `host`: the element; of a tag, whose `script` it is and which `leave` ends, one is made. `get`: an option. `at`: the address of a file.
export default (host, get, at, script, leave) => {
  const place = host ? undefined : node(script, get, leave)
  host ||= place.host
  // A constructed style sheet passes a Content-Security-Policy without unsafe-inline, which <style> and style= do not.
  const sheet = new CSSStyleSheet
  const root = element('div')
  let own, last, shadow, styles, isOpen, timer, isHeard, hasSpoken, tried

  // What fails here is no error of the page.
  const again = () => { try { last && show(...last) } catch { /* the next check shows it */ } }
  const toggle = () => {
    isOpen = !isOpen
    again()
    // The focus stays in the pill.
    root.firstChild.focus()
  }

  // Not within the callback: what the page changes then would be reported as its error.
  new ResizeObserver(() => requestAnimationFrame(measure)).observe(host)
  root.onkeydown = event => {
    if (isOpen && event.key == 'Escape') {
      event.stopPropagation()
      toggle()
    }
  }
  // What leads to the page of the status opens the panel, if that can be had. It is fetched when it may be wanted.
  for (const type of ['pointerdown', 'focusin', 'click']) root.addEventListener(type, event => {
    const link = event.target.closest('[part=details]')
    const its = link && wake(own, at)
    if (!its || type != 'click' || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const dots = element('span', 0, ' …')
    link.append(dots)
    // The page itself, where that is faster, unless the visitor has gone on.
    let isLeft
    for (const type of ['keydown', 'pointerdown']) addEventListener(type, () => isLeft = 1, true)
    const leave = () => isLeft || location.assign(link.href)
    const late = setTimeout(leave, 5e3)
    its.then(its => its.open(root, link, own, last[1].doc, get)).catch(leave).then(() => {
      clearTimeout(late)
      dots.remove()
    })
  })

  // The text of a file if it is here. Else it is loaded, and then all is shown again; what failed, the next check tries again.
  const need = file => texts[file] || void (pending[file] ||= text(at, file).catch(() => {})).then(its => {
    pending[file] = 0
    if (its) own.tell(texts[file] = its)
  })

  // Whether there is anything to show of what a watch knows. `isQuiet`: nothing while there is nothing to tell.
  const show = (watch, known, isQuiet) => {
    own = watch
    last = [watch, known, isQuiet]
    const variant = VARIANTS[get('variant')] || VARIANTS.banner
    if (!known.doc) {
      // Nothing was ever read here: an embed that always shows says so, in the closest of these languages.
      const all = !isQuiet && need('unknown.json')
      if (!all) return
      const unknown = JSON.parse(all)
      known = { ...known, doc: [own.lang, ...navigator.languages, 'en'].map(tag => unknown[tag] || unknown[tag?.split('-')[0]]).find(Boolean) }
    }
    const its = view(known, !isSeen)
    if (isQuiet && its.keys.every(key => known.closed.includes(key))) return
    const css = variant == VARIANTS.banner ? known.doc.styles || need('banner.css') : need('panel.css')
    if (!css) return
    if (styles != (styles = css)) sheet.replaceSync(css)
    if (!shadow) (shadow = host.attachShadow({ mode: 'closed' })).adoptedStyleSheets = [sheet]
    if (!root.parentNode) shadow.append(root)
    // Its style sheet goes by these.
    for (const name of 'variant position theme'.split(' ')) get(name) == host.getAttribute(name) || host.setAttribute(name, get(name))
    // Each update is spoken once in a language, by the first embed that shows it; and when nothing is left, that it is over. A
    // live region speaks of what changes in it: it is there, empty, before.
    const talk = window.candor.talk ||= {}
    const topic = its.keys[0] && its.keys[0] + its.doc.language
    for (const one in talk) if (!topic && talk[one] == host || !talk[one].isConnected) delete talk[one]
    if (topic) hasSpoken = (talk[topic] ||= host) == host || hasSpoken
    const speaks = topic ? talk[topic] == host : hasSpoken && !Object.keys(talk)[0]
    // The first picture does without what takes long.
    timer || requestAnimationFrame(() => {
      isSeen = true
      setTimeout(again)
    })
    timer ||= setTimeout(() => {
      isHeard = true
      again()
    }, 200)
    paint(root, variant, {
      ...its,
      isOpen,
      toggle,
      say: speaks && isHeard,
      dismiss: isQuiet && get('dismissible') != 'false' ? () => {
        own.keep('closed', its.keys)
        own.tell()
      } : undefined,
    })
    place?.put(true)
    own.keep('met', its.ids)
    if (!isSeen) return true
    measure()
    if (own.isOpen || topic) (own.live ||= (own.part('live.js').then(its => its.listen(own)).catch(() => {}), () => {}))()
    own.take?.(root)
    // The widget, once, when there is a banner and the page is idle.
    const { saveData, effectiveType } = navigator.connection || {}
    if (tried != own && known.doc.lines && !saveData && !/2g/.test(effectiveType)) /** @type {typeof requestIdleCallback} */ (window.requestIdleCallback || setTimeout)(() => own.coming || wake(tried = own, at), { timeout: 3e3 })
    return true
  }

  return {
    host,
    show,
    // Nothing is there: what comes next is new.
    clear() {
      clearTimeout(timer)
      last = timer = isHeard = hasSpoken = isOpen = 0
      root.remove()
      place?.put()
      // What the widget has taken over, or is about to, is gone.
      root.replaceChildren()
      own.take?.(root)
    },
  }
}
