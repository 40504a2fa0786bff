#!/usr/bin/env node
// Brings what a promoted standby has accepted to the page that it stood in for:
//
//   node merge.mjs --from STANDBY --to FIRST [--dry-run] [--follow]
//
// Each update is sent with the time at which it was accepted, oldest first. Sent again, it changes nothing: what FIRST has already is
// recognised. Where the standby made an id, FIRST makes its own, and the updates about it follow. What FIRST refuses is named, and the rest goes on. --follow then lets the standby follow again,
// which empties it, unless something was refused or it has accepted more meanwhile. Needs Node 18, and in the environment KEY_ID
// and SECRET (an operator's key of FIRST) and, if the standby has other keys, STANDBY_KEY_ID and STANDBY_SECRET.

import { createHmac, randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'

/** How long one request may take, in milliseconds. */
const PATIENCE = 30_000
/** What has no `at`: it takes effect when it is accepted. */
const TIMELESS = ['component.remove', 'notice.clear', 'template.set', 'template.remove']

const fail = message => {
  console.error(`error: ${message}`)
  process.exit(1)
}

const side = (url, id, secret) => ({ url: url.replace(/\/+$/, ''), id, secret })

/** Sends a request with a signature of Standard Webhooks. */
const send = async (to, method, path, body = '', id = `merge-${randomUUID()}`) => {
  const timestamp = Math.floor(Date.now() / 1000)
  const key = Buffer.from(to.secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` }
  if (body) headers['content-type'] = 'application/json'
  let response
  try {
    response = await fetch(to.url + path, { method, headers, body: body || undefined, signal: AbortSignal.timeout(PATIENCE) })
  } catch (error) {
    fail(`${to.url} cannot be reached (${error.cause?.message ?? error.message}). Nothing is lost: run this again.`)
  }
  const text = await response.text()
  let json = {}
  try {
    json = JSON.parse(text)
  } catch {
    // A proxy's page, perhaps.
  }
  return { status: response.status, json, text }
}

const ask = async (of, path) => {
  const { status, json, text } = await send(of, 'GET', path)
  if (status !== 200) fail(`${of.url}${path} answers ${status}: ${json.detail ?? text.slice(0, 200)}`)
  return json
}

/** The updates after a version, oldest first. What the clock made, each page makes itself. */
const updatesAfter = async (of, version) => {
  const found = []
  for (let next = '/v1/log?limit=100'; next; ) {
    const page = await ask(of, next)
    found.push(...page.entries.filter(entry => entry.version > version && entry.key !== 'clock'))
    next = page.entries.at(-1)?.version > version ? page.next : null
  }
  return found.reverse()
}

/** Makes an id, unless the update names one. */
const MAKE_IDS = ['incident.open', 'maintenance.schedule', 'followup.set']
/** Is about what is open, unless the update says which. */
const CHOOSE = { 'incident.update': 'incident', 'incident.amend': 'incident', 'maintenance.update': 'maintenance' }

/** An update with what it left open: when it was, and what it was about. `ids`: what is called something else by whom it is sent to. */
const complete = ({ update, events, at, received_at: received }, ids = new Map()) => {
  const whole = { ...update }
  if (!TIMELESS.includes(whole.type)) whole.at ??= at ?? received
  const chosen = CHOOSE[whole.type]
  if (chosen) whole[chosen] ??= events[0]?.id
  for (const field of ['id', 'incident', 'maintenance']) whole[field] = ids.get(whole[field]) ?? whole[field]
  return whole
}

/** The same update has the same text, in whatever order its fields are. */
const text = value => JSON.stringify(value, (_, part) => (part && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part))

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
console.log(`${standby.url} was promoted at version ${base} (${standing.promoted_at}) and is now at ${standing.version}`)

const theirs = await updatesAfter(first, base)
const known = new Map(theirs.map(entry => [text(complete(entry)), entry]))
const mine = await updatesAfter(standby, base)
// Ids that were made on the standby, and those that the first one made for the same.
const ids = new Map()
const isMade = update => MAKE_IDS.includes(update.type) && !update.id

let sent = 0
let refused = 0
for (const entry of mine) {
  const update = complete(entry, ids)
  const name = `version ${entry.version}, ${update.type} ${entry.events[0]?.id ?? ''}`.trim()
  const before = known.get(text(update))
  if (before) {
    known.delete(text(update))
    if (isMade(update)) ids.set(entry.events[0]?.id, before.events[0]?.id)
    console.log(`  there already: ${name}`)
    continue
  }
  if (values['dry-run']) {
    console.log(`  would send ${name}: ${JSON.stringify(update)}`)
    continue
  }
  const id = `merge-${standing.epoch}-${entry.version}`
  const answer = await send(first, 'POST', '/v1/updates', JSON.stringify(update), id)
  if (answer.status === 200 || answer.status === 201) {
    sent += 1
    if (isMade(update)) ids.set(entry.events[0]?.id, answer.json.results[0].id)
    console.log(`  merged: ${name}, as version ${answer.json.version}`)
  } else {
    refused += 1
    console.log(`  CONFLICT: ${name} was refused with ${answer.status}: ${answer.json.detail ?? answer.text.slice(0, 200)}`)
    console.log(`            ${JSON.stringify(update)}`)
  }
}
for (const entry of known.values()) {
  console.log(`  only ${first.url} has version ${entry.version}: ${entry.update.type} by ${entry.key}, accepted ${entry.received_at}`)
}
if (values['dry-run']) process.exit(0)
console.log(`${sent} merged, ${refused} refused, ${mine.length - sent - refused} there already`)
if (refused) fail('Decide what becomes of what was refused, and send it by hand; the standby keeps it. Then run this again. If it stays refused, docs/drill.md, step 5, says how to give it up.')
if (values.follow) {
  const { status, json } = await send(standby, 'POST', '/v1/standby', JSON.stringify({ type: 'page.follow', version: standing.version }))
  if (status !== 200) fail(`${standby.url} does not follow again: ${json.detail}`)
  console.log(`${standby.url} is empty, and follows ${json.follows} again when follow.sh runs`)
}
