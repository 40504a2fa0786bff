// Paints what an embed shows: the same elements as src/banner.rs and src/report.rs, so that taking over moves
// nothing. Text becomes text nodes only; nothing is parsed as HTML. There is no word in here.

export const element = (tag, props, ...children) => {
  const node = document.createElement(tag)
  node.append(...children.filter(Boolean))
  return Object.assign(node, props)
}

const BEGINS = { line: '\n', paragraph: '\n\n', item: '\n• ' }

export const banner = view => {
  const { doc, lines, level, doubt, more, dismiss } = view
  const [line = { level, label: view.summary }] = lines
  return element('section', { className: line.level, part: 'banner', ariaLabel: doc.label },
    element('b', { ariaHidden: true }, '!'),
    element('div', 0,
      element('span', 0, ...texts(line, view)),
      small(line, view, doc.page.url, doubt && [element('em', 0, doubt)], more && [details(doc.page.url, more)])),
    dismiss && element('button', { type: 'button', className: 'c', title: doc.phrases.dismiss, ariaLabel: doc.phrases.dismiss, onclick: dismiss }, '×'))
}

export const report = view => element('div', { className: 'report' },
  ...view.lines.map(line => element('article', { className: line.level, part: 'item' }, ...texts(line, view), small(line, view))),
  view.components[0] && element('ul', 0, ...view.components.map(its => element('li', { className: its.level },
    dot(), localized('span', its.name, view), ' ', element('span', { className: 'state' }, its.label)))))

// The nodes of a text that consists of pieces.
const nodes = (pieces, view) => pieces.map((piece, at) =>
  piece.trim ? piece :
  piece.time ? element('time', { dateTime: piece.time }, view.time(piece.time, piece.until)) :
  piece.link ? /^(https?|mailto):/i.test(piece.to) ? element('a', { href: piece.to, rel: 'noopener' }, piece.link) : piece.link :
  piece.strong ? element('strong', 0, piece.strong) :
  piece.emphasis ? element('em', 0, piece.emphasis) :
  piece.code ? element('code', 0, piece.code) :
  at ? BEGINS[piece.begin] : BEGINS[piece.begin].trimStart())

// Operators' words, in whatever language they are.
const localized = (tag, its, view) => its && element(tag, { dir: 'auto', ...its.language && { lang: its.language } }, ...nodes(its.text, view))

const texts = (line, view) => [
  element('p', 0, element('b', 0, line.label), line.name && ' ', localized('strong', line.name, view)),
  localized('p', line.body, view),
  localized('p', line.note, view),
]

const isWeb = url => /^https?:\/\//i.test(url)
const link = (url, props, ...children) => element('a', isWeb(url) ? { ...props, href: url } : props, ...children)

// Leads to the page, or opens the panel; if it leads elsewhere, it opens none.
const details = (url, text, elsewhere) => isWeb(url) ? link(url, { part: elsewhere ? 'details elsewhere' : 'details' }, text) : text

// The small print, and where to read more.
const small = (line, view, page, doubt, more) => {
  const { doc } = view
  const [first, ...facts] = (line.facts || []).map(fact => nodes(fact, view))
  const url = line.url ?? page
  return element('small', 0,
    ...[first, doubt, ...facts, more].filter(Boolean).flatMap((fact, at) => at ? [' · ', ...fact] : fact),
    ...doc.phrases && isWeb(url) ? [' ', details(url, doc.phrases.details, line.elsewhere)] : [])
}

const dot = () => element('i', { className: 'dot', part: 'dot' })
const state = ({ summary }, doubt) => [dot(), element('span', 0, summary, doubt && ' · ' + doubt)]

// What the widget may take over: it knows what it shows.
const place = (kind, paint, view) => element('div', { kind, view }, paint(view))

const panel = (view, props, ...before) => {
  const { doc, doubt, dismiss } = view
  return element('section', { className: 'panel ' + view.level, part: 'panel', ariaLabel: doc.label, ...props },
    ...before,
    element('p', { className: 'head' }, ...state(view)),
    doubt && element('p', { className: 'note' }, doubt),
    place('report', report, view),
    element('small', { className: 'foot' },
      link(doc.page.url, 0, ...nodes(doc.page.name.text, view)),
      dismiss && element('button', { type: 'button', onclick: dismiss }, doc.phrases.dismiss)))
}

// What is in the root of each variant.
export const VARIANTS = {
  banner: view => [place('banner', banner, view)],
  inline: view => [panel(view)],
  badge: view => [link(view.doc.page.url, { className: 'pill ' + view.level, part: 'pill' }, ...state(view, view.doubt))],
  // A pill in a corner that opens into a panel. `toggle` opens and closes it.
  floating: view => {
    const { isOpen, toggle, doc: { phrases } } = view
    return [
      element('button', { type: 'button', className: 'pill ' + view.level, part: 'pill', ariaExpanded: !!isOpen, title: phrases?.show || '', onclick: toggle }, ...state(view, view.doubt)),
      isOpen && panel(view, 0, element('button', { type: 'button', className: 'c', title: phrases?.close || '', ariaLabel: phrases?.close, onclick: toggle }, '×')),
    ]
  },
}

// Makes a node equal to another one and keeps what is the same, with the keyboard's focus in it. What the widget has
// taken over is left to it.
const morph = (old, next) => {
  if (old.app && old.kind == next.kind) try { return old.app.update(next.view) } catch { old.app = 0 }
  if (old.nodeName != next.nodeName || old.data != next.data) return old.replaceWith(next)
  if (old.data) return
  for (const name of [...old.getAttributeNames(), ...next.getAttributeNames()]) {
    const value = next.getAttribute(name)
    if (value == null) old.removeAttribute(name)
    else if (value != old.getAttribute(name)) old.setAttribute(name, value)
  }
  old.onclick = next.onclick
  old.view = next.view
  const kids = [...next.childNodes]
  kids.forEach((kid, at) => old.childNodes[at] ? morph(old.childNodes[at], kid) : old.append(kid))
  while (old.childNodes[kids.length]) old.lastChild.remove()
}

// What is spoken: the first line, or the state. Nothing before that, and where another embed speaks (`view.say`).
const spoken = view => {
  const region = element('span', { className: 'say', ariaAtomic: true, ariaLive: view.level == 'critical' ? 'assertive' : 'polite' })
  if (view.say) region.append(view.lines[0] ? texts(view.lines[0], view).filter(Boolean).map(node => node.textContent).join(' ') : view.summary)
  return region
}

// English also stands in for a language that is not offered: the direction of the page around counts then.
export const paint = (root, view) => morph(root, element('div', { className: 'root', lang: view.doc.language, dir: view.doc.language == 'en' ? '' : view.doc.direction },
  ...VARIANTS[view.variant](view), spoken(view)))
