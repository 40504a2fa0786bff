// One window of a site asks for all: under a lock, so that no two ask at once, and tells the others what it
// was answered, so that they wait anew. Who leads is whoever is first, each time: nobody has to be elected,
// and a window that is closed or frozen leaves no gap. Without locks or channels each asks for itself.

// As long as one waits for the answer of another, in milliseconds: half of what a check may take.
const PATIENCE = 5e3

const share = (own, url) => {
  const key = 'candor:' + url
  let channel, heard, waiting

  const hear = ({ data }) => {
    if (waiting) return waiting(data)
    heard = data
    if (heard) own.refresh()
    heard = undefined
  }
  // A page that is kept for the way back must not be spoken to: it would be thrown away.
  const listen = () => (channel ||= new BroadcastChannel(key)).onmessage = hear
  const answer = ({ text, date }) => new Response(text, { headers: date ? { date } : {} })

  // What is told is an answer that any page can use. That there is none is told, too: who waits asks itself.
  const ask = async request => {
    let told
    try {
      const response = await fetch(...request)
      const text = await response.clone().text()
      if (response.ok && JSON.parse(text).schema == 1) told = { text, date: response.headers.get('Date') }
      return response
    } finally {
      channel?.postMessage(told)
    }
  }

  const wait = async request => {
    const told = await new Promise(resolve => setTimeout(waiting = resolve, PATIENCE))
    waiting = undefined
    return told ? answer(told) : fetch(...request)
  }

  try {
    listen()
  } catch {
    return
  }
  addEventListener('pagehide', () => channel = channel?.close())
  addEventListener('pageshow', listen)
  own.ask = (...request) => heard ? answer(heard) : new Promise(resolve => {
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
