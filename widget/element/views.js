// What is shown, as elements: the same ones with the same words and metrics as src/banner.rs and
// src/report.rs, which take over where WebAssembly runs. Text becomes text nodes only.
import { element } from '../loader/draw.js'
import { fill } from './language.js'

const time = (at, text, title = '') => element('time', { dateTime: new Date(at).toISOString(), title }, text)

const isWeb = url => /^https?:/.test(url)

// Operators' words, in whatever language they are.
const theirs = (tag, text, lang) => element(tag, { lang: lang || '', dir: 'auto' }, text)

// What makes a thing an emphasised fact, an `em`, is that somebody should look twice.
const strong = parts => element('em', {}, ...parts)

// The small print of a line.
const facts = (view, line) => {
  const { say, clock, ago } = view
  const { words } = say
  const at = at => time(at, clock(at))
  if (line.level == 'resolved') return [fill(words.resolved_at, { time: time(line.resolved_at, ago(line.resolved_at), clock(line.resolved_at)) })]
  return [
    line.updated_at && fill(words.updated, { time: time(line.updated_at, ago(line.updated_at), clock(line.updated_at)) }),
    view.doubt && [strong([view.doubt])],
    line.status && [words.status[line.status] || line.status],
    line.scheduled_for && fill(words.window, { from: at(line.scheduled_for), to: at(line.scheduled_until) }),
    line.reopened_at && [words.reopened],
    line.next_update_at && (line.overdue
      ? [strong(fill(words.overdue, { time: at(line.next_update_at) }))]
      : fill(words.next_update, { time: at(line.next_update_at) })),
  ].filter(Boolean)
}

const dotted = facts => facts.flatMap((fact, index) => index ? [' · ', ...fact] : fact)

const link = (view, url) => isWeb(url) ? [' ', element('a', { href: url }, view.say.words.details)] : []

const paragraph = (text, lang) => text ? [element('p', {}, theirs('span', text, lang))] : []

// What a banner is about.
export const headline = view => {
  const { doc, say } = view
  const names = doc?.components.map(item => item.name).join(', ')
  return view.lines[0] || {
    level: view.level,
    word: names ? say.words.level[view.level] : undefined,
    name: names || view.summary,
    updated_at: names && doc.published_at,
    nameLang: names ? doc.page.language : '',
    note: doc ? undefined : view.note,
  }
}

export const banner = (view, onclick) => {
  const { words } = view.say
  const line = headline(view)
  // Absolute times, as in the loader's banner: it has no relative ones.
  const all = facts({ ...view, ago: view.clock }, line)
  const more = view.lines.length - 1
  // In one piece, as the widget's button is.
  if (more > 0) all.push([element('span', {}, view.say.more(more))])
  const word = 'word' in line ? line.word : words.level[line.level]
  return element('section', { className: line.level, ariaLabel: words.label, part: 'banner' },
    element('b', { ariaHidden: 'true' }, '!'),
    element('div', {},
      element('p', {}, ...word ? [element('b', {}, word), ' '] : [], theirs('strong', line.name || '', line.nameLang)),
      ...paragraph(line.body, line.lang),
      ...paragraph(line.note, line.noteLang),
      element('small', {}, ...dotted(all), ...link(view, line.url || view.doc?.page.url))),
    ...onclick ? [element('button', { type: 'button', className: 'c', title: words.dismiss, onclick }, '×')] : [])
}

const item = (view, line) => element('article', { className: line.level, part: 'item' },
  element('p', {}, element('b', {}, view.say.words.level[line.level]), ' ', theirs('strong', line.name || '', line.nameLang)),
  ...paragraph(line.body, line.lang),
  ...paragraph(line.note, line.noteLang),
  element('small', {}, ...dotted(facts({ ...view, doubt: undefined }, line)), ...link(view, line.url)))

const LEVEL = { under_maintenance: 'maintenance', degraded_performance: 'minor', partial_outage: 'major', major_outage: 'critical' }

const component = (view, { name, status }) => element('li', { className: LEVEL[status] },
  element('i', { className: 'dot' }), theirs('span', name, view.doc.page.language), ' ',
  element('span', { className: 'state' }, view.say.words.component[status] || status))

// Everything: what is open, and what is not well.
export const report = view => element('div', { className: 'report' },
  ...view.lines.map(line => item(view, line)),
  ...view.doc?.components.length ? [element('ul', {}, ...view.doc.components.map(its => component(view, its)))] : [])

// The state in a word or two, with its colour, and what is to be added to it.
export const state = (view, more) => [
  element('i', { className: 'dot', part: 'dot' }),
  element('span', {}, [view.level == 'resolved' ? view.say.words.level.resolved : view.summary, more].filter(Boolean).join(' · ')),
]
