// From what the watch knows to what one embed shows: the choices that only this device can make. The edge
// has made all others.

// The id of the incident that a line is about. A key is `incident/ID@TIME` or `resolved/ID@TIME`.
const id = line => line.key.split(/[/@]/)[1]
const isOver = line => line.level == 'resolved'
// How long an embed says that an incident is over where it was seen: ten minutes, in milliseconds.
const NEWS = 6e5

/** @param {Known} known What the watch knows. */
export const view = ({ doc, failing, checked, now, closed, met }) => {
  const offline = navigator.onLine === false
  // When it was last confirmed, if it is not now: when the edge says or when it was read, whichever is earlier.
  const isOld = failing || offline || doc.unconfirmed_since
  const since = Math.min(...[isOld && checked, Date.parse(doc.unconfirmed_since)].filter(Boolean))
  const lines = (doc.lines || []).filter(line =>
    // Whether it has come back since the last answer, nobody knows.
    (!isOver(line) || !isOld && met.split(' ').includes(id(line)) && now - /** @type {any} */ (line.key.split('@')[1]) < NEWS && !closed.includes(line.key)))
  // What is over is so for those who saw it.
  const level = doc.level == 'resolved' && !lines.some(isOver) ? lines[0]?.level || 'none' : doc.level
  // Never green because something could not be read.
  const isUnknown = isOld && /^(no|res)/.test(level)
  const { phrases, language } = doc
  const time = clock(language)
  /** @type {any} */
  const rest = lines.length - 1
  return {
    doc,
    lines,
    components: doc.components || [],
    keys: lines.map(line => line.key),
    ids: lines.filter(line => !isOver(line)).map(id),
    level: isUnknown ? 'unknown' : level,
    summary: isUnknown ? doc.unknown : level == doc.level ? doc.summary : /^no/.test(level) ? phrases.well : lines[0].label,
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
