// What a merge sends, and what conflicts (examples/standby/plan.mjs), and how it sends it (merge.mjs).

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { KINDS, plan } from '../../examples/standby/plan.mjs'

const at = minute => `2027-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`
/** When the standby was promoted. */
const PROMOTED = at(10)

/** Log entries that begin with version 5: the minute, the update, and the id that was made for it or that it chose. */
const log = (...lines) => lines.map(([minute, update, id], index) => ({
  version: 5 + index, key: 'ops', at: at(minute), received_at: at(minute), update,
  events: [{ id: id ?? update.id ?? update.incident ?? update.maintenance }],
}))

const verdicts = merge => merge.steps.map(step => step.verdict).join(' ')

/** Sends what is to be sent, as versions from 20 on; returns the first's log of it. */
const sendAll = merge => {
  const sent = []
  for (const step of merge.steps.filter(step => step.verdict === 'send')) {
    const update = merge.update(step)
    const id = update.id ?? (update.type === 'followup.set' ? null : update.incident) ?? `${update.type.split('.')[0]}-${20 + sent.length}`
    sent.push({ version: 20 + sent.length, key: 'ops', at: update.at ?? at(40), received_at: at(40), update, events: [{ id }] })
    merge.sent(step, id)
  }
  return sent
}

const open = (more = {}) => ({ type: 'incident.open', name: 'Down', impact: 'major', body: 'We look.', ...more })
const update = (incident, more = {}) => ({ type: 'incident.update', incident, body: 'More.', ...more })

test('every kind of update is known', () => {
  const { Update } = JSON.parse(readFileSync(new URL('../../edge/openapi.json', import.meta.url))).components.schemas
  assert.deepEqual(KINDS.toSorted(), Update.oneOf.map(kind => kind.properties.type.const).toSorted())
})

test('what the first does not have is sent, under its own ids', () => {
  const mine = log([11, open(), 'incident-5'], [12, update('incident-5')], [13, { type: 'followup.set', incident: 'incident-5', name: 'Fix' }, 'followup-7'],
    [14, { type: 'followup.set', id: 'followup-7', status: 'done' }])
  const theirs = log([2, open({ name: 'Another' }), 'incident-5'])
  const merge = plan(mine, theirs, PROMOTED)
  assert.equal(verdicts(merge), 'send send send send')
  const sent = sendAll(merge)
  assert.deepEqual(sent.map(entry => [entry.update.incident, entry.update.id]),
    [[undefined, undefined], ['incident-20', undefined], ['incident-20', undefined], [undefined, 'followup-22']])
  // And once more: the first has all of it.
  const again = plan(mine, [...theirs, ...sent], PROMOTED)
  assert.equal(verdicts(again), 'there there there there')
  assert.deepEqual(again.own, theirs)
})

test('the incident of somebody else is not touched when an open is refused', () => {
  const rest = id => [[12, update(id, { status: 'resolved' })], [13, { type: 'postmortem.publish', incident: id, summary: 'x' }], [14, { type: 'followup.set', incident: id, name: 'Fix' }, 'followup-9']]
  // Its component is gone at the first.
  const gone = plan(log([11, open({ components: { maps: 'major_outage' } }), 'incident-7'], ...rest('incident-7')),
    log([1, { type: 'component.remove', id: 'maps' }], [2, open(), 'incident-7']), PROMOTED)
  assert.equal(verdicts(gone), 'conflict held held held')
  assert.deepEqual(gone.steps.map(step => step.on), [undefined, 5, 5, 5])
  // Both chose the same id.
  assert.equal(verdicts(plan(log([11, open({ id: 'db' })], ...rest('db')), log([2, open({ id: 'db', name: 'x' })]), PROMOTED)), 'conflict held held held')
  // Only the first itself can know.
  const refused = plan(log([11, open(), 'incident-7'], ...rest('incident-7'), [15, { type: 'notice.post', body: 'x' }]), [], PROMOTED)
  refused.refused(refused.steps[0])
  assert.equal(verdicts(refused), 'conflict held held held send')
})

