// What a script tag and an element have in common: a node that shows what a watch knows. Whatever that needs is loaded when there is
// something to show.
import { part } from './files.js'
import { isQuiet } from './quiet.js'

// `host`: the element; none for a tag, which is a `script` or is not known. `get`: an option. `at`: the address of a file. Returns what
// makes the node follow a watch; none, and it ends.
export const follower = (host, get, at, script) => {
  let own, leave, its, loading

  // What paints, if it is there. What one script has loaded serves all; what failed, the next check tries again.
  const load = () => own.paint || void (loading ||= part(at, 'paint.js').then(all => own.tell(own.paint = all.default)).catch(() => loading = 0))

  const show = state => {
    // Of another address or language nothing is known yet: what is shown stays until then.
    if (!state.doc && !state.failing) return
    const quiet = isQuiet(get)
    let isShown
    if (!quiet || state.doc?.lines) try {
      const paint = load()
      if (!paint) return
      isShown = (its ||= paint(host, get, at, script, () => follow())).show(own, state, quiet)
    } catch { return }
    if (!isShown) its?.clear()
  }

  const follow = next => {
    const last = leave
    own = next || own
    loading = 0
    if (next && get('mirrors')) next.mirrors ||= { urls: get('mirrors').split(/\s+/), keys: { '': get('key') } }
    leave = next?.add({ get node() { return its?.host }, every: Math.min(300, Math.max(10, +get('refresh') || 30)), show })
    last?.()
    if (!next) its?.clear()
  }
  return follow
}
