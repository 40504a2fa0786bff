// <candor-status>: the status of a page wherever an integrator puts it. Nothing is thrown into the host page.
import { at } from './beside.js'
import loader from './loader.js'

// This module is in a folder of the address that it is known under.
const BASE = new URL('../..', import.meta.url).href

// The closest `lang` around an element, through shadow roots.
const around = node => node && (node.closest('[lang]')?.lang || around(node.getRootNode().host))

const open = (src, base, lang, about) => loader.join(src, base, lang, about, at)

class CandorStatus extends HTMLElement {
  static observedAttributes = loader.OPTIONS
  #own
  #due
  #get = name => this.getAttribute(name)
  #follow = loader.follower(this, this.#get, at)

  connectedCallback() {
    // What the loader has made is the loader's.
    if (!this.isConnected || this.hasAttribute('of-tag')) return
    const src = this.#get('src')
    try {
      this.#follow(this.#own = open(src, src == null ? BASE : this.baseURI, around(this), this.#get('components')))
    } catch (error) {
      this.#follow()
      console.warn('candor:', error)
    }
  }

  disconnectedCallback() {
    if (!this.isConnected) this.#follow()
  }

  attributeChangedCallback() {
    // Several at once are one change.
    if (!this.isConnected || this.#due) return
    this.#due = 1
    queueMicrotask(() => {
      this.#due = 0
      this.connectedCallback()
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
    try { listener(doc, { checked, error: failing?.reason }) } catch (error) { reportError(error) }
  },
})
