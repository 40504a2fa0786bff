// The variants: what is around what is told. Each is made once, in a place of its own, and shown many times.
import { element } from '../loader/draw.js'
import { filler } from './widget.js'
import { state } from './views.js'

const banner = root => {
  const content = filler(root, 'banner')
  return { show: (view, { dismiss }) => content.show(view, dismiss), clear: content.clear }
}

// A note of doubt, where there is one.
const noted = (node, note) => {
  node.hidden = !note
  if (node.textContent != (note || '')) node.textContent = note || ''
}

const words = view => state(view, view.doc ? view.doubt : view.note)

const setState = (node, all) => {
  if (node.textContent != element('p', {}, ...all).textContent) node.replaceChildren(...all)
}

const badge = root => {
  const link = element('a', { part: 'pill' })
  root.append(link)
  return {
    show(view) {
      link.className = 'pill ' + view.level
      const url = view.doc?.page.url
      if (/^https?:/.test(url)) link.href = url
      else link.removeAttribute('href')
      setState(link, words(view))
    },
    clear() {},
  }
}

// The state, a note of doubt, and everything that is open.
const panel = () => {
  const head = element('p', { className: 'head' })
  const note = element('p', { className: 'note' })
  const place = element('div', {})
  const foot = element('small', { className: 'foot' })
  const content = filler(place, 'report')
  return {
    nodes: [head, note, place, foot],
    show(view, { dismiss }) {
      const { say, doc } = view
      setState(head, state(view))
      noted(note, view.note)
      content.show(view, dismiss)
      const url = doc?.page.url
      const next = [
        ...doc ? [/^https?:/.test(url) ? element('a', { href: url, lang: doc.page.language || '' }, doc.page.name) : element('span', {}, doc.page.name)] : [],
        ...dismiss ? [element('button', { type: 'button', onclick: dismiss }, say.words.dismiss)] : [],
      ]
      const same = next.length == foot.children.length && next.every((node, index) => node.isEqualNode(foot.children[index]))
      if (!same) foot.replaceChildren(...next)
    },
    clear: content.clear,
  }
}

const inline = root => {
  const inside = panel()
  const section = element('section', { part: 'panel' }, ...inside.nodes)
  root.append(section)
  return {
    show(view, options) {
      section.className = 'panel ' + view.level
      section.ariaLabel = view.say.words.label
      inside.show(view, options)
    },
    clear: inside.clear,
  }
}

// A pill in a corner that opens into a panel. What is in the panel is made when it is first opened.
const floating = root => {
  const pill = element('button', { type: 'button', part: 'pill' })
  const close = element('button', { type: 'button', className: 'c' }, '×')
  const section = element('section', { part: 'panel', hidden: true, id: 'panel' })
  let inside, latest
  const isOpen = () => !section.hidden
  const fill = () => {
    if (!inside) {
      inside = panel()
      section.append(close, ...inside.nodes)
    }
    inside.show(...latest)
  }
  const open = opened => {
    section.hidden = !opened
    pill.setAttribute('aria-expanded', opened)
    if (opened) fill()
  }
  pill.setAttribute('aria-controls', 'panel')
  pill.onclick = () => open(!isOpen())
  // The focus goes back to where it came from, if it is in here at all.
  const shut = () => {
    const isInside = root.contains(root.getRootNode().activeElement)
    open(false)
    if (isInside) pill.focus()
  }
  close.onclick = shut
  root.onkeydown = event => {
    if (event.key != 'Escape' || !isOpen()) return
    event.stopPropagation()
    shut()
  }
  root.append(pill, section)
  open(false)
  return {
    show(view, options) {
      latest = [view, options]
      pill.className = 'pill ' + view.level
      section.className = 'panel ' + view.level
      const { label, close: shutting } = view.say.words
      section.ariaLabel = label
      close.title = shutting
      setState(pill, words(view))
      if (isOpen()) fill()
    },
    clear: () => inside?.clear(),
  }
}

export const variants = { banner, badge, floating, inline }
