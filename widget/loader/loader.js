// The loader: the only thing that a healthy page runs. It watches status.json and does nothing
// while there is nothing to tell. Whatever goes wrong here stays here: a status banner must never
// be the reason why its host breaks.
import { attach } from './attach.js'
import { join } from './watch.js'

try {
  const script = document.currentScript
  const at = name => new URL(__FOLDER__ + name, script.src)
  attach(script, join(script.dataset.src, script.src), at)
  setTimeout(() => import(at('windows.js')).catch(() => {}), 8e3)
} catch { /* no script of our own, or a browser too old for shadow roots: stay silent */ }
