// From what the watch knows to what one embed shows: the choices that only this device can make. The edge
// has made all others.

// How bad, best first. What is not here is unknown.
const LEVELS = ['none', 'resolved', 'notice', 'maintenance', 'minor', 'major', 'critical']

// The id of the incident that a line is about. A key is `incident/ID@TIME` or `resolved/ID@TIME`.
const id = line => line.key.split(/[/@]/)[1]
const isOver = line => line.level == 'resolved'
// How long an embed says that an incident is over where it was seen: ten minutes, in milliseconds.
const NEWS = 6e5

// `state` is the watch's. `ids`: the components and groups that the embed is about; none are all.
/** @param {Known} known @param {string[]} ids */
export const view = ({ doc, failing, checked, now, closed, met }, ids) => {
  const offline = navigator.onLine === false
  // When it was last confirmed, if it is not now: when the edge says or when it was read, whichever is earlier.
  const isOld = failing || offline || doc.unconfirmed_since
  const since = Math.min(...[isOld && checked, Date.parse(doc.unconfirmed_since)].filter(Boolean))
  const isAbout = all => !ids[0] || all?.some(id => ids.includes(id))
  const components = (doc.components || []).filter(item => isAbout([item.id, item.group]))
  const named = components.map(item => item.id)
  const lines = (doc.lines || []).filter(line =>
    (isAbout(line.components) || line.components?.some(id => named.includes(id))) &&
    // Whether it has come back since the last answer, nobody knows.
    (!isOver(line) || !isOld && met.split(' ').includes(id(line)) && now - /** @type {any} */ (line.key.split('@')[1]) < NEWS && !closed.includes(line.key)))
  // Where no line is about these components, they speak for themselves.
  if (ids[0] && !lines[0] && components[0]) {
    const [{ level, label }] = [...components].sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level))
    lines.push({ key: `components/${components.map(item => item.id + '=' + item.status)}@0`, level, label, name: { text: [components.map(item => item.name.text).join(', ')] } })
  }
  const worst = ids[0] ? LEVELS[Math.max(0, ...[...lines, ...components].map(item => LEVELS.indexOf(item.level)))] : doc.level
  // What is over is so for those who saw it.
  const level = worst == 'resolved' && !lines.some(isOver) ? lines[0]?.level || 'none' : worst
  // Never green because something could not be read.
  const isUnknown = isOld && /^(no|res)/.test(level)
  const { phrases, language } = doc
  const time = clock(language)
  /** @type {any} */
  const rest = lines.length - 1
  return {
    doc,
    lines,
    components,
    keys: lines.map(line => line.key),
    ids: lines.filter(line => !isOver(line)).map(id),
    level: isUnknown ? 'unknown' : level,
    summary: isUnknown ? doc.unknown : !ids[0] && level == doc.level ? doc.summary : /^no/.test(level) ? phrases?.well || doc.summary : lines[0].label,
    doubt: isOld && phrases && phrases[offline ? 'offline' : 'not_confirmed'].replace('{time}', time(since)),
    more: rest > 0 && (phrases.more[new Intl.PluralRules(language).select(rest)] || phrases.more.other).replace('{count}', rest),
    time,
  }
}

// Times as they are written where the visitor lives, if that is in the same language.
const clock = language => {
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { dateStyle: 'medium', timeStyle: 'short' }
  const own = navigator.languages?.find(tag => tag.split('-')[0] == language.split('-')[0])
  let format
  // Some systems name a locale that no browser knows.
  try { format = new Intl.DateTimeFormat(own || language, style) } catch { format = new Intl.DateTimeFormat([], style) }
  return (time, until) => until ? format.formatRange(new Date(time), new Date(until)) : format.format(new Date(time))
}