test('what was created on both sides is not mixed up', () => {
  const component = (name, more) => ({ type: 'component.set', id: 'pay', name, ...more })
  const merge = plan(log([11, component('Payments')], [12, open({ components: { pay: 'major_outage' } }), 'incident-6'], [13, update('incident-6')]),
    log([2, component('Payroll')]), PROMOTED)
  assert.equal(verdicts(merge), 'conflict held held')
})

test('an amended text is never another one', () => {
  const amend = { type: 'incident.amend', incident: 'down', update: 2, body: 'It was a disk.' }
  const mine = log([11, update('down')], [12, amend])
  assert.equal(verdicts(plan(mine, [], PROMOTED)), 'send send')
  assert.equal(verdicts(plan(mine, log([2, update('down', { body: 'Unheard.' })]), PROMOTED)), 'send conflict')
  assert.equal(verdicts(plan(mine, log([2, update('other')]), PROMOTED)), 'send send')
})

test('what is older than what the first accepted is not sent', () => {
  const status = status => ({ type: 'component.set', id: 'checkins', status })
  const mine = log([11, status('major_outage')], [12, { type: 'notice.post', body: 'Old.' }], [13, { type: 'notice.clear' }], [14, { type: 'page.set', name: 'Old' }],
    [15, { type: 'incident.amend', incident: 'down', impact: 'none' }], [16, { type: 'page.set', brand: '#2266dd' }], [17, { type: 'component.set', id: 'checkins', name: 'Check-ins' }])
  const theirs = log([20, status('operational')], [21, { type: 'notice.post', body: 'New.' }], [22, { type: 'page.set', name: 'New' }], [23, update('down', { status: 'resolved' })])
  const merge = plan(mine, theirs, PROMOTED)
  assert.equal(verdicts(merge), 'conflict conflict held conflict conflict send send')
  assert.deepEqual(merge.steps.filter(step => step.theirs).map(step => step.theirs.version), [5, 6, 7, 8])
  // Before the promotion, what has a time goes on; what replaces a value that nobody here has seen does not.
  const before = log([1, status('operational')], [2, { type: 'notice.post', body: 'New.' }], [3, { type: 'page.set', name: 'New' }], [4, update('down')])
  assert.equal(verdicts(plan(mine, before, PROMOTED)), 'send conflict held conflict send send send')
})

test('a template that is another one at the first gives no text', () => {
  const mine = log([11, { type: 'incident.update', incident: 'down', template: 'disk' }])
  assert.equal(verdicts(plan(mine, log([2, { type: 'template.set', id: 'disk', body: 'x' }]), PROMOTED)), 'conflict')
})

test('the same update twice is two updates, however often the merge runs', () => {
  const clear = { type: 'notice.clear' }
  const post = body => ({ type: 'notice.post', body })
  const mine = log([11, clear], [12, post('One.')], [13, clear])
  const sent = sendAll(plan(mine, [], PROMOTED))
  assert.equal(sent.length, 3)
  const merge = plan(mine, [...sent, { ...log([50, post('New.')])[0], version: 30 }], PROMOTED)
  assert.equal(verdicts(merge), 'there there there')
  assert.deepEqual(merge.own.map(entry => entry.version), [30])
})

const maintain = (maintenance, more = {}) => ({ type: 'maintenance.update', maintenance, body: 'More.', ...more })
/** Lines of the clock, as versions from 40 on: the minute, the event, and what it is about. */
const clock = (...lines) => lines.map(([minute, event, id, more], index) =>
  ({ version: 40 + index, key: 'clock', at: at(minute), received_at: at(50), update: null, events: [{ event, id, ...more }] }))
const began = id => [30, 'maintenance_updated', id, { from: 'scheduled', to: 'in_progress' }]
const ended = id => [45, 'maintenance_updated', id, { from: 'in_progress', to: 'completed' }]

