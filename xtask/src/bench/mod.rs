//! `bench`: measures reads and writes. It prints and asserts nothing, because only the ratios within one run on one
//! machine are comparable.
//!
//! One workerd runs three workers: ours, which serves `/status.json`, a plain JavaScript worker that returns the same
//! bytes from a constant, and one that reads them from KV. KV is a fourth worker in the same process, so that all have
//! the same distance to their data. The rounds alternate between the three, and the result is the median. Reads and writes are
//! measured beside floods of bad signatures (`flood.rs`). Then a page is
//! measured before and after a restless year, and beside a flood of unknown names (`long.rs`), and with a thousand open streams
//! (`live.rs`). After that,
//! Chromium measures how soon a visitor sees an outage (`tests/examples/race.rs`).

mod flood;
mod live;
mod load;
mod long;
mod workerd;

use crate::keys::Key;
use crate::send::Sender;
use crate::{build, keys, npm, tools};
use anyhow::{Context, Result, bail};
use load::Round;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use workerd::Workerd;
use xtask::group::Group;

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(2);
/// How many writes are measured with a short history, and again with a long one.
const WRITES: usize = 200;
const HISTORY: usize = 5_000;

/// Runs all parts, or the one that the arguments name.
pub(crate) fn run(mut args: lexopt::Parser) -> Result<()> {
    let wanted = match args.next()? {
        Some(lexopt::Arg::Value(part)) => Some(part.to_string_lossy().into_owned()),
        Some(other) => return Err(other.unexpected().into()),
        None => None,
    };
    const PARTS: [&str; 6] = ["reads", "writes", "flood", "year", "live", "browser"];
    if let Some(part) = wanted.as_deref().filter(|part| !PARTS.contains(part)) {
        bail!("unknown part: {part}; the parts are {}", PARTS.join(", "));
    }
    let is_wanted = |part: &str| wanted.as_deref().is_none_or(|wanted| wanted == part);
    build::run()?;
    let key = keys::random("ops")?;
    if ["reads", "writes", "flood"].into_iter().any(is_wanted) {
        let workerd = Workerd::start(&key)?;
        let mut sender = Sender::new(&workerd.url(), key.clone())?;
        sender.post("page", &page())?;
        if is_wanted("reads") {
            reads(&workerd, &mut sender)?;
        }
        if is_wanted("writes") {
            writes(&mut sender)?;
        }
        if is_wanted("flood") {
            flood::bad_signatures(workerd.edge, &mut sender)?;
        }
    }
    if is_wanted("year") {
        long::year(&key)?;
    }
    if is_wanted("live") {
        live::live(&key)?;
    }
    if is_wanted("browser") {
        race()?;
    }
    Ok(())
}

/// Runs the comparison in the browser, which needs the harness of the tests.
fn race() -> Result<()> {
    npm::packages("tests")?;
    let mut cargo = tools::cargo();
    cargo.args(["run", "--quiet", "--package", "candor-tests", "--example", "race"]);
    if !Group::spawn(&mut cargo)?.wait()?.success() {
        bail!("the benchmark in the browser failed: its output is above");
    }
    Ok(())
}

fn page() -> Value {
    json!([
        { "type": "page.set", "name": "Trailmark", "url": "https://trailmark.example" },
        { "type": "component.set", "id": "checkins", "name": "Check-ins" },
    ])
}

fn reads(workerd: &Workerd, sender: &mut Sender) -> Result<()> {
    sender.post("open", &incident("reads", "investigating"))?;
    workerd.copy_status()?;
    let targets = [("candor", workerd.edge), ("constant", workerd.constant), ("kv", workerd.kv)];
    for (_, port) in targets {
        // A first round, not measured, compiles the code and warms the caches.
        load::run(port, "/status.json", ROUND)?;
    }
    let mut rounds: [Vec<Round>; 3] = Default::default();
    for round in 1..=ROUNDS {
        println!("reading, round {round} of {ROUNDS} …");
        for ((_, port), results) in targets.iter().zip(&mut rounds) {
            results.push(load::run(*port, "/status.json", ROUND)?);
        }
    }
    let medians = rounds.map(|rounds| {
        (
            median(rounds.iter().map(|round| round.per_second).collect()),
            median(rounds.iter().map(|round| round.p50).collect()),
            median(rounds.iter().map(|round| round.p99).collect()),
        )
    });
    let [_, base, _] = medians;
    println!("\nGET /status.json, {} connections; in brackets: the ratio to the constant", load::CONNECTIONS);
    println!("{:<10} {:>16} {:>18} {:>18}", "", "requests/s", "p50 ms", "p99 ms");
    for ((name, _), (rate, p50, p99)) in targets.iter().zip(medians) {
        println!(
            "{name:<10} {rate:>8.0} ({:>5.2}) {:>10.2} ({:>5.2}) {:>10.2} ({:>5.2})",
            rate / base.0,
            p50 * 1e3,
            p50 / base.1,
            p99 * 1e3,
            p99 / base.2
        );
    }
    sender.post("close", &update("reads", "resolved"))?;
    Ok(())
}

fn writes(sender: &mut Sender) -> Result<()> {
    history(sender, 0, 10)?;
    let few = timed(sender, "few")?;
    println!("\nfilling the history with {HISTORY} incidents …");
    history(sender, 10, HISTORY)?;
    let many = timed(sender, "many")?;
    println!("\nPOST /v1/updates, one after the other, each opens and resolves an incident");
    println!("{:<28} {:>8} {:>10}", "", "writes/s", "median ms");
    for (name, times) in [("10 incidents in the history", &few), ("5000 incidents", &many)] {
        let total: f64 = times.iter().sum();
        let middle = median(times.clone());
        println!("{name:<28} {:>8.0} {:>10.2}", f64::from(u32::try_from(times.len())?) / total, middle * 1e3);
    }
    println!("ratio {:.2}", median(many) / median(few));
    Ok(())
}

/// Opens and resolves incidents, 50 per request.
fn history(sender: &mut Sender, from: usize, to: usize) -> Result<()> {
    let ids: Vec<String> = (from..to).map(|n| format!("old-{n}")).collect();
    for batch in ids.chunks(50) {
        let updates: Vec<Value> =
            batch.iter().flat_map(|id| [incident(id, "investigating"), update(id, "resolved")]).collect();
        sender.post(batch.first().context("chunks are not empty")?, &Value::from(updates))?;
    }
    Ok(())
}

fn timed(sender: &mut Sender, name: &str) -> Result<Vec<f64>> {
    (0..WRITES)
        .map(|n| {
            let id = format!("{name}-{n}");
            let body = json!([incident(&id, "identified"), update(&id, "resolved")]);
            let started = Instant::now();
            sender.post(&id, &body)?;
            Ok(started.elapsed().as_secs_f64())
        })
        .collect()
}

fn incident(id: &str, status: &str) -> Value {
    json!({ "type": "incident.open", "id": id, "name": "Check-ins are failing", "impact": "major", "status": status,
        "components": { "checkins": "major_outage" }, "body": "We broke check-ins. We are on it." })
}

fn update(id: &str, status: &str) -> Value {
    json!({ "type": "incident.update", "incident": id, "status": status, "body": "Check-ins work again." })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value of `CANDOR_KEYS` for the worker under test.
fn setting(key: &Key) -> String {
    json!([{ "id": key.id, "secret": key.secret, "role": "operator" }]).to_string()
}
