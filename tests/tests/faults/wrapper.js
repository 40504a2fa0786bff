// The built worker with faults. A test puts this file beside a copy of the built entry and runs it in its place. Nothing in the
// product knows of it.
//
// GET /__faults?NAME=VALUE&… replaces all faults and answers with what was counted since the last time:
//   object=hang|throw|stall|half|swap|trap|bare|queue|slow|else  what the object does on each request, on one path with `only=PATH`. `else`: something else answers, with
//                                 `status=STATUS` and HTML; or with a redirect; or with `body=BODY` (`bytes`: no UTF-8) as `type=TYPE`, and a version
//                                 `half`: half of its answer, with all headers; `swap`: those, and another document's answer
//                                 `bare`: a page without its policy; `queue`, `slow`: it begins, or answers, `wait=MILLISECONDS` later
//   late=MILLISECONDS             a write reaches the object so much later, and that it was given up does not reach it
//   page=nothing                  the binding of the object returns no promise
//   note=NAME                     the data centre's cache has the note of another isolate whose key begins with this
//   cache=hang|throw|sync|none|lie|future|garbage|large   what the data centre's cache does when it is read; `sync` throws at once
//   delete=hang|sync, put=hang|sync   what it does when something is deleted or put
//   kv=hang|throw|sync|garbage|half|other|large   what KV does when it is read; `other`: it has the bulletin's copy under every name
//   kv_put=hang|throw             the same for a copy that is put, or for one with `name=NAME`
//   assets=hang|stall|throw|sync|500|html|half   what the binding of the static files does, for one path with `file=PATH`
//   alarm=hang|throw              what happens when the object's alarm is set
//   storage=full                  the object's storage takes no line of the log
//   clock=MILLISECONDS            how far the clock is ahead
//   object_clock=MILLISECONDS     how much further that of the object is, as far as it says so
//   asked=MILLISECONDS            how far the time that the worker tells the object is behind its clock
//   trap=PATH                     the next request for this path traps the worker's instance
//   forget=1                      the object loses its memory
//   wipe=1, restore=VERSION       its storage is another one; or is as it was at this version
//   commit=before|after|throw     the module traps in the object's next transaction, before or after the commit; or that throws after it
//   points=keep|throw             a data set METRICS is bound: it keeps data points for the answer to /__faults, or throws
//
// Counted are the questions to the object by path, to the cache and to KV, what is put into KV, the version of the last copy there and what KV has taken, and the timers that the
// product sets ("timer 1000": one of 901 to 1,000 milliseconds), which are the limits of its waits.

import entry, { StatusPage as Built } from "./entry.js"

let faults = {}
let counts = {}
let objects = 0
let copied
let stored = {}
let points = []
const count = what => (counts[what] = (counts[what] ?? 0) + 1)
const timer = setTimeout
globalThis.setTimeout = (call, wait, ...rest) => {
  count(`timer ${Math.ceil(wait / 100) * 100}`)
  return timer(call, wait, ...rest)
}
const hang = () => new Promise(resolve => timer(resolve, 600_000))
/** Lets a method throw at once, and not only its promise reject, if this fault is `sync`. */
const sync = (name, method) =>
  function (...args) {
    if (faults[name] == "sync") fail(name)
    return method.apply(this, args)
  }
/** The first half of these bytes, and then nothing. */
const stalling = bytes => {
  let half = bytes.subarray(0, bytes.length / 2)
  return new ReadableStream({
    async pull(controller) {
      if (!half) await hang()
      controller.enqueue(half)
      half = undefined
    },
  })
}
const LARGE = 40_000_000
const fail = what => {
  throw new Error(`${what} is broken by the test`)
}
/** What a trap looks like from outside: the same error, thrown through the module's frames. */
const trap = () => {
  throw new WebAssembly.RuntimeError("unreachable, says the test")
}

const now = Date.now
let traps = false
Date.now = () => {
  if (traps) {
    traps = false
    trap()
  }
  return now() + (faults.clock | 0)
}

