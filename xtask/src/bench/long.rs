//! What a long history, a restless monitor and a flood of unknown names cost, each as a ratio to a page without them.

use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::load;
use super::median;
use super::workerd::Workerd;
use crate::keys::Key;
use crate::send::Sender;

const COMPONENTS: usize = 20;
const INCIDENTS: usize = 1_500;
/// The changes of a monitor that the year has, over all components.
const CHANGES: usize = 100_000;
const YEAR_MILLIS: i64 = 365 * 24 * 60 * 60 * 1000;
/// How often each cost is measured.
const ROUNDS: usize = 21;
/// How many requests for unknown names are sent in a second, and for how long the status is read meanwhile.
const FLOOD_PER_SECOND: u32 = 500;
const FLOOD: Duration = Duration::from_secs(10);

/// The median costs of a page, in seconds.
struct Costs {
    write: f64,
    home: f64,
    metrics: f64,
    start: f64,
    start_home: f64,
    memory: f64,
}

/// Measures a page without a history, and the same page after a restless year.
pub(super) fn year(key: &Key) -> Result<()> {
    let mut workerd = Workerd::start(key)?;
    let mut sender = Sender::new(&workerd.url(), key.clone())?;
    sender.post(
        "year-page",
        &json!([{ "type": "page.set", "name": "Trailmark", "url": "https://trailmark.example" }]),
    )?;
    let began = Timestamp::now().as_millisecond() - YEAR_MILLIS;
    let since = time(began)?;
    let components: Vec<Value> = (0..COMPONENTS)
        .map(|n| json!({ "type": "component.set", "id": format!("c{n}"), "name": format!("Component {n}"), "at": since }))
        .collect();
    sender.post("year-components", &Value::from(components))?;
    let empty = costs(&mut workerd, &mut sender, "empty")?;
    println!(
        "\nfilling a year with {INCIDENTS} incidents and {CHANGES} changes of {COMPONENTS} components …"
    );
    fill(&mut sender, began)?;
    let started = Instant::now();
    load::once(workerd.edge, "/")?;
    let first = started.elapsed().as_secs_f64();
    let full = costs(&mut workerd, &mut sender, "full")?;
    println!("\na page after a year of {INCIDENTS} incidents and {CHANGES} changes, and an empty one");
    println!("{:<44} {:>10} {:>10} {:>8}", "", "empty ms", "year ms", "ratio");
    for (name, empty, full) in [
        ("write (POST /v1/updates)", empty.write, full.write),
        ("GET / after a write, which renders it", empty.home, full.home),
        ("GET /metrics.json after a write", empty.metrics, full.metrics),
        ("GET /status.json after a start of the object", empty.start, full.start),
        ("GET / after that", empty.start_home, full.start_home),
    ] {
        println!("{name:<44} {:>10.2} {:>10.2} {:>8.2}", empty * 1e3, full * 1e3, full / empty);
    }
    println!("{:<44} {:>10.0} {:>10.0}", "memory of the process, MB", empty.memory, full.memory);
    println!("{:<44} {:>21.0}", "GET / once, when nothing had been summed, ms", first * 1e3);
    flood(workerd.edge)
}

fn costs(workerd: &mut Workerd, sender: &mut Sender, name: &str) -> Result<Costs> {
    let (mut write, mut home, mut metrics) = (Vec::new(), Vec::new(), Vec::new());
    let timed = |work: &mut dyn FnMut() -> Result<()>| -> Result<f64> {
        let started = Instant::now();
        work()?;
        Ok(started.elapsed().as_secs_f64())
    };
    let edge = workerd.edge;
    for round in 0..ROUNDS {
        let id = format!("{name}-{round}");
        let notice = json!({ "type": "notice.post", "body": id });
        write.push(timed(&mut || sender.post(&id, &notice).map(|_| ()))?);
        home.push(timed(&mut || load::once(edge, "/"))?);
        // Another version, because an edition computes the measures once.
        let notice = json!({ "type": "notice.post", "body": format!("{id} again") });
        sender.post(&format!("{id}-again"), &notice)?;
        metrics.push(timed(&mut || load::once(edge, "/metrics.json"))?);
    }
    let memory = workerd.memory()?;
    let (mut start, mut start_home) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        workerd.restart()?;
        start.push(timed(&mut || load::once(edge, "/status.json"))?);
        start_home.push(timed(&mut || load::once(edge, "/"))?);
    }
    Ok(Costs {
        write: median(write),
        home: median(home),
        metrics: median(metrics),
        start: median(start),
        start_home: median(start_home),
        memory,
    })
}

/// A year of incidents and of a monitor that sets components again and again, dated back.
fn fill(sender: &mut Sender, began: i64) -> Result<()> {
    let at = |n: usize, of: usize, minutes: i64| -> Result<String> {
        time(
            began
                + 1_000
                + (YEAR_MILLIS - 3_600_000) / i64::try_from(of)? * i64::try_from(n)?
                + minutes * 60_000,
        )
    };
    for first in (0..INCIDENTS).step_by(25) {
        let mut updates = Vec::new();
        for n in first..first + 25 {
            let id = format!("year-{n}");
            updates.push(json!({ "type": "incident.open", "id": id, "name": "Check-ins are failing", "impact": "major",
                "components": { format!("c{}", n % COMPONENTS): "major_outage" }, "body": "We broke check-ins. We are on it.", "at": at(n, INCIDENTS, 0)? }));
            for (minutes, status) in [(5, "identified"), (10, "monitoring"), (15, "resolved")] {
                updates.push(json!({ "type": "incident.update", "incident": id, "status": status,
                    "body": "We are on it.", "at": at(n, INCIDENTS, minutes)? }));
            }
        }
        sender.post(&format!("year-{first}"), &Value::from(updates))?;
    }
    for first in (0..CHANGES).step_by(100) {
        let updates: Result<Vec<Value>> = (first..first + 100)
            .map(|n| {
                let status = if (n / COMPONENTS).is_multiple_of(2) { "partial_outage" } else { "operational" };
                Ok(json!({ "type": "component.set", "id": format!("c{}", n % COMPONENTS), "status": status, "at": at(n, CHANGES, 0)? }))
            })
            .collect();
        sender.post(&format!("changes-{first}"), &Value::from(updates?))?;
    }
    Ok(())
}

/// Measures the latency of `/status.json` without and with a flood of unknown names.
fn flood(port: u16) -> Result<()> {
    let idle = load::latency(port, "/status.json", FLOOD)?;
    let unknown = |connection: &mut load::Connection, sent: u32| {
        let path = match sent % 4 {
            0 => format!("/incidents/x{sent}"),
            1 => format!("/badge.svg?component=x{sent}"),
            2 => format!("/history/{}-0{}", 1970 + sent % 50, 1 + sent % 9),
            _ => format!("/postmortems/x{sent}.json"),
        };
        connection.get(&path, 404)
    };
    let (busy, sent) =
        load::beside(port, FLOOD_PER_SECOND, unknown, || load::latency(port, "/status.json", FLOOD))?;
    println!(
        "\nGET /status.json on one connection, and beside {:.0} requests for unknown names a second",
        f64::from(sent) / FLOOD.as_secs_f64()
    );
    load::compare(&idle, &busy);
    Ok(())
}

/// RFC 3339.
fn time(millis: i64) -> Result<String> {
    Ok(Timestamp::from_millisecond(millis)?.to_string())
}
