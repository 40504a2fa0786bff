// Each state is a file for each language. Moves the times in it so that 10:15 of the files is the present.
const NOW = Date.parse('2026-01-01T10:15:00Z')
const STATES = ['healthy', 'minor', 'major', 'critical', 'maintenance', 'overdue', 'stale', 'unknown', 'resolved', 'components', 'notice', 'translated']
const LANGUAGES = ['en', 'de', 'ar', 'ja']

const real = window.fetch
window.fetch = async (address, ...more) => {
  const url = new URL(address, location.href)
  if (!url.pathname.endsWith('/bulletin.json')) return real(address, ...more)
  const lang = url.searchParams.get('lang')
  url.pathname = url.pathname.replace('bulletin.json', (LANGUAGES.includes(lang) ? lang : 'en') + '.json')
  const response = await real(url, ...more)
  if (!response.ok) return response
  const passed = Date.now() - NOW
  const text = (await response.text())
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, time => new Date(Date.parse(time) + passed).toISOString())
    .replace(/@(\d{13})/g, (_, time) => '@' + (+time + passed))
  return new Response(text, { status: response.status, headers: response.headers })
}
// An embed says that an incident is over only where it was seen.
localStorage[`candor:${new URL('states/resolved/bulletin.json', location.href)}met`] = 'checkins-down'

const query = new URLSearchParams(location.search)
const root = document.documentElement
if (query.get('theme')) root.dataset.theme = query.get('theme')
if (query.get('lang')) root.lang = query.get('lang')
if (/^(ar|he)/.test(root.lang)) root.dir = 'rtl'

const embed = (state, variant, more) => {
  const node = document.createElement('candor-status')
  // The folder `states/unknown/` has no bulletin, so the request fails.
  const all = { src: `states/${state}/`, variant, theme: query.get('theme') || 'auto', ...more }
  for (const name in all) node.setAttribute(name, all[name])
  return node
}

document.addEventListener('DOMContentLoaded', () => {
  const only = query.get('state')
  for (const state of STATES) {
    if (only && only != state) continue
    const card = document.createElement('article')
    card.className = 'state'
    card.id = state
    const title = document.createElement('h2')
    title.textContent = state
    const inside = document.createElement('div')
    const room = document.createElement('div')
    room.append(embed(state, 'inline'))
    inside.append(embed(state, 'badge'), room)
    card.append(embed(state, 'banner'), title, inside, embed(state, 'floating', { show: 'always' }))
    document.getElementById('states').append(card)
  }
})
