import { follower } from './follow.js'
import { isPlaced } from './quiet.js'

// One script tag: an embed where the tag asks for it. Returns what ends it. `get`: an option of the tag.
export const attach = (script, get, own, at) => {
  // The element leaves it to its tag.
  const host = Object.assign(document.createElement('candor-status'), { isTags: 1 })
  // A snapshot of Turbo's would have a copy.
  host.dataset.turboTemporary = ''
  let shown, wasPlaced

  // A banner is in the flow, so that it covers nothing; and before the body, whose layout is its own and whose
  // content is swapped by libraries. After a body that is as high as the window it would lie on the content: one
  // at the bottom is inside.
  const put = () => {
    if (!shown) return host.remove()
    // The parser may not have reached the body.
    if (!document.body) return setTimeout(put, 99)
    if (host.isConnected) return
    if (!isPlaced(get)) return document.body[get('position') == 'bottom' ? 'append' : 'before'](host)
    // It goes with its tag.
    if (wasPlaced && !script.isConnected) return end()
    wasPlaced = 1
    script.isConnected ? script.after(host) : document.body.append(host)
  }

  // What a library removes that replaces the whole document is back at once.
  const observer = new MutationObserver(put)
  for (const node of [document, document.documentElement]) observer.observe(node, { childList: true })

  const follow = follower(host, get, at, isShown => {
    shown = isShown
    put()
  })
  const end = () => {
    shown = 0
    observer.disconnect()
    follow()
    put()
  }
  follow(own)
  return end
}
