// Records what a host page relies on before the widget's script runs. `host.trouble()` reports every difference.
(() => {
  const host = window.host = { escaped: [], refused: [], events: [], shifts: [], sold: 0, loads: [] }
  const note = (type, list, words) => addEventListener(type, event => list.push(words(event)), true)
  note('error', host.escaped, event => event.message || 'not loaded: ' + event.target.src)
  note('unhandledrejection', host.escaped, event => String(event.reason))
  note('securitypolicyviolation', host.refused, event => event.effectiveDirective + ' ' + event.blockedURI)
  note('candor:error', host.events, event => event.detail.reason)
  note('pageshow', host.loads, event => event.persisted)
  new PerformanceObserver(list => host.shifts.push(...list.getEntries().map(entry => entry.sources.map(({ node, previousRect: from, currentRect: to }) => `${node?.nodeName} ${from.top} to ${to.top}` + (from.left == to.left ? '' : `, ${from.left} to ${to.left}`))))).observe({ type: 'layout-shift', buffered: true })

  // The globals and the members of the prototypes, compared by identity.
  const classes = ['Object', 'Array', 'Function', 'Promise', 'String', 'Date', 'EventTarget', 'Node', 'Element', 'HTMLElement',
    'Document', 'Event', 'CustomEvent', 'Storage', 'Response']
  const fields = (name, object) => Object.entries(Object.getOwnPropertyDescriptors(object))
    .flatMap(([key, field]) => ['value', 'get', 'set'].map(part => [`${name}.${key} ${part}`, field[part]]))
  const value = name => {
    try {
      return /function|object/.test(typeof window[name]) ? window[name] : 'a primitive'
    } catch (error) {
      return error.name
    }
  }
  const all = () => new Map([
    ...Object.getOwnPropertyNames(window).map(name => [name, value(name)]),
    ...classes.flatMap(name => fields(name + '.prototype', window[name].prototype)),
  ])
  // Names that the event loop and the driver change, and names that are allowed to be there.
  const known = /^(event|host|shop|candor|history|ret_nodes|se_\w+|cdc_\w+|\$cdc_\w+)$/
  let before
  host.ready = () => before = all()
  host.ready()

  host.trouble = () => {
    const now = all()
    const changed = [...new Set([...before.keys(), ...now.keys()])]
      .filter(name => !known.test(name) && !Object.is(before.get(name), now.get(name)))
    const sold = host.sold
    document.getElementById('buy').click()
    return [
      ...host.escaped, ...host.refused, ...changed,
      ...(host.sold == sold + 1 && window.shop ? [] : ['the shop does not sell']),
      ...(document.querySelectorAll('style').length ? ['styles in the document'] : []),
      // The one that says how high the banner is, and keeps what is scrolled to from under it.
      ...document.adoptedStyleSheets.flatMap(sheet => [...sheet.cssRules].map(rule => rule.cssText)).filter(text => !/^(:root { --candor-height|:where\(:root\) { scroll-padding-top): [\d.]+px; }$/.test(text)),
      ...[document.documentElement, document.body, document.head].flatMap(({ attributes }) =>
        [...attributes].map(({ name }) => name).filter(name => !/^(lang|dir|id)$/.test(name))),
    ]
  }

  // The position of each element of the host page itself.
  host.places = () => [...document.querySelectorAll('body *:not(candor-status):not(script)')].filter(element => element.getClientRects().length).map(element => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return [x, y + scrollY, width, height].map(Math.round)
  })
})()