test('a maintenance that was moved or called off before the clock of the first began it is in conflict', () => {
  const postponed = maintain('mw', { scheduled_for: '2027-01-02T10:30:00Z', scheduled_until: '2027-01-02T11:00:00Z' })
  const mine = log([11, postponed], [12, maintain('off', { status: 'cancelled' })], [13, maintain('mw')], [14, maintain('other')], [35, maintain('off')])
  const merge = plan(mine, clock(began('mw'), began('off'), ended('mw')), PROMOTED)
  assert.equal(verdicts(merge), 'conflict conflict held send held')
  assert.deepEqual(merge.steps.map(({ why }) => why).slice(0, 2), [
    `the first's clock began mw at ${at(30)}, because the first did not know that it was postponed; end it there with status completed and say in the text that the work did not take place; plan the new date as a maintenance of its own`,
    `the first's clock began off at ${at(30)}, because the first did not know that it was called off; end it there with status completed and say in the text that the work did not take place`,
  ])
  assert.deepEqual(merge.steps[0].theirs.update, { type: 'maintenance.update', maintenance: 'mw', status: 'in_progress' })
  assert.deepEqual(merge.own, [], 'what the clock made is not what only the first has')
  // What a person has sent to the first since is named instead.
  const decided = { ...log([55, maintain('mw', { status: 'completed' })])[0], version: 50 }
  assert.deepEqual(plan(mine, [...clock(began('mw')), decided], PROMOTED).steps[0].theirs, decided)
})

test('a maintenance that both clocks moved on is in conflict only with what came before the step', () => {
  const mine = log([31, maintain('mw')], [40, maintain('mw', { status: 'completed' })])
  assert.equal(verdicts(plan(mine, clock(began('mw')), PROMOTED)), 'send send')
  const merge = plan(mine, clock(began('mw'), ended('mw')), PROMOTED)
  assert.equal(verdicts(merge), 'conflict held')
  assert.match(merge.steps[0].why, /clock ended mw at .* did not know of this update; send a new update there that says how it really went/)
})

test('what else a clock does is in no conflict', () => {
  const mine = log([11, maintain('mw', { scheduled_for: '2027-01-02T11:00:00Z' })], [12, maintain('off', { status: 'cancelled' })], [13, update('down')])
  const theirs = clock([30, 'maintenance_near', 'mw'], [31, 'maintenance_late', 'off'], [32, 'promise_broken', 'down'])
  const merge = plan(mine, theirs, PROMOTED)
  assert.deepEqual([verdicts(merge), merge.own], ['send send send', []])
  // What the standby's own clock did is not sent, nor compared.
  assert.equal(verdicts(plan([...mine, ...clock(began('mw'))], [], PROMOTED)), 'send send send')
})

/** A line of the log that both have: the one of version 4. */
const COMMON = { version: 4, received_at: at(0), update: { type: 'notice.clear' }, key: 'ops', events: [] }

/**
 * Runs merge.mjs between a standby with this log and a first that gives these answers to updates; both are this server. `more`: what the
 * standby says otherwise of itself (`standing`), and the first of itself (`health`, `standby`, a status and a body), what it has as version 4
 * (`common`) and after it (`lines`), and the address of the first (`to`).
 */
