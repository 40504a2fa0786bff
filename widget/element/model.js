// From what is known to what is to be told: for these components, in this language, this fresh.
import { lookup } from './language.js'
import { names } from '../loader/watch.js'

const ORDER = ['none', 'maintenance', 'minor', 'major', 'critical']
const worst = levels => levels.reduce((worst, level) => ORDER.indexOf(level) > ORDER.indexOf(worst) ? level : worst, 'none')

// The part of a document that is about these components, and names them. What names none is not about them.
export const about = (doc, ids) => {
  if (!ids.length) return { ...doc }
  const named = item => item.components?.some(id => ids.includes(id))
  const components = doc.components.filter(item => ids.includes(item.id))
  const incidents = doc.incidents.filter(named)
  const maintenances = doc.maintenances.filter(named)
  // As State::indicator has it, of these.
  const all = (...states) => ids.every(id => components.some(item => item.id == id && states.includes(item.status)))
  const level = {
    under_maintenance: 'maintenance',
    degraded_performance: 'minor',
    partial_outage: all('partial_outage', 'major_outage') ? 'major' : 'minor',
    major_outage: all('major_outage') ? 'critical' : 'major',
  }
  return {
    ...doc,
    components,
    incidents,
    maintenances,
    notice: undefined,
    resolved: doc.resolved?.filter(named),
    indicator: worst([
      ...components.map(item => level[item.status]),
      ...incidents.map(item => item.impact),
      ...maintenances.map(item => item.status == 'scheduled' ? 'none' : 'maintenance'),
    ]),
  }
}

// The operators' texts in the visitor's language, where there are such; `lang`, `nameLang` and `noteLang` say
// which it is.
const translate = (doc, range) => {
  const own = doc.page.language || ''
  const one = item => {
    if (!item) return item
    const known = item.translations || {}
    const tag = lookup(range, Object.keys(known))
    const { name, body, impact_note: note } = known[tag] || {}
    return {
      ...item,
      name: name || item.name,
      // A notice has a headline in place of a name.
      title: name || item.title,
      impact_note: note || item.impact_note,
      body: body || item.body,
      // Of what is not translated it is the page's.
      lang: body ? tag : own,
      nameLang: name ? tag : own,
      noteLang: note ? tag : own,
    }
  }
  return {
    ...doc,
    incidents: doc.incidents.map(one),
    maintenances: doc.maintenances.map(one),
    notice: one(doc.notice),
    resolved: (doc.resolved || []).map(one),
  }
}

// Everything that there is to tell: incidents, maintenances, what has just been resolved where nothing
// worse is, the notice. As src/choose.rs.
const lines = doc => {
  const all = [
    ...doc.incidents.map(item => ({ ...item, level: item.impact, note: item.impact_note })),
    ...doc.maintenances.map(item => ({ ...item, level: 'maintenance' })),
  ]
  if (!all.length && doc.indicator == 'none') all.push(...doc.resolved.map(item => ({ ...item, level: 'resolved' })))
  if (doc.notice) all.push({ ...doc.notice, name: doc.notice.title, level: 'none' })
  return all
}

// `state` is the watch's. Nothing while nothing is known.
export const model = (state, ids, range, say) => {
  const offline = navigator.onLine === false
  const { words } = say
  // The visitor's clock may be wrong. Where the server's is known it counts; else times are absolute.
  const skew = Date.parse(state.date) - state.checked
  const now = Date.now() + (skew || 0)
  const ago = time => isNaN(skew) ? say.clock(time, now) : say.ago(time, now)
  const base = { state, say, now, ago, isExact: !isNaN(skew), clock: time => say.clock(time, now) }
  if (!state.doc) return state.failing || offline ? { ...base, level: 'unknown', summary: words.summary.unknown, note: words.never_checked, lines: [], names: [] } : undefined

  const part = about(state.doc, ids)
  const time = state.failing || offline ? state.checked + (skew || 0) : part.unconfirmed_since
  const since = time && say.clock(time, now)
  // Who has closed the news that something is over is not told again. Whether it has come back since the last
  // answer, nobody knows.
  part.resolved = since ? [] : part.resolved?.filter(item => !state.seen.includes(';' + [item.id, item.resolved_at]))
  const doc = translate(part, range)
  const all = lines(doc)
  // Never green because something could not be read.
  const calm = since ? 'unknown' : all[0]?.level == 'resolved' ? 'resolved' : 'ok'
  return {
    ...base,
    doc,
    lines: all,
    names: names(part),
    level: doc.indicator == 'none' ? calm : doc.indicator,
    summary: words.summary[doc.indicator],
    doubt: since && (offline ? words.offline : words.not_confirmed).replace('{time}', since),
    note: since && (offline ? words.offline : words.cannot_check).replace('{time}', since),
  }
}
