// What a merge does, decided before anything is sent: which updates of the standby the first has already, which can be sent, and
// which conflict with what the first accepted itself. It asks nobody and sends nothing; merge.mjs does what it says.

/** What has no `at`: it takes effect when it is accepted. */
const TIMELESS = ['component.remove', 'notice.clear', 'template.set', 'template.remove']
/** Makes an id of this kind, unless the update names one. */
const MAKES = { 'incident.open': 'incident', 'maintenance.schedule': 'maintenance', 'followup.set': 'followup' }
/** Is about what is open, unless the update says which. */
const CHOOSES = { 'incident.update': 'incident', 'incident.amend': 'incident', 'maintenance.update': 'maintenance' }

/** The field that names what an update is about, by kind; the page and the notice have no id. */
const SUBJECT = {
  'page.set': null, 'component.set': 'id', 'component.remove': 'id', 'incident.open': 'id', 'incident.update': 'incident',
  'incident.amend': 'incident', 'maintenance.schedule': 'id', 'maintenance.update': 'maintenance', 'notice.post': null,
  'notice.clear': null, 'template.set': 'id', 'template.remove': 'id', 'postmortem.publish': 'incident', 'followup.set': 'id',
}
/** The kinds of updates that a merge knows. */
export const KINDS = Object.keys(SUBJECT)

/** The same update has the same text, in whatever order its fields are. */
const text = value => JSON.stringify(value, (_, part) => (part && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part))

/** The id that the log's page made for an update that named none, with its kind. */
const made = ({ update, events }) => MAKES[update.type] && !update.id && events[0]?.id ? `${MAKES[update.type]} ${events[0].id}` : null

/** An update with what it left open: when it was, and what it was about. `ids`: what something is called where it is sent to. */
const complete = ({ update, events, at, received_at: received }, ids = new Map()) => {
  const whole = { ...update }
  if (!TIMELESS.includes(whole.type)) whole.at ??= at ?? received
  const chosen = CHOOSES[whole.type]
  if (chosen) whole[chosen] ??= events[0]?.id
  for (const [field, kind] of [['id', MAKES[whole.type]], ['incident', 'incident'], ['maintenance', 'maintenance']]) {
    if (whole[field]) whole[field] = ids.get(`${kind} ${whole[field]}`) ?? whole[field]
  }
  return whole
}

/** What an update changes, such as `incident down` or `component maps/status`, and what it needs to be there. `id`: the one made for it. */
const things = (update, id) => {
  const { type, incident, template, group, checks, components } = update
  const subject = [type.split('.')[0], update[SUBJECT[type]] ?? id].filter(Boolean).join(' ')
  const fields = Object.keys(update).filter(field => !['type', 'id', 'at'].includes(field))
  const named = [...(Array.isArray(components) ? components : Object.keys(components ?? {})), group, ...(checks ?? []).map(check => check.component)]
  const needs = named.filter(Boolean).map(name => `component ${name}`)
  if (template) needs.push(`template ${template}`)
  // Without a name it is about one that is there.
  if (type === 'component.set' && !update.name) needs.push(`component ${update.id}`)
  if (incident && !subject.startsWith('incident ')) needs.push(`incident ${incident}`)
  return { changes: ['page.set', 'component.set'].includes(type) ? fields.map(field => `${subject}/${field}`) : [subject], needs }
}

const isClocks = ({ key }) => key === 'clock'
/** What the clock did to a maintenance that has this status since. */
const DID = { in_progress: 'began', verifying: 'began to verify', completed: 'ended' }
/** The steps of maintenances in a line of the clock, as updates. What else it does, such as a broken promise, stands in no update's way. */
const stepsOf = line => line.events.filter(({ event }) => event === 'maintenance_updated')
  .map(({ id, to }) => ({ ...line, update: { type: 'maintenance.update', maintenance: id, status: to } }))

/** Why an update cannot come before a step of the first's clock, and what to do. */
const overtaken = ({ status, scheduled_for: start }, { update: { maintenance, status: to }, at }) => {
  const isOff = status === 'cancelled'
  const isPostponed = !isOff && Date.parse(start) > Date.parse(at)
  const unknown = isOff ? 'that it was called off' : isPostponed ? 'that it was postponed' : 'of this update'
  const remedy = isOff || isPostponed ? 'end it there with status completed and say in the text that the work did not take place' : 'send a new update there that says how it really went'
  const rest = isPostponed ? '; plan the new date as a maintenance of its own' : isOff ? '' : '; plan work that is left after its end as a maintenance of its own'
  return `the first's clock ${DID[to]} ${maintenance} at ${at}, because the first did not know ${unknown}; ${remedy}${rest}`
}

