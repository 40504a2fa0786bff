#!/usr/bin/env node
// Brings what a promoted standby has accepted to the page that it stood in for:
//
//   node merge.mjs --from STANDBY --to FIRST [--dry-run] [--follow]
//
// Nothing is sent unless FIRST is the page that the standby followed, with all that the standby had from it.
// Each update is sent with the time at which it was accepted, oldest first. Sent again, it changes nothing: what FIRST has already is
// recognised. Where the standby made an id, FIRST makes its own, and the updates about it follow. What conflicts with what FIRST was
// accepted itself is not sent, nor is what depends on it; both are named, the rest goes on, and the exit status is 1 (plan.mjs decides).
// --follow then lets the standby follow again, which empties it, unless something conflicts or it has accepted more meanwhile. Needs
// Node 18, and in the environment KEY_ID and SECRET (an operator's key of FIRST) and, if the standby has other keys, STANDBY_KEY_ID
// and STANDBY_SECRET.

import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { plan } from './plan.mjs'

/** How long one request may take, in milliseconds. */
const PATIENCE = 30_000
/** The answers that refuse what an update says. Any other is about the request, the key or the page, and comes to all alike. */
const REFUSALS = [400, 404, 409, 413, 422]
/** How often one update is sent to a page that says later, and how long it waits at most, in seconds. */
const ATTEMPTS = 5
const LONGEST_WAIT = 60

const fail = message => {
  console.error(`error: ${message}`)
  process.exit(1)
}

const side = (url, id, secret) => ({ url: url.replace(/\/+$/, ''), id, secret })

