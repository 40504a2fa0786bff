// `/embed` inside an app or a frame: tells the host what is shown and how high that is, so that the host
// can give it that height, or none. One message, through whichever of these bridges there is. It is sent
// when anything in it has changed, and says nothing that `/status.json` does not say to everybody.

const { body } = document
let told

const tell = () => {
  const { version, indicator, confirmed, doubt } = body.dataset
  const message = {
    candor: 1,
    indicator: doubt == null ? indicator : 'unknown',
    version: +version,
    height: Math.ceil(body.getBoundingClientRect().height),
    confirmed_at: confirmed,
  }
  const text = JSON.stringify(message)
  if (told == (told = text)) return
  const { webkit, CandorHost, ReactNativeWebView, parent } = window
  for (const send of [
    () => webkit?.messageHandlers?.candor?.postMessage(message),
    () => CandorHost?.postMessage(text),
    () => ReactNativeWebView?.postMessage(text),
    () => parent != window && parent.postMessage(message, '*'),
  ]) try { send() } catch { /* a bridge that fails keeps nothing from the others */ }
}

// Not the size alone: a view without height is not drawn, and its sizes are not observed.
new MutationObserver(tell).observe(body, { attributes: true })
new ResizeObserver(tell).observe(body, { box: 'border-box' })
tell()
