// <candor-status>: the status of a page wherever an integrator puts it. Nothing is thrown into the host page.
import { join } from '../loader/watch.js'
import { load, part } from './load.js'
import painter from './paint.js'
import { drop, open as openPanel, take } from './take.js'
import { shareAll } from './windows.js'

// This module is in a folder of the address that it is known under.
const BASE = new URL('../..', import.meta.url).href

// The elements that are in a document. While there are any, one set of listeners serves all.
const all = new Set
const each = act => all.forEach(one => { try { act(one) } catch (error) { console.warn('candor:', error) } })
const pass = ({ type, detail }) => each(one => one.pass(type, detail))
const GLOBAL = { online: () => each(one => one.refresh()), offline: () => each(one => one.render()), 'candor:change': pass, 'candor:error': pass }
const enter = one => {
  if (!all.size) for (const type in GLOBAL) addEventListener(type, GLOBAL[type])
  all.add(one)
}
const leave = one => {
  all.delete(one)
  if (!all.size) for (const type in GLOBAL) removeEventListener(type, GLOBAL[type])
}

// The closest `lang` around an element, through shadow roots.
const around = node => node && (node.closest('[lang]')?.lang || around(node.getRootNode().host))

const open = (src, base, lang, about) => {
  const own = join(src, base, lang, about)
  own.take = take
  own.part ||= part
  shareAll()
  return own
}

// What the loader has made is the loader's.
const isLoaders = node => Object.values(window.candor || {}).some(own => own?.embeds && [...own.embeds].some(embed => embed.node == node))

class CandorStatus extends HTMLElement {
  static observedAttributes = ['src', 'variant', 'position', 'theme', 'lang', 'components', 'show', 'dismissible', 'refresh']
  #own
  #embed
  #exit
  #known
  #due
  #get = name => this.getAttribute(name)

  connectedCallback() {
    if (this.#exit || isLoaders(this)) return
    enter(this)
    this.#join()
  }

  disconnectedCallback() {
    if (this.isConnected || !this.#exit) return
    leave(this)
    this.#exit()
    this.#exit = this.#known = undefined
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

  /** The newest bulletin that was read. */
  get status() {
    return this.#own?.status()
  }

  /** An event of the window that is about this element's bulletin, dispatched on the element, too. */
  pass(type, detail) {
    if (detail == this.#own.status() || detail == this.#known?.failing) this.dispatchEvent(new CustomEvent(type, { detail }))
  }

  /** Shows what is known by now. */
  render() {
    // Of another address or language nothing is known yet: what is shown stays until then.
    if (!this.#exit || !this.#known?.doc && !this.#known?.failing) return
    try {
      this.#embed ||= painter.embed(this, () => this.#own, load, async () => ({ open: openPanel }))
      if (!this.#embed.show(this.#known, this.#get)) this.#clear()
    } catch (error) {
      console.warn('candor:', error)
    }
  }

  #join() {
    const src = this.getAttribute('src')
    this.#exit?.()
    const own = this.#own = open(src, src == null ? BASE : this.baseURI, around(this), this.#get('components'))
    // Until it is told.
    this.#exit = () => {}
    this.#exit = own.add({
      node: this,
      every: Math.max(10, +this.#get('refresh') || 30),
      show: state => {
        this.#known = state
        this.render()
      },
    })
  }

  #clear() {
    this.#embed?.clear(drop)
  }
}

if (!customElements.get('candor-status')) customElements.define('candor-status', CandorStatus)

const own = src => open(src, src ? document.baseURI : BASE, document.documentElement.lang)

/** The newest bulletin that was read. */
export const status = src => own(src).status()

/** Checks now. */
export const refresh = src => own(src).refresh()

/** Calls `listener` now, if anything is known, and after each check. Returns what ends it. */
export const subscribe = (listener, src) => own(src).add({
  every: 30,
  show({ doc, checked, failing }) {
    const known = [doc, checked, failing]
    // Not for what is shown anew without a check.
    if (!doc && !failing || this.known?.every((one, at) => one == known[at])) return
    this.known = known
    try { listener(doc, { checked, error: failing ? failing.reason : undefined }) } catch (error) { reportError(error) }
  },
})
