// Draws the plain banner in English: the same elements, words and metrics as the element's and as
// src/banner.rs, so that taking over moves nothing in any font. Text becomes text nodes only; nothing is
// parsed as HTML.

const WORDS = { minor: 'Degraded', major: 'Partial outage', critical: 'Major outage', maintenance: 'Maintenance' }

export const element = (tag, props, ...children) => {
  const node = document.createElement(tag)
  node.append(...children.filter(Boolean))
  return Object.assign(node, props)
}

// "Nov 26 2026 14:30", always with the day and the same for every visitor: whoever draws a banner writes it as wide.
export const clock = time => ('' + new Date(time)).slice(4, 21)

// Puts an empty banner into the shadow root of an embed, and returns what fills it.
export const banner = (shadow, onclick) => {
  // A screen reader says what changes in here.
  const words = element('span', { role: 'status' })
  const link = element('a', 0, 'Details')
  const facts = new Text
  const section = element('section', { ariaLabel: 'Service status' },
    element('b', { ariaHidden: true }, '!'),
    element('div', 0, words, element('small', 0, facts, link)),
    onclick && element('button', { onclick, title: 'Dismiss' }, '×'))
  let said
  shadow.append(section)

  // What comes first, as in src/choose.rs: the document has the worst incident and the earliest
  // maintenance first; without any of these it is about components, which the element names.
  return ({ doc, failing, checked }, alone) => {
    const [line = {
      name: doc.description,
      impact: doc.indicator,
      updated_at: doc.published_at,
    }, ...more] = doc.incidents.concat(doc.maintenances, doc.notice || [])
    const { name = line.title, url = doc.page.url, impact = line.id && 'maintenance' } = line
    const doubted = failing ? checked : doc.unconfirmed_since

    // Not at each check; and once more when it is known that the element, which speaks for itself, does
    // not come.
    if (said != (said = alone + impact + name + line.body)) words.replaceChildren(
      element('p', 0, element('b', 0, WORDS[impact] || 'Notice'), ' ', element('strong', 0, name)),
      element('p', 0, line.body),
      element('p', 0, line.impact_note))

    section.className = impact
    link.hidden = !/^http/.test(link.href = url)
    facts.data = [
      'Updated ' + clock(line.updated_at),
      doubted && 'not confirmed since ' + clock(doubted),
      line.status?.replace('_', ' '),
      line.scheduled_for && clock(line.scheduled_for) + ' to ' + clock(line.scheduled_until),
      line.reopened_at && 'reopened',
      line.next_update_at && (line.overdue ? 'update overdue since ' : 'next update by ') + clock(line.next_update_at),
      more.length && more.length + '\xa0more',
    ].filter(Boolean).join(' · ') + ' '
  }
}
