// Paints what an embed shows: the same elements as src/banner.rs and src/report.rs, so that taking over moves
// nothing. Text becomes text nodes only; nothing is parsed as HTML. There is no word in here.

// Children are nodes, texts and lists of these; what is absent is left out.
export const element = (tag, props, ...children) => {
  const node = document.createElement(tag)
  node.append(...children.flat(3).filter(Boolean))
  return Object.assign(node, props)
}

const button = (props, ...children) => element('button', { type: 'button', ...props }, children)
const cross = (title, onclick) => button({ className: 'c', title: title || '', ariaLabel: title, onclick }, '×')

// Only addresses of the web become links.
const href = url => /^https?:\/\//i.test(url) && { href: url }

// Leads to the page, or opens the panel; if it leads elsewhere, it opens none.
const details = (url, text, elsewhere) => href(url) ? element('a', { ...href(url), part: 'details' + (elsewhere ? ' elsewhere' : '') }, text) : text

const BEGINS = { line: '\n', paragraph: '\n\n', item: '\n• ' }

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
const localized = (tag, its, view) => its && element(tag, { dir: 'auto', ...its.language && { lang: its.language } }, nodes(its.text, view))

const texts = (line, view) => [
  element('p', 0, element('b', 0, line.label), line.name && ' ', localized('strong', line.name, view)),
  localized('p', line.body, view),
  localized('p', line.note, view),
]

// The small print, and where to read more.
const small = (line, view, url, doubt, more) => {
  const [first, ...facts] = (line.facts || []).map(fact => nodes(fact, view))
  return element('small', view.isFirst ? { style: 'visibility:hidden' } : 0,
    [first, doubt, ...facts, more].filter(Boolean).map((fact, at) => [at && ' · ', fact]),
    view.phrases && href(url) && [' ', details(url, view.phrases.details, line.elsewhere)])
}

const banner = (view, line = view.lines[0] || { level: view.level, label: view.summary }) =>
  element('section', { className: line.level, part: 'banner', ariaLabel: view.label },
    view.lines[0] && element('b', { ariaHidden: true }, '!'),
    element('div', 0,
      element('span', 0, texts(line, view)),
      small(line, view, line.url ?? view.url, view.doubt && element('em', 0, view.doubt), view.more && details(view.url, view.more))),
    view.dismiss && cross(view.phrases.dismiss, view.dismiss))

const dot = () => element('i', { className: 'dot', part: 'dot' })

const report = view => element('div', { className: 'report' },
  view.lines.map(line => element('article', { className: line.level, part: 'item' }, texts(line, view), small(line, view, line.url))),
  view.components[0] && element('ul', 0, view.components.map(its => element('li', { className: its.level },
    dot(), localized('span', its.name, view), ' ', element('span', { className: 'state' }, its.label)))))

// What the widget may take over: it knows what it shows.
const place = (kind, paint, view) => element('div', { view: { kind, ...view } }, paint(view))

const state = (view, doubt) => [dot(), element('span', 0, view.summary, doubt && ' · ' + doubt)]

const panel = (view, close) =>
  element('section', { className: 'panel ' + view.level, part: 'panel', ariaLabel: view.label },
    close,
    element('p', { className: 'head' }, state(view)),
    view.doubt && element('p', { className: 'note' }, view.doubt),
    place('report', report, view),
    element('small', { className: 'foot' },
      element('a', href(view.url), nodes(view.doc.page.name.text, view)),
      view.dismiss && button({ onclick: view.dismiss }, view.phrases.dismiss)))

// What is in the root of each variant.
export const VARIANTS = {
  __proto__: null,
  banner: view => place('banner', banner, view),
  inline: view => panel(view),
  badge: view => element('a', { ...href(view.url), className: 'pill ' + view.level, part: 'pill' }, state(view, view.doubt)),
  // A pill in a corner that opens into a panel. `toggle` opens and closes it.
  floating: view => [
    button({ className: 'pill ' + view.level, part: 'pill', ariaExpanded: !!view.isOpen, title: view.phrases?.show || '', onclick: view.toggle }, state(view, view.doubt)),
    view.isOpen && panel(view, cross(view.phrases?.close, view.toggle)),
  ],
}

// Makes a node equal to another one and keeps what is the same, with the keyboard's focus in it. What the widget has
// taken over is left to it.
const morph = (old, next) => {
  if (old.app && old.view.kind == next.view?.kind) try { return old.app.update(next.view) } catch { old.app = 0 }
  if (old.nodeName != next.nodeName || old.data != next.data) return old.replaceWith(next)
  if (old.data) return
  for (const { name } of [...old.attributes, ...next.attributes]) {
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
const spoken = view => element('span', { className: 'say', ariaAtomic: true, ariaLive: view.level == 'critical' ? 'assertive' : 'polite' },
  view.say && (view.lines[0] ? texts(view.lines[0], view).filter(Boolean).map(node => node.textContent).join(' ') : view.summary))

// English also stands in for a language that is not offered: the direction of the page around counts then.
export const paint = (root, variant, view) => morph(root, element('div', { className: 'root', lang: view.doc.language, dir: view.doc.language == 'en' ? '' : view.doc.direction },
  variant(view), spoken(view)))
