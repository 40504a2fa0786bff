// What changes is heard at once while something is shown that may change: by a stream of events (`GET /events`), of which a browser
// has one for all windows of a site. windows.js takes its events for answers to polls, so that none is due. Whatever
// goes wrong here, polling goes on as if it were not there.
import { shareAll } from './windows.js'

/** Listens for a watch, or for a status page, while that is wanted and the window can be seen. `own.live` looks whether it is. */
export const listen = own => {
  const { url } = own
  let text, control
  const arm = own.live = () => {
    // A hidden window neither polls nor listens: another one may have the stream.
    if (document.hidden || !own.isOpen && !(own.embeds.size && own.status().lines)) return control = control?.abort()
    if (control) return
    const { signal } = control = new AbortController
    // Who waits for the lock has the stream next.
    navigator.locks?.request('candor-live:' + url, { signal }, () => new Promise(end => {
      const channel = new BroadcastChannel('candor:' + url)
      const source = new EventSource(url.replace('bulletin.json', 'events'))
      const close = signal.onabort = () => {
        source.close()
        channel.close()
        end()
      }
      // Refused for good. Otherwise it connects again by itself, and receives what it has missed.
      source.onerror = () => source.readyState > 1 && close()
      source.addEventListener('bulletin', ({ data }) => text = data)
      source.addEventListener('confirmed', ({ data }) => {
        channel.postMessage({ sent: [text, { status: 200, headers: { Date: new Date(data).toUTCString() } }], at: Date.now() })
        arm()
      })
    })).catch(() => { /* no longer wanted, or no locks here */ })
  }
  shareAll()
  document.addEventListener('visibilitychange', arm)
  arm()
}
