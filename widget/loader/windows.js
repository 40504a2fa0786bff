// One window of a site asks for all: under a lock, so that no two ask at once, and tells the others what it
// was answered, so that they wait anew. The first one leads, each time: nobody has to be elected,
// and a window that is closed or frozen leaves no gap. Without channels each asks for itself; without
// locks two may ask at once.

// As long as a check may take, and a little more: then who waits for another one asks itself.
const PATIENCE = 11e3
// What a frozen window receives when it wakes was sent long ago.
const OLD = 5e3

const share = (own, url) => {
  const key = 'candor:' + url
  let channel, heard, waiting

  const hear = ({ data }) => {
    const { sent, at } = data
    if (!(Math.abs(Date.now() - at) < OLD)) return
    if (waiting) return waiting(sent)
    if (heard = sent) own.refresh()
    heard = undefined
  }
  // A page that is kept for the way back must not be spoken to: it would be thrown away.
  const listen = () => (channel ||= new BroadcastChannel(key)).onmessage = hear

  // An answer is sent that any page can use, or that the edge has none. That nothing came is sent, too: then a window that waits
  // asks for itself.
  /** @param {Parameters<typeof fetch>} request */
  const ask = async request => {
    let sent
    try {
      const response = await fetch(...request)
      const { ok, status, headers } = response
      const text = await response.clone().text()
      if (!ok || JSON.parse(text).schema == 1) sent = [text, { status, headers: [...headers] }]
      return response
    } finally {
      channel?.postMessage({ sent, at: Date.now() })
    }
  }

  /** @param {Parameters<typeof fetch>} request */
  const wait = async ([url, options]) => {
    const sent = await new Promise(resolve => setTimeout(waiting = resolve, PATIENCE))
    waiting = undefined
    // The time that a check may take has passed with waiting.
    return sent ? new Response(...sent) : fetch(url, { ...options, signal: AbortSignal.timeout(1e4) })
  }

  try {
    listen()
  } catch {
    return
  }
  addEventListener('pagehide', () => channel = channel?.close())
  addEventListener('pageshow', listen)
  own.ask = (/** @type {Parameters<typeof fetch>} */ ...request) => heard ? new Response(...heard) : new Promise(resolve => {
    const go = lock => {
      const asked = lock ? ask(request) : wait(request)
      resolve(asked)
      return lock && asked.catch(() => {})
    }
    // Refused, as in a sandbox.
    navigator.locks ? navigator.locks.request(key, { ifAvailable: true }, go).catch(() => go(true)) : go(true)
  })
}

/** Shares every watch that this page has and that is not shared yet. */
export const shareAll = () => {
  for (const [url, own] of Object.entries(window.candor || {})) if (own?.embeds && !own.ask) share(own, url)
}

shareAll()
