// The widget's glue, which asks for its module at once: the loader loads this while it waits for the element,
// since on a slow network each wait counts.
import init, { mount } from 'glue'

const ready = init({ module_or_path: fetch(new URL('widget.wasm', import.meta.url)) })
// Whoever waits for it is told.
ready.catch(() => {})

export { mount, ready }