/** Sends a request with a signature of Standard Webhooks. */
const send = async (to, method, path, body = '', id = `merge-${randomUUID()}`, match = 0) => {
  const timestamp = Math.floor(Date.now() / 1000)
  const key = Buffer.from(to.secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` }
  if (body) headers['content-type'] = 'application/json'
  if (match) headers['if-match'] = `"${match}"`
  let response, text
  try {
    response = await fetch(to.url + path, { method, headers, body: body || undefined, signal: AbortSignal.timeout(PATIENCE) })
    text = await response.text()
  } catch (error) {
    fail(`${to.url} cannot be reached (${error.cause?.message ?? error.message}). Nothing is lost: run this again.`)
  }
  let json = {}
  try {
    json = JSON.parse(text)
  } catch {
    // A proxy's page, perhaps.
  }
  return { status: response.status, wait: Number(response.headers.get('retry-after')), json, text }
}

const detail = ({ json, text }) => json.detail ?? text.slice(0, 200)

const ask = async (of, path) => {
  const answer = await send(of, 'GET', path)
  if (answer.status !== 200) fail(`${of.url}${path} answers ${answer.status}: ${detail(answer)}`)
  return answer.json
}

/** Sends an update, again if the page takes it later: the id makes sure that it is applied once. Returns an answer to the update itself. */
const submit = async (to, update, id, match) => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(to, 'POST', '/v1/updates', JSON.stringify(update), id, match)
    if ([200, 201, ...REFUSALS].includes(answer.status)) return answer
    if (![429, 503].includes(answer.status) || attempt === ATTEMPTS) {
      fail(`${to.url} answers ${answer.status}: ${detail(answer)}\nNothing is lost: run this again.`)
    }
    await sleep(1000 * Math.min(answer.wait || 5, LONGEST_WAIT))
  }
}

/** The lines of the log after a version, oldest first. */
const linesAfter = async (of, version) => {
  const found = []
  for (let next = '/v1/log?limit=100'; next; ) {
    const page = await ask(of, next)
    if (page.begins?.from > version + 1) {
      fail(`The log of ${of.url} begins with version ${page.begins.from}, and what came after version ${version} is needed: older lines were deleted (CANDOR_LOG_DAYS). Nothing was sent. Read them in the backup that holds them, and send what is still true by hand.`)
    }
    found.push(...page.entries.filter(entry => entry.version > version))
    next = page.entries.at(-1)?.version > version ? page.next : null
  }
  return found.reverse()
}

/** What to do when the first has lost what the two had in common. */
const LOST = 'Nothing was sent. If the first has lost its data, restore the standby\'s export there: backup.sh from the standby, restore.sh into the empty first, then page.follow for the standby (docs/drill.md, "When the first edge has lost data").'

/** Stops unless what is at the first's address is the page that the standby followed, with all that the standby had from it. */
const refuseUnlessFirst = async () => {
  const { epoch, version } = await ask(first, '/healthz')
  if (epoch === standing.epoch) {
    fail(`${first.url} leads to the standby itself. Nothing was sent. Move the page's name back to the first, or give the first's own address with --to.`)
  }
  const answer = await send(first, 'GET', '/v1/standby')
  // A promoted one has been the first since, if the standby followed it: the epoch says that.
  if (answer.status !== 404 && answer.json.state !== 'promoted') {
    fail(`${first.url} takes no updates: ${answer.json.state ? `it is a standby itself, ${answer.json.state}` : detail(answer)}. Nothing was sent.`)
  }
  if (!standing.followed_epoch) {
    fail(`${standby.url} does not know which page it followed, because an earlier version of Candor promoted it. Nothing was sent. Send by hand what it has accepted since version ${base}.`)
  }
  if (epoch !== standing.followed_epoch) {
    fail(`${first.url} is not the page that the standby followed, or its storage was made anew (epoch ${epoch}, not ${standing.followed_epoch}). ${LOST}`)
  }
  if (version < base) fail(`${first.url} is at version ${version}, and the standby had version ${base} from it. ${LOST}`)
  const [one, other] = await Promise.all([first, standby].map(of => ask(of, `/v1/log?before=${base + 1}&limit=1`)))
  const line = ({ entries: [entry] }) => (entry?.version === base ? JSON.stringify([entry.received_at, entry.update]) : null)
  if (line(one) && line(other) && line(one) !== line(other)) fail(`Version ${base} of ${first.url} is not the one that the standby had from it. ${LOST}`)
}

const { values } = parseArgs({
  options: { from: { type: 'string' }, to: { type: 'string' }, 'dry-run': { type: 'boolean' }, follow: { type: 'boolean' } },
})
const { KEY_ID, SECRET, STANDBY_KEY_ID = KEY_ID, STANDBY_SECRET = SECRET } = process.env
if (!values.from || !values.to || !KEY_ID || !SECRET) {
  fail('usage: KEY_ID=… SECRET=… node merge.mjs --from STANDBY --to FIRST [--dry-run] [--follow]')
}
const standby = side(values.from, STANDBY_KEY_ID, STANDBY_SECRET)
const first = side(values.to, KEY_ID, SECRET)

const standing = await ask(standby, '/v1/standby')
if (standing.state !== 'promoted') fail(`${standby.url} is ${standing.state}: only a promoted standby has anything of its own.`)
const base = standing.promoted_version
await refuseUnlessFirst()
console.log(`${standby.url} was promoted at version ${base} (${standing.promoted_at}) and is now at ${standing.version}`)

// What the first accepts after this makes the merge stop.
let newest = (await ask(first, '/v1/log?limit=1')).entries[0]?.version ?? 0
const theirs = await linesAfter(first, base)
const mine = await linesAfter(standby, base)
const merge = plan(mine, theirs, standing.promoted_at)

const name = ({ entry }) => `version ${entry.version}, ${entry.update.type} ${entry.events[0]?.id ?? ''}`.trim()
const conflict = (step, why, others) => {
  console.log(`  CONFLICT: ${name(step)}: ${why}`)
  console.log(`            the standby: ${JSON.stringify(merge.update(step))}`)
  if (others) console.log(`            the first:   ${JSON.stringify({ ...others.update, at: others.update.at ?? others.at })}`)
}
const statuses = new Map()
for (const step of merge.steps) {
  if (step.verdict === 'there') console.log(`  there already: ${name(step)}`)
  else if (step.verdict === 'held') console.log(`  HELD BACK: ${name(step)}, which depends on version ${step.on}: ${JSON.stringify(merge.update(step))}`)
  else if (step.verdict === 'conflict') {
    const { version, key, update, received_at: received } = step.theirs
    conflict(step, `${step.why ?? 'the first accepted something else'} (its version ${version}, ${update.type} by ${key}, accepted ${received})`, step.theirs)
  } else if (values['dry-run']) console.log(`  would send ${name(step)}: ${JSON.stringify(merge.update(step))}`)
  else {
    const update = merge.update(step)
    const answer = await submit(first, update, `merge-${standing.epoch}-${step.entry.version}`, newest)
    if (REFUSALS.includes(answer.status)) {
      conflict(step, `the first refuses it with ${answer.status}: ${detail(answer)}`)
      merge.refused(step)
      continue
    }
    newest = answer.json.version ?? newest
    console.log(`  merged: ${name(step)}, as version ${answer.json.version}`)
    merge.sent(step, answer.json.results[0].id)
    if (update.type === 'component.set' && update.status) statuses.set(update.id, `${update.id} is ${update.status} since ${update.at}`)
  }
}
for (const entry of merge.own) {
  console.log(`  only ${first.url} has version ${entry.version}: ${entry.update.type} by ${entry.key}, accepted ${entry.received_at}`)
}
if (statuses.size) {
  console.log(`  from the standby: ${[...statuses.values()].join(', ')}. A monitor that has sent the first another status meanwhile must send it again.`)
}
const count = verdict => merge.steps.filter(step => step.verdict === verdict).length
const [open, held] = [count('conflict'), count('held')]
console.log(`${values['dry-run'] ? `${count('send')} to send` : `${count('sent')} merged`}, ${open} in conflict, ${held} held back, ${count('there')} there already`)
if (open + held) fail('Decide what becomes of what is in conflict and of what was held back, and send it by hand; the standby keeps it (docs/drill.md, step 4).')
if (values['dry-run']) process.exit(0)
if (values.follow) {
  const answer = await send(standby, 'POST', '/v1/standby', JSON.stringify({ type: 'page.follow', version: standing.version }))
  if (answer.status !== 200) fail(`${standby.url} does not follow again: ${detail(answer)}`)
  console.log(`${standby.url} is empty, and follows ${answer.json.follows} again when follow.sh runs`)
}
