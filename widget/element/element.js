// <candor-status>: the status of a page wherever an integrator puts it, and what a script tag becomes
// once there is something to show. Nothing is thrown into the host page.
import { element } from '../loader/draw.js'
import { join } from '../loader/watch.js'
import { shareAll } from '../loader/windows.js'
import { choose, speaker, words } from './language.js'
import { headline } from './views.js'
import { model } from './model.js'
import { sheets } from './style.js'
import { variants } from './variants.js'

// This module is in a folder of the address that it is known under.
const BASE = new URL('../..', import.meta.url).href
const TICK = 3e4

// The elements that are in a document. While there are any, one timer and one set of listeners serve all.
const all = new Set
let ticking
const each = act => all.forEach(one => { try { act(one) } catch (error) { console.warn('candor:', error) } })
const renderAll = () => document.hidden || each(one => one.render())
const cameOnline = () => each(one => one.refresh())
const pass = event => each(one => one.pass(event))
const GLOBAL = { online: cameOnline, offline: renderAll, 'candor:change': pass, 'candor:error': pass }
const enter = one => {
  if (!all.size) {
    ticking = setInterval(renderAll, TICK)
    for (const type in GLOBAL) addEventListener(type, GLOBAL[type])
  }
  all.add(one)
}
const leave = one => {
  all.delete(one)
  if (all.size) return
  clearInterval(ticking)
  for (const type in GLOBAL) removeEventListener(type, GLOBAL[type])
}

// The script tag that an element stands for, as the loader noted it.
const tagOf = node => {
  for (const own of Object.values(window.candor || {}))
    for (const embed of own?.embeds || []) if (embed.node == node) return { own, embed }
}

class CandorStatus extends HTMLElement {
  static observedAttributes = ['src', 'variant', 'position', 'theme', 'lang', 'components', 'show', 'dismissible', 'refresh']
  #shadow
  #live
  #tag
  #own
  #exit
  #shown
  #told
  #view
  #due
  // What was seen before stays seen: this element may not show everything.
  #dismiss = () => {
    const { names, seen } = this.#told
    this.#own.dismiss(names.filter(name => seen.includes(name) || this.#view.names.includes(name)))
  }

  connectedCallback() {
    if (this.#exit) return
    this.#tag ||= tagOf(this)
    const script = this.#tag?.embed.script
    if (script && ['badge', 'inline'].includes(this.#get('variant')) && this.previousSibling != script && document.body.contains(script)) {
      // Where the tag stands. Moving ends in here again.
      return script.after(this)
    }
    if (!this.#shadow) {
      this.#shadow = this.#tag?.embed.shadow || this.attachShadow({ mode: 'closed' })
      // A live region speaks of what changes in it: it is there, empty, before.
      this.#live = element('span', { className: 'say' })
      this.#live.setAttribute('aria-atomic', 'true')
    }
    if (this.#tag) this.#tag.embed.done = true
    enter(this)
    this.#join()
  }

  disconnectedCallback() {
    if (this.isConnected || !this.#exit) return
    leave(this)
    this.#exit()
    this.#exit = undefined
    this.#clear()
  }

  attributeChangedCallback() {
    // Several at once are one change.
    if (!this.#exit || this.#due) return
    this.#due = true
    queueMicrotask(() => {
      this.#due = false
      if (this.#exit) this.#join()
    })
  }

  /** Checks now. */
  refresh() {
    return this.#own?.refresh()
  }

  /** The newest status.json that was read. */
  get status() {
    return this.#own?.status()
  }

  /** An event of the window that is about this element's status, dispatched on the element, too. */
  pass({ type, detail }) {
    const { doc, failing } = this.#told || {}
    if (detail == doc || detail == failing) this.dispatchEvent(new CustomEvent(type, { detail }))
  }

  /** Shows what is known by now. */
  render() {
    if (!this.#exit || !this.#told) return
    const state = this.#told
    const voice = choose(this, this.#get('lang'))
    const spoken = words(voice.tag, () => this.render())
    if (!spoken) return
    const ids = (this.#get('components') || '').split(',').map(id => id.trim()).filter(Boolean)
    const view = model(state, ids, voice.range, speaker(voice, spoken))
    const variant = variants[this.#get('variant')] ? this.#get('variant') : 'banner'
    const show = this.#get('show')
    const isQuiet = show ? show != 'always' : variant == 'banner' || variant == 'floating'
    const isNews = view?.names.some(name => !state.seen.includes(name))
    if (!view || isQuiet && !isNews) return this.#clear()

    if (this.#shown?.variant != variant) {
      this.#clear()
      const root = element('div', { className: 'root' })
      this.#shown = { variant, root, ...variants[variant](root) }
    }
    const { root } = this.#shown
    root.lang = view.say.tag
    root.dir = view.say.dir
    this.#view = view
    this.#shown.show(view, { dismiss: isQuiet && this.#get('dismissible') != 'false' ? this.#dismiss : undefined })
    this.#shadow.adoptedStyleSheets = sheets(variant, this.#get('theme'), this.#get('position'))
    if (root.parentNode != this.#shadow) this.#replace(root)
    this.#announce(view)
  }

  // Of the loader's plain banner, too. The keyboard's focus stays where it was.
  #replace(root) {
    const shadow = this.#shadow
    const buttons = () => [...shadow.querySelectorAll('a, button')]
    const at = buttons().indexOf(shadow.activeElement)
    shadow.replaceChildren(root, this.#live)
    if (at >= 0) buttons()[at]?.focus()
  }

  #get(name) {
    return this.getAttribute(name) ?? this.#tag?.embed.script.dataset[name]
  }

  #join() {
    const src = this.getAttribute('src')
    const own = this.#tag && src == null ? this.#tag.own : join(src, src == null ? BASE : this.baseURI)
    shareAll()
    this.#exit?.()
    this.#own = own
    // Until it is told.
    this.#exit = () => {}
    this.#exit = own.add({
      every: Math.max(10, +this.#get('refresh') || 30),
      show: state => {
        this.#told = state
        try { this.render() } catch (error) { console.warn('candor:', error) }
      },
    })
  }

  // Each update once, whatever the number of elements; when it is over, that it is.
  #announce(view) {
    const own = this.#own
    const { lines: [line], say, level } = view
    const about = headline(view)
    const isNews = line || view.doc && view.doc.indicator != 'none'
    const text = isNews ? `${say.words.level[about.level]}: ${about.name || ''} ${about.body || ''}` : own.said && view.doc ? view.summary : ''
    if (own.said == text || !isNews && !own.said) return
    own.said = text
    this.#live.setAttribute('aria-live', level == 'critical' ? 'assertive' : 'polite')
    const live = this.#live
    setTimeout(() => live.replaceChildren(element('span', { lang: isNews && about.lang || say.tag }, text)), 200)
  }

  #clear() {
    this.#shown?.clear()
    this.#shown = undefined
    this.#live.replaceChildren()
    this.#shadow.replaceChildren()
  }
}

if (!customElements.get('candor-status')) customElements.define('candor-status', CandorStatus)

const own = src => {
  const own = join(src, src ? document.baseURI : BASE)
  shareAll()
  return own
}

/** The newest status.json that was read. */
export const status = src => own(src).status()

/** Checks now. */
export const refresh = src => own(src).refresh()

/** Calls `told` now, if anything is known, and after each check. Returns what ends it. */
export const subscribe = (told, src) => own(src).add({
  every: 30,
  show({ doc, checked, failing }) {
    if (!doc && !failing) return
    try { told(doc, { checked, error: failing ? failing.reason : undefined }) } catch (error) { reportError(error) }
  },
})