/** Whether one is the other, or a part of it. */
const overlap = (one, other) => one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)

/** Whether an update goes on where a thing was left, whatever that was. Any other replaces what was there, or makes it. */
const goesOn = (type, thing) => type in CHOOSES || thing.startsWith('component ') && thing.endsWith('/status')

/**
 * The plan. `standbys`: what the standby accepted since it was promoted, oldest first; `firsts`: what the first has accepted since the version
 * that both have, oldest first; `promotedAt`: since when the standby has taken updates. What the clock made, each makes itself: of it only
 * the steps of maintenances at the first count, where the standby's update came before the step.
 *
 * Each step has an `entry` of the standby's log and a `verdict`: `there` (the first has it), `send`, `conflict` (the first accepted
 * something else about the same thing, or its clock has passed it: `theirs`; or it means nothing there: `why`), or `held` (it depends on
 * the version `on`, which is not sent).
 */
export const plan = (standbys, firsts, promotedAt) => {
  const [mine, theirs] = [standbys, firsts].map(lines => lines.filter(line => !isClocks(line)))
  const clocks = firsts.filter(isClocks).flatMap(stepsOf)
  // Until the first has made its own id, what the standby made has a name that no id can be.
  const ids = new Map(mine.map(made).filter(Boolean).map(name => [name, `${name.split(' ')[1]} (of the standby)`]))
  const known = new Map()
  for (const entry of theirs) known.set(text(complete(entry)), [...(known.get(text(complete(entry))) ?? []), entry])
  const steps = mine.map(entry => {
    const same = known.get(text(complete(entry, ids)))?.shift()
    if (same && made(entry)) ids.set(made(entry), same.events[0]?.id)
    return { entry, verdict: same ? 'there' : 'send' }
  })
  const own = [...known.values()].flat().sort((a, b) => a.version - b.version)
  const accepted = own.map(entry => ({ entry, changes: things(complete(entry), entry.events[0]?.id).changes }))
  const isLate = entry => Date.parse(entry.received_at) >= Date.parse(promotedAt)
  const about = ({ entry }) => things(complete(entry, ids), ids.get(made(entry)))

  const held = new Map()
  const hold = step => about(step).changes.filter(thing => !held.has(thing)).forEach(thing => held.set(thing, step.entry.version))
  const judge = step => {
    const { type, update: number } = step.entry.update
    const { changes, needs } = about(step)
    const before = [...held].find(([thing]) => changes.some(one => overlap(one, thing)) || needs.some(one => thing === one || thing === `${one}/name`))
    // What goes on, and what an incident is needed for, agrees with what the first accepted before the standby took over.
    const clash = accepted.findLast(({ entry, changes: others }) =>
      changes.some(one => (isLate(entry) || !goesOn(type, one)) && others.some(other => overlap(one, other))) ||
      needs.some(one => (isLate(entry) || !one.startsWith('incident ')) && others.includes(one)))
    const shifted = number && accepted.findLast(({ entry, changes: others }) => entry.update.type === 'incident.update' && others.includes(changes[0]))
    // What the clock did before an update, the standby's did as well.
    const whole = complete(step.entry, ids)
    const later = type === 'maintenance.update' && clocks.find(({ update, at }) => update.maintenance === whole.maintenance && Date.parse(at) > Date.parse(whole.at))
    if (before) Object.assign(step, { verdict: 'held', on: before[1] })
    else if (clash) Object.assign(step, { verdict: 'conflict', theirs: clash.entry })
    else if (shifted) Object.assign(step, { verdict: 'conflict', theirs: shifted.entry, why: `the first has other updates, so its update ${number} may be another one` })
    else if (later) Object.assign(step, { verdict: 'conflict', theirs: later, why: overtaken(whole, later) })
    if (step.verdict !== 'send') hold(step)
  }
  const rest = () => steps.filter(({ verdict }) => verdict === 'send')
  rest().forEach(judge)
  return {
    steps,
    /** What only the first has. */
    own,
    /** What is to be sent for a step. */
    update: ({ entry }) => complete(entry, ids),
    /** Notes that the first took a step that it calls `id`. */
    sent(step, id) {
      if (made(step.entry)) ids.set(made(step.entry), id)
      step.verdict = 'sent'
    },
    /** Notes that the first refused a step: what depends on it is held back. */
    refused(step) {
      step.verdict = 'conflict'
      hold(step)
      rest().forEach(judge)
    },
  }
}