const proto = Object.getPrototypeOf(caches.default)
const real = { match: proto.match, put: proto.put, delete: proto.delete }
proto.match = sync("cache", async function (...args) {
  const note = String(args[0]?.url ?? args[0]).split("/note/")[1]
  if (note) return faults.note && note.startsWith(faults.note) ? new Response("") : real.match.apply(this, args)
  count("cache")
  if (faults.cache == "hang") await hang()
  if (faults.cache == "throw") fail("the cache")
  if (faults.cache == "none") return undefined
  const found = await real.match.apply(this, args)
  if (!found || !faults.cache) return found
  const headers = new Headers(found.headers)
  let body = await found.text()
  headers.set("candor-confirmed-at", now())
  if (faults.cache == "lie") headers.set("candor-version", 999999)
  if (faults.cache == "future") headers.set("candor-confirmed-at", now() + 3_600_000)
  if (faults.cache == "garbage") body = body.slice(0, body.length / 2)
  if (faults.cache == "large") body = body.padEnd(LARGE)
  return new Response(body, { headers })
})
proto.delete = sync("delete", async function (...args) {
  if (faults.delete == "hang") await hang()
  return real.delete.apply(this, args)
})
proto.put = sync("put", async function (...args) {
  if (faults.put == "hang") await hang()
  return real.put.apply(this, args)
})

const instead = (target, others) =>
  new Proxy(target, {
    get(of, name) {
      if (Object.hasOwn(others, name)) return others[name]
      const value = Reflect.get(of, name, of)
      return typeof value == "function" && name != "constructor" ? value.bind(of) : value
    },
  })
/** The stub of the object, where its writes come late. */
const late = (stub, ctx) => ({
  fetch(request) {
    if (request.method != "POST") return stub.fetch(request)
    const { url, method, headers } = request
    const wait = new Promise(resolve => timer(resolve, faults.late | 0))
    const arrives = Promise.all([request.arrayBuffer(), wait]).then(([body]) => stub.fetch(url, { method, headers, body }))
    ctx.waitUntil(arrives.catch(() => {}))
    return arrives
  },
})
const broken = (env, ctx) => {
  const kv = env.LAST_GOOD
  const read = name =>
    sync("kv", async (key, ...rest) => {
      count("kv")
      if (faults.kv == "hang") await hang()
      if (faults.kv == "throw") fail("KV")
      const found = await kv[name](faults.kv == "other" ? "/bulletin.json" : key, ...rest)
      if (!found?.value) return found
      const { value } = found
      if (faults.kv == "garbage") return { ...found, value: "<<<garbage" }
      if (faults.kv == "half") return { ...found, value: value.slice(0, value.length / 2) }
      if (faults.kv == "large") return { ...found, value: value.slice(0, 1000).padEnd(20_000_000) }
      return found
    })
  const asset = sync("assets", async (target, ...rest) => {
    const path = new URL(target.url ?? target).pathname
    const fault = faults.file && faults.file != path ? undefined : faults.assets
    if (fault == "hang") await hang()
    if (fault == "throw") fail("the binding")
    if (fault == "500") return new Response("<h1>500</h1>", { status: 500, headers: { "content-type": "text/html" } })
    if (fault == "html") return new Response("<h1>oops</h1>", { headers: { "content-type": "text/html" } })
    const answer = await env.ASSETS.fetch(target, ...rest)
    if (fault != "stall" && fault != "half") return answer
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return new Response(fault == "half" ? bytes.subarray(0, bytes.length / 2) : stalling(bytes), answer)
  })
  const put = async (...args) => {
    count(`kv put ${args[0]}`)
    copied = args[2]?.metadata?.version
    if (!faults.name || faults.name == args[0]) {
      if (faults.kv_put == "hang") await hang()
      if (faults.kv_put == "throw") fail("KV")
    }
    await kv.put(...args)
    stored[args[0]] = args[2]?.metadata
  }
  const writeDataPoint = point => {
    if (faults.points == "throw") fail("the data set")
    points.push(point)
  }
  return instead(env, {
    get METRICS() {
      return faults.points ? { writeDataPoint } : undefined
    },
    ASSETS: instead(env.ASSETS, { fetch: asset }),
    get PAGE() {
      if (faults.page) return instead(env.PAGE, { getByName: () => ({ fetch: () => undefined }) })
      return faults.late ? instead(env.PAGE, { getByName: name => late(env.PAGE.getByName(name), ctx) }) : env.PAGE
    },
    LAST_GOOD: instead(kv, { get: read("get"), getWithMetadata: read("getWithMetadata"), put }),
  })
}

