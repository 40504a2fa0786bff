// Draws the plain banner: the same elements, words and metrics as src/banner.rs, so that the widget
// takes over without a flash. Text becomes text nodes only; nothing is parsed as HTML.

const WORDS = { critical: 'Major outage', major: 'Partial outage', minor: 'Degraded', maintenance: 'Maintenance' }

const element = (tag, ...children) => {
  const node = document.createElement(tag)
  node.append(...children.filter(Boolean))
  return node
}

const clock = time => new Date(time).toLocaleTimeString([], { timeStyle: 'short' })

const ago = time => {
  const minutes = (Date.now() - Date.parse(time)) / 6e4
  const hours = minutes / 60
  const count = Math.floor(hours > 1 ? hours : minutes)
  return count > 0 ? count + (hours > 1 ? ' hour' : ' minute') + (count == 1 ? '' : 's') + ' ago' : 'just now'
}

// What comes first, as in src/choose.rs: the document has the worst incident and the earliest
// maintenance first; without any of these it is about components.
export const draw = (embed, doc, items, newest, doubted, dismiss) => {
  const line = items[0] || {
    name: doc.components.map(item => item.name).join(', '),
    impact: doc.indicator,
    updated_at: newest,
  }
  const { name, status, next_update_at: next, url = doc.page.url, impact = name ? 'maintenance' : 'none' } = line

  const link = element('a', 'Details')
  const close = element('button', '×')
  const banner = element('section',
    element('b', '!'),
    element('div',
      element('p', element('b', WORDS[impact] || 'Notice'), ' ', element('strong', name)),
      element('p', line.body),
      element('p', [
        'Updated ' + ago(line.updated_at),
        doubted && 'not confirmed since ' + clock(doubted),
        status && status.replace('_', ' '),
        line.scheduled_for && clock(line.scheduled_for) + ' – ' + clock(line.scheduled_until),
        line.reopened_at && 'reopened',
        next && 'next update by ' + clock(next) + (Date.parse(next) < Date.now() ? ', overdue' : ''),
        items[1] && items.length - 1 + ' more',
      ].filter(Boolean).join(' · ') + ' ', /^https?:/.test(url) && link)),
    embed.dismissible && close)
  link.href = url
  close.title = 'Dismiss'
  close.onclick = dismiss
  banner.className = impact
  banner.ariaLabel = 'Service status'
  embed.shadow.replaceChildren(banner)
}
