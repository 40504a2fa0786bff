// The loader: the only thing that a healthy page runs. The edge calls it with the bulletin of the moment, and with what
// paints it if there is something to tell; where that is not current, it asks. Whatever goes wrong here stays here: a
// status banner must never be the reason why its host breaks.
import { isPlaced, OPTIONS } from './quiet.js'
import shared from './shared.js'

// For the element, which has this file under another name, it is called with nothing: then it only defines.
if (BULLETIN != undefined) try {
  // In a module there is no current script, but it has an address, and may have a tag.
  const tag = /** @type {HTMLScriptElement} */ (document.currentScript)
  const src = tag?.src || /https?:[^\s)]+?\/widget\.js\S*?(?=:\d+:\d)/.exec(Error().stack)[0]
  const script = tag || [...document.scripts].find(its => its.src == src)
  const { searchParams } = new URL(src)
  const get = name => script?.dataset[name] ?? searchParams.get(name)
  // `import` takes an address of either kind.
  /** @type {(name: string) => any} */
  const at = name => new URL(__FOLDER__ + name, src)
  const lang = get('lang') || document.documentElement.lang
  const about = get('components')
  // A bulletin from a cache is not current: nothing was transferred, or its time is not now.
  const isCurrent = BULLETIN && !get('src') && !about && /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByName(src))[0]?.transferSize > 0 && Math.abs(SERVED - Date.now()) < 15e3 &&
    (!lang || [lang, lang.split('-')[0]].includes(BULLETIN.language))
  const own = shared.join(get('src'), src, lang, about, at, isCurrent && BULLETIN, SERVED)
  own.paint ||= PAINT
  // Once per address and options, in whatever order and wherever they are written: a tag that is there twice, or that a library
  // runs again with each page that it puts in place, is the same embed, in the language of the page by now. Those that stand where
  // their tag is are there as often as it is.
  const tags = window.candor.tags ||= {}
  const id = [src.split('?')[0], ...OPTIONS.map(get)].join().replace(',banner,', ',,')
  const last = isPlaced(get) ? undefined : tags[id]
  if (last?.own != own) {
    last?.end()
    const follow = shared.follower(0, get, at, script)
    tags[id] = { own, end: follow }
    follow(own)
  }
} catch (error) { /* also a browser too old for shadow roots */
  console.warn('candor: load widget.js by its address,', error)
}

export default shared
