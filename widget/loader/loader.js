// The loader: the only thing that a healthy page runs. It watches status.json and does nothing
// while there is nothing to tell. Whatever goes wrong here stays here: a status banner must never
// be the reason why its host breaks.
import { watch } from './watch.js'

try {
  const { src, dataset } = document.currentScript
  const resolve = path => new URL(path, src).href
  const url = resolve('status.json')
  // `window.candor` is the one global. A second copy of this script finds in it, under the URL of
  // status.json, the watch to join, so that several embeds share one poll. `candor.status()` is the
  // newest status.json that was read, `candor.refresh()` checks now: those of the first script.
  const known = window.candor || {}
  const own = known[url] || watch(url, resolve(__GLUE__), resolve(__WASM__))
  window.candor = { ...own, ...known, [url]: own }
  own.add(dataset)
} catch { /* no script of our own, or a browser too old for shadow roots: stay silent */ }