const run = async (entries, answers, begins = null, more = {}) => {
  const sent = []
  const page = line => ({ entries: line ? [line] : [], begins, next: null })
  const known = {
    '/standby/v1/standby': [200, { state: 'promoted', promoted_version: 4, promoted_at: PROMOTED, version: 9, epoch: 'e', followed_epoch: 'f', ...more.standing }],
    '/standby/healthz': [200, { epoch: 'e', version: 9 }],
    '/standby/v1/log?before=5&limit=1': [200, page(COMMON)],
    '/first/healthz': [200, { epoch: 'f', version: 4, ...more.health }],
    '/first/v1/standby': more.standby ?? [404, { detail: 'no standby' }],
    '/first/v1/log?before=5&limit=1': [200, page(more.common ?? COMMON)],
  }
  const server = createServer((request, response) => {
    const answer = (status, body, headers = {}) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    if (request.method === 'GET' && known[request.url]) return answer(...known[request.url])
    if (request.url.startsWith('/standby/v1/log')) return answer(200, { entries: entries.toReversed(), begins, next: null })
    if (request.url.startsWith('/first/v1/log')) return answer(200, { entries: (more.lines ?? []).toReversed(), begins: null, next: null })
    sent.push(request.headers['webhook-id'])
    request.resume().on('end', () => answer(...answers.shift() ?? [200, { follows: 'x' }]))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`
  const script = new URL('../../examples/standby/merge.mjs', import.meta.url).pathname
  const env = { ...process.env, KEY_ID: 'ops', SECRET: `whsec_${Buffer.alloc(32).toString('base64')}` }
  const command = [script, '--from', `${url}/standby`, '--to', `${url}${more.to ?? '/first'}`, ...more.arguments ?? []]
  const result = await new Promise(resolve => execFile(process.execPath, command, { env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr })))
  server.close()
  return { ...result, sent }
}

const taken = [201, { version: 20, results: [{ id: 'notice' }] }]

test('the status of a component that was created on both sides is held back with it', () => {
  const mine = log([11, { type: 'component.set', id: 'pay', name: 'Payments' }], [12, { type: 'component.set', id: 'pay', status: 'major_outage' }])
  const theirs = log([5, { type: 'component.set', id: 'pay', name: 'Payroll' }])
  assert.equal(verdicts(plan(mine, theirs, PROMOTED)), 'conflict held')
})

test('a page that says later is asked again, and only a refusal of the update is a conflict', async () => {
  const entries = log([11, { type: 'notice.post', body: 'One.' }], [12, { type: 'page.set', name: 'Two' }])
  const later = await run(entries, [[429, {}, { 'retry-after': '1' }], taken, taken])
  assert.deepEqual([later.code, later.sent], [0, ['merge-e-5', 'merge-e-5', 'merge-e-6']], later.output)
  const broken = await run(entries, [[500, { detail: 'It broke.' }]])
  assert.deepEqual([broken.code, broken.sent.length, broken.output.includes('CONFLICT')], [1, 1, false], broken.output)
  const refused = await run(entries, [[422, { detail: 'No.' }], taken])
  assert.deepEqual([refused.code, refused.sent.length, refused.output.includes('CONFLICT: version 5')], [1, 2, true], refused.output)
})

test('a dry run names what the clock of the first began, and leaves out the clock of the standby', async () => {
  const entries = [...log([11, maintain('mw', { status: 'cancelled' })]), ...clock([12, 'maintenance_near', 'other'])]
  const { code, sent, output } = await run(entries, [], null, { lines: clock(began('mw')), arguments: ['--dry-run'] })
  assert.deepEqual([code, sent], [1, []], output)
  assert.match(output, /CONFLICT: version 5, maintenance.update mw: the first's clock began mw at .* \(its version 40, maintenance.update by clock/)
  assert.match(output, /0 to send, 1 in conflict, 0 held back, 0 there already/)
})

test('a log whose needed lines were deleted stops the merge', async () => {
  const entries = log([11, { type: 'notice.post', body: 'One.' }])
  const { code, sent, output } = await run(entries, [], { from: 6 })
  assert.deepEqual([code, sent], [1, []], output)
  assert.match(output, /begins with version 6/)
  assert.equal((await run(entries, [taken], { from: 5 })).code, 0)
})

test('nothing is sent, and the standby keeps everything, unless the first is the page that it followed', async () => {
  const entries = log([11, { type: 'notice.post', body: 'One.' }])
  const stops = async (more, expected) => {
    const { code, sent, output } = await run(entries, [], null, { arguments: ['--follow'], ...more })
    assert.deepEqual([code, sent], [1, []], output)
    assert.match(output, expected)
  }
  await stops({ to: '/standby' }, /leads to the standby itself.*Move the page's name back/)
  await stops({ health: { epoch: 'e', version: 9 } }, /leads to the standby itself/)
  await stops({ health: { epoch: 'g' } }, /not the page that the standby followed.*restore the standby's export there/)
  await stops({ health: { version: 3 } }, /at version 3, and the standby had version 4.*restore the standby's export there/)
  await stops({ common: { ...COMMON, update: { type: 'page.set', name: 'Other' } } }, /Version 4 of .* is not the one/)
  await stops({ standing: { followed_epoch: null } }, /does not know which page it followed/)
  for (const state of ['empty', 'restoring', 'following']) await stops({ standby: [200, { state }] }, new RegExp(`a standby itself, ${state}`))
  await stops({ standby: [409, { detail: 'It has a page of its own.' }] }, /It has a page of its own/)
  // A first that was a standby once, and was promoted before the other one followed it.
  const { code, sent, output } = await run(entries, [taken], null, { standby: [200, { state: 'promoted' }] })
  assert.deepEqual([code, sent.length], [0, 1], output)
})
