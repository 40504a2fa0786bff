// Writes cldr.json from the CLDR data in Node (ICU): how each language counts, and how it writes numbers, dates, lists and its own
// name. Run it when a language is added: node shared/locales/cldr.mjs
import { readdirSync, writeFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const languages = readdirSync(here).filter(name => /^[a-z]{2}(-\w+)?\.json$/.test(name)).map(name => name.slice(0, -5)).sort()
const letters = { zero: 'z', one: 'o', two: 't', few: 'f', many: 'm', other: 'x' }

const describe = language => {
  // The digits of the page's times and percentages are those of its data everywhere.
  const locale = (language == 'en' ? 'en-001' : language) + '-u-nu-latn-ca-gregory'
  const at = (month, options) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }).formatToParts(Date.UTC(2001, month, 23))
  const pattern = parts => parts.map(({ type, value }) => type == 'literal' ? value : `{${type}}`).join('')
  const month = (options, index) => at(index, options).find(part => part.type == 'month').value
  const twelve = options => Array.from({ length: 12 }, (_, index) => month(options, index))
  const day = { day: 'numeric', month: 'short', year: 'numeric' }
  const months = { month: 'long', year: 'numeric' }
  const moment = at(10, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const clock = moment.slice(moment.findIndex(part => part.type == 'hour'), moment.findIndex(part => part.type == 'minute') + 1)
  // What stands between the names of a list, without "and".
  const between = ['conjunction', 'unit'].map(type => {
    const { value } = new Intl.ListFormat(language, { type }).formatToParts(['a', 'b', 'c', 'd'])[1]
    return value.match(/^\P{L}*/u)[0]
  })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 2 }).formatToParts(0.1234)
  const rules = new Intl.PluralRules(language)
  const number = /integer|decimal|fraction/
  return {
    name: new Intl.DisplayNames(language, { type: 'language', languageDisplay: 'standard' }).of(language),
    direction: new Intl.Locale(language).getTextInfo?.().direction ?? (/^(ar|he)/.test(language) ? 'rtl' : 'ltr'),
    // The category of each whole number: below 200 by itself, above by its last two digits.
    plural: Array.from({ length: 200 }, (_, n) => letters[rules.select(n)]).join(''),
    decimal: percent.find(part => part.type == 'decimal').value,
    percent: percent.reduce((text, { type, value }) =>
      number.test(type) ? text.endsWith('{number}') ? text : text + '{number}' : text + value, ''),
    day: pattern(at(0, day)),
    months_short: twelve(day),
    month: pattern(at(0, months)),
    months: twelve(months),
    moment: pattern(moment).replace(pattern(at(0, day)), '{date}').replace(pattern(clock), '{clock}'),
    clock: pattern(clock),
    list: between.find(text => text.trim()),
  }
}

const all = Object.fromEntries(languages.map(language => [language, describe(language)]))
writeFileSync(new URL('cldr.json', here), JSON.stringify(all, null, 1) + '\n')
