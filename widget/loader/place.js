import { isPlaced } from './quiet.js'

// The node of a script tag, and what puts it where the tag asks for it. `get`: an option of the tag. `leave`: ends the embed.
export const node = (script, get, leave) => {
  const host = document.createElement('candor-status')
  // The element leaves it to its tag, and a copy of it to nobody.
  host.toggleAttribute('of-tag')
  // A snapshot of Turbo's would have a copy.
  host.dataset.turboTemporary = ''
  let shown, wasPlaced = script?.closest('body'), returns = 0

  // A banner is in the flow, so that it covers nothing; and before the body, whose layout is its own and whose
  // content is swapped by libraries. After a body that is as high as the window it would lie on the content: one
  // at the bottom is inside, unless that would be a column of the body.
  const put = () => {
    const { body } = document
    if (!shown) return host.remove()
    // The parser may not have reached the body.
    if (!body) return setTimeout(put, 99)
    if (host.isConnected) return
    if (!isPlaced(get)) {
      const { display, columnCount, columnWidth } = getComputedStyle(body)
      return body[get('position') != 'bottom' ? 'before' : display + columnCount + columnWidth == 'blockautoauto' ? 'append' : 'after'](host)
    }
    // It goes with its tag.
    if (wasPlaced && !script?.isConnected) return leave()
    wasPlaced = 1
    // A tag in the head has no place of its own.
    script?.closest('body') ? script.after(host) : body.append(host)
  }

  // What a library removes that replaces a part of the document is back at once; where somebody removes it each time, after a while.
  const observer = new MutationObserver(() => {
    if (host.isConnected) return
    returns++ < 20 ? put() : setTimeout(put, 999)
    setTimeout(() => returns--, 999)
  })

  return {
    host,
    put(isShown) {
      shown = isShown
      shown ? observer.observe(document, { childList: true, subtree: true }) : observer.disconnect()
      put()
    },
  }
}
