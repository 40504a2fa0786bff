// Files beside a script, whose addresses `at` knows. The package has them inside.
export const part = (at, file) => import(at(file))
export const text = (at, file) => fetch(at(file), { signal: AbortSignal.timeout(1e4) }).then(answer => answer.ok && answer.text())

/** What takes over, and all that it needs, at once. */
export const widget = async at => {
  const all = Promise.all([import(at('widget.js')), fetch(at('widget.wasm'))])
  all.catch(() => {})
  const its = await import(at('take.js'))
  its.load(all).catch(() => {})
  return its
}