/** What something else answers in the object's place. */
const other = () => {
  const status = faults.status | 0
  if (faults.body) {
    const body = faults.body == "bytes" ? new Uint8Array([0xff, 0xfe]) : faults.body
    return new Response(body, { status, headers: { "content-type": faults.type, "candor-version": "7" } })
  }
  if (status == 302) return Response.redirect("https://page/elsewhere")
  const body = [204, 304].includes(status) ? null : "<!doctype html><h1>Something else</h1>"
  return new Response(body, { status, headers: { "content-type": "text/html" } })
}

export default {
  async fetch(request, env, ctx) {
    const url = new URL(request.url)
    if (url.pathname == "/__faults") {
      faults = Object.fromEntries(url.searchParams)
      const before = { ...counts, objects, "kv version": copied, "kv copies": stored, points }
      counts = {}
      points = []
      return Response.json(before)
    }
    if (faults.trap == url.pathname) {
      delete faults.trap
      traps = true
    }
    return entry.fetch(request, broken(env, ctx), ctx)
  },
}

export class StatusPage extends Built {
  constructor(ctx, env) {
    const commit = ctx.storage.transactionSync.bind(ctx.storage)
    ctx.storage.transactionSync = work => {
      const when = faults.commit
      delete faults.commit
      const done = commit(() => {
        const done = work()
        return when == "before" ? trap() : done
      })
      if (when == "throw") fail("the commit")
      return when == "after" ? trap() : done
    }
    const { exec } = ctx.storage.sql
    ctx.storage.sql.exec = function (statement, ...values) {
      if (faults.storage == "full" && statement.startsWith("INSERT INTO log")) fail("SQLITE_FULL: the storage")
      return exec.call(this, statement, ...values)
    }
    const set = ctx.storage.setAlarm.bind(ctx.storage)
    ctx.storage.setAlarm = async (...args) => {
      count("alarm")
      if (faults.alarm == "hang") await hang()
      if (faults.alarm == "throw") fail("the alarm")
      return set(...args)
    }
    super(ctx, broken(env))
    objects++
  }

  async fetch(request) {
    const { pathname } = new URL(request.url)
    count(`object ${pathname}`)
    const { forget, wipe, restore } = faults
    if (forget || wipe || restore) {
      faults = {}
      if (wipe) await this.ctx.storage.deleteAll()
      if (restore) {
        this.ctx.storage.sql.exec("DELETE FROM log WHERE version > ?", restore | 0)
        await this.ctx.storage.sync()
      }
      this.ctx.abort("the test made the object forget")
    }
    if (faults.asked) {
      const headers = new Headers(request.headers)
      headers.set("candor-asked-at", Number(headers.get("candor-asked-at")) - faults.asked)
      request = new Request(request, { headers })
    }
    if (faults.object_clock) {
      const answer = await super.fetch(request)
      const clock = answer.headers.get("candor-clock")
      const headers = new Headers(answer.headers)
      if (clock) headers.set("candor-clock", Number(clock) + Number(faults.object_clock))
      return new Response(answer.body, { status: answer.status, headers })
    }
    if (!faults.object || (faults.only && faults.only != pathname)) return super.fetch(request)
    if (faults.object == "hang") await hang()
    if (faults.object == "throw") fail("the object")
    if (faults.object == "trap") {
      traps = true
      return super.fetch(request)
    }
    if (faults.object == "else") return other()
    const { object, wait } = faults
    if (object == "queue") await new Promise(resolve => timer(resolve, wait | 0))
    const answer = await super.fetch(request)
    if (object == "slow") await new Promise(resolve => timer(resolve, wait | 0))
    if (object == "queue" || object == "slow") return answer
    if (object == "bare") {
      const headers = new Headers(answer.headers)
      headers.delete("candor-policy")
      return new Response(answer.body, { status: answer.status, headers })
    }
    if (faults.object == "half") {
      const body = await answer.text()
      return new Response(body.slice(0, body.length / 2), answer)
    }
    if (faults.object == "swap") return new Response((await super.fetch(new Request(new URL("/metrics.json", request.url)))).body, answer)
    return new Response(stalling(new Uint8Array(await answer.arrayBuffer())), answer)
  }
}
