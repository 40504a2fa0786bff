// Which language is spoken, and its words. English is always here; one other is loaded when it is needed.
import { clock as englishClock } from '../loader/draw.js'
import english from 'candor-english'

// The names of the modules beside this one.
const LANGUAGES = __LANGUAGES__
const loaded = { en: english }

// RFC 4647, section 3.4: what is wanted, shortened from its end until there is such a tag.
export const lookup = (range, tags) => {
  const other = /^zh\b/i.test(range) ? (/-(tw|hk|mo|hant)\b/i.test(range) ? 'zh-hant' : 'zh-hans') : range.replace(/^n[on]\b/i, 'nb')
  for (let wanted of [range, other]) {
    while (wanted) {
      const found = tags.find(tag => tag.toLowerCase() == wanted.toLowerCase())
      if (found) return found
      // A single letter introduces what follows it: both go.
      wanted = wanted.replace(/(^|(-\w)?-)[^-]*$/, '')
    }
  }
}

// The closest `lang` around an element, through shadow roots.
const around = node => {
  for (let at = node; at; at = at.getRootNode().host) {
    const found = at.parentElement?.closest('[lang]')?.lang
    if (found) return found
    if (at.getRootNode() == document) return document.documentElement.lang
  }
}

// What to speak: the range that decided, the tag of the words, and the locale of dates. That is the visitor's
// own where it is of the same language; English dates have one form for everybody, the plain banner's.
export const choose = (node, asked) => {
  const said = asked || around(node)
  const tags = [...LANGUAGES, 'en']
  const ranges = said ? [said] : navigator.languages
  const range = ranges.find(range => lookup(range, tags))
  const tag = range ? lookup(range, tags) : 'en'
  const own = navigator.languages.find(range => lookup(range, tags) == tag)
  return { range: range || ranges[0] || tag, tag, locale: tag == 'en' ? tag : own || range || tag }
}

// Now, if they are here; else calls back when they are. What cannot be loaded is said in English.
export const words = (tag, then) => {
  if (!loaded[tag]) import(new URL(tag + '.js', import.meta.url).href).then(
    module => loaded[tag] = module.default,
    () => loaded[tag] = english,
  ).then(then)
  return loaded[tag]
}

const MINUTE = 6e4
const HOUR = 60 * MINUTE

// Says things in a language.
export const speaker = ({ tag, locale }, words) => {
  const clock = tag == 'en' ? englishClock : (time, now) => new Date(time).toLocaleString(locale, {
    timeStyle: 'short',
    // With the day where it may be another one than today.
    dateStyle: Math.abs(now - new Date(time)) > 4e7 ? 'short' : undefined,
  })
  return {
    words,
    tag,
    locale,
    // English also stands in for a language that is not here: the page's direction counts then.
    dir: tag == 'en' ? '' : /^(ar|fa|he|ur)\b/.test(tag) ? 'rtl' : 'ltr',
    clock,
    // Whole minutes, from an hour on whole hours, from two days on whole days.
    ago(time, now) {
      const passed = now - new Date(time)
      if (passed < MINUTE) return words.just_now
      const [size, unit] = passed <= HOUR ? [MINUTE, 'minute'] : passed < 48 * HOUR ? [HOUR, 'hour'] : [24 * HOUR, 'day']
      return new Intl.RelativeTimeFormat(locale).format(-Math.floor(passed / size), unit)
    },
    more: count => (words.more[new Intl.PluralRules(tag).select(count)] ?? words.more.other).replace('{count}', count.toLocaleString(locale)),
  }
}

// A sentence with things put into its places.
export const fill = (sentence, things) => sentence.split(/\{(\w+)\}/).map((part, index) => index % 2 ? things[part] : part)
