// From what the watch knows to what one embed shows: the choices that only this device can make. The edge
// has made all others. The widget in WebAssembly reads it, too (`src/mount.rs`).

// The id of the incident that a line is about is part 1 of its key, the time is part 2: `incident/ID@TIME`, `resolved/ID@TIME`.
const part = (line, at) => line.key.split(/[/@]/)[at]
const isOver = line => line.level == 'resolved'
// How long an embed says that an incident is over where it was seen: ten minutes, in milliseconds.
const NEWS = 6e5

/**
 * @param {Known} known What the watch knows.
 * @param {unknown} isFirst Whether it is for the first picture. A browser that writes its first date reads tables of all languages, for as
 * long as two frames: the first picture keeps the room for times, with the words of English, or as wide as most.
 */
export const view = ({ doc, failing, checked, now, closed, met, wait }, isFirst) => {
  const offline = navigator.onLine === false
  // When it was last confirmed, if it is not now: when the edge says or when it was read, whichever is earlier. A window that was
  // hidden was not looked after.
  const isOld = failing || offline || doc.unconfirmed_since || Date.now() - checked > wait * 3e3
  const since = Math.min(...[isOld && checked, Date.parse(doc.unconfirmed_since)].filter(Boolean))
  const lines = (doc.lines || []).filter(line =>
    // Whether it has come back since the last answer, nobody knows.
    (!isOver(line) || !isOld && met.split(' ').includes(part(line, 1)) && now - +part(line, 2) < NEWS && !closed.includes(line.key)))
  // What is over is so for those who saw it.
  const level = isOver(doc) && !lines.some(isOver) ? lines[0]?.level || 'none' : doc.level
  // Never green because something could not be read.
  const isUnknown = isOld && /^(no|res)/.test(level)
  const { phrases, language } = doc
  const time = isFirst ? time => (time = new Date(time)).toDateString().slice(4) + (language == 'en' ? `,, ${time.getHours() % 12 || 12}:00 AM` : ' 23:59') : clock(language)
  /** @type {any} */
  const rest = lines.length - 1
  return {
    isFirst,
    doc,
    label: doc.label,
    phrases,
    url: doc.page.url,
    lines,
    components: doc.components || [],
    keys: lines.map(line => line.key),
    ids: lines.filter(line => !isOver(line)).map(line => part(line, 1)),
    level: isUnknown ? 'unknown' : level,
    summary: isUnknown ? doc.unknown : level == doc.level ? doc.summary : /^no/.test(level) ? phrases.well : lines[0].label,
    doubt: isOld && phrases ? phrases[offline ? 'offline' : 'not_confirmed'].replace('{time}', time(since)) : undefined,
    more: rest > 0 ? (phrases.more[new Intl.PluralRules(language).select(rest)] || phrases.more.other).replace('{count}', rest) : undefined,
    time,
  }
}

// Times as they are written where the visitor lives, if that is in the same language.
const clock = language => {
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { dateStyle: 'medium', timeStyle: 'short' }
  const own = navigator.languages.find(tag => tag.split('-')[0] == language.split('-')[0])
  let format
  // Some systems name a locale that no browser knows.
  try { format = new Intl.DateTimeFormat(own || language, style) } catch { format = new Intl.DateTimeFormat([], style) }
  return (time, until) => until ? format.formatRange(new Date(time), new Date(until)) : format.format(new Date(time))
}
