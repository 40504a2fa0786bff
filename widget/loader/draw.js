// Draws the plain banner: the same elements, words and metrics as src/banner.rs, so that the widget
// takes over without a flash. Text becomes text nodes only; nothing is parsed as HTML.

const WORDS = { maintenance: 'Maintenance', minor: 'Degraded', major: 'Partial outage', critical: 'Major outage' }

export const element = (tag, props, ...children) => {
  const node = document.createElement(tag)
  node.append(...children)
  return Object.assign(node, props)
}

// With the day where it may be another one than today.
const clock = (time, dateStyle) => new Date(time).toLocaleString([], { timeStyle: 'short', dateStyle })

// Puts an empty banner into the shadow root of an embed, and returns what fills it.
export const banner = (shadow, onclick) => {
  // A screen reader says what changes in here.
  const words = element('span', { role: 'status' })
  const link = element('a', 0, 'Details')
  const facts = new Text
  const section = element('section', { ariaLabel: 'Status' },
    element('b', { ariaHidden: true }, '!'),
    element('div', 0, words, element('small', 0, facts, link)),
    onclick ? element('button', { onclick, title: 'Dismiss' }, '×') : '')
  let said
  shadow.append(section)

  // What comes first, as in src/choose.rs: the document has the worst incident and the earliest
  // maintenance first; without any of these it is about components.
  return (doc, items, doubted, alone) => {
    const line = items[0] || {
      name: doc.components.map(item => item.name).join(', '),
      impact: doc.indicator,
      updated_at: doc.components.map(item => item.since).sort().pop(),
    }
    const { name = line.title, url = doc.page.url, impact = line.id ? 'maintenance' : 'none' } = line

    // Not at each check; and once more when it is known that the widget, which speaks for itself,
    // does not come.
    if (said != (said = alone + impact + name + line.body)) words.replaceChildren(
      element('p', 0, element('b', 0, WORDS[impact] || 'Notice'), ' ', element('strong', 0, name || '')),
      element('p', 0, line.body || ''),
      element('p', 0, line.impact_note || ''))

    section.className = impact
    link.hidden = !/^https?:/.test(link.href = url)
    facts.data = [
      'Updated ' + clock(line.updated_at, 'short'),
      doubted && 'not confirmed since ' + clock(doubted),
      line.status?.replace('_', ' '),
      line.scheduled_for && clock(line.scheduled_for, 'short') + ' to ' + clock(line.scheduled_until, 'short'),
      line.reopened_at && 'reopened',
      line.next_update_at && (line.overdue ? 'update overdue since ' : 'next update by ') + clock(line.next_update_at),
      items[1] && items.length - 1 + ' more',
    ].filter(Boolean).join(' · ') + ' '
  }
}
