//! Prints what came of a plan.

use super::run::{ENDS, GROWS, OPENED, Outcome, Plan, UPDATES};
use super::steps::Second;

/// The part of all readers within which so many have heard, in milliseconds.
fn quantile(heard: &mut [(i64, f64)], part: f64) -> Option<i64> {
    heard.sort_by_key(|(late, _)| *late);
    let all: f64 = heard.iter().map(|(_, readers)| readers).sum();
    let mut sum = 0.0;
    heard
        .iter()
        .find(|(_, readers)| {
            sum += readers;
            sum >= part * all
        })
        .map(|(late, _)| *late)
}

fn seconds(from: i64, to: i64, outcome: &Outcome) -> &[Second] {
    let at = |second: i64| usize::try_from(second).unwrap_or_default();
    outcome.seconds.get(at(from)..at(to)).unwrap_or_default()
}

fn mean(all: &[Second], of: impl Fn(&Second) -> f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    let count = all.len().max(1) as f64;
    all.iter().map(of).sum::<f64>() / count
}

/// A column of the table: its name, a figure of a second, and how many places it has.
type Row = (&'static str, fn(&Second) -> f64);

const ROWS: [Row; 8] = [
    ("requests to the worker", |one| one.used.requests),
    ("questions to data centres' caches", |one| one.cache),
    ("requests to the object", |one| one.used.object_requests),
    ("keys read from KV", |one| one.used.kv_reads),
    ("answers that are not current", |one| one.not_current),
    ("messages on streams", |one| one.messages),
    ("open streams", |one| one.streams),
    ("dollars an hour", |one| one.used.per_hour()),
];

/// Runs a plan and prints it.
#[expect(clippy::print_stdout, reason = "it is what this program is for")]
pub fn print(plan: &Plan) {
    let mut outcome = plan.run();
    println!(
        "\n{} open pages at {:02}:00 UTC, in {} isolates; an incident doubles them within {GROWS} s\n",
        grouped(plan.pages),
        plan.hour,
        grouped(outcome.isolates)
    );
    let healthy = seconds(OPENED.saturating_sub(30), OPENED.saturating_sub(1), &outcome);
    let growing = seconds(OPENED, OPENED.saturating_add(GROWS), &outcome);
    let settled = seconds(ENDS.saturating_sub(30), ENDS, &outcome);
    println!("{:<36} {:>14} {:>14} {:>14}", "in a second", "healthy", "worst second", "incident");
    for (name, of) in ROWS {
        let worst = growing.iter().chain(seconds(UPDATES[0], ENDS, &outcome)).map(of).fold(0.0, f64::max);
        println!(
            "{name:<36} {:>14} {:>14} {:>14}",
            shown(name, mean(healthy, of)),
            shown(name, worst),
            shown(name, mean(settled, of))
        );
    }
    println!("\n{:<36} {:>14} {:>14} {:>14}", "heard after, in seconds", "half", "99 %", "all");
    let names = ["the incident", "the first update", "the second update"];
    for (name, heard) in names.iter().zip(&mut outcome.heard) {
        for (how, heard) in [("polling", &mut heard.polls), ("streams", &mut heard.streams)] {
            if heard.is_empty() {
                continue;
            }
            let late = [0.5, 0.99, 1.0].map(|part| quantile(heard, part).unwrap_or_default());
            #[expect(clippy::cast_precision_loss, reason = "minutes in milliseconds")]
            let [half, most, all] = late.map(|late| late as f64 / 1e3);
            println!("{:<36} {half:>14.1} {most:>14.1} {all:>14.1}", format!("{name}, {how}"));
        }
    }
    println!("{:<36} {:>14.0}", "\nlongest queue at the object, ms", outcome.longest);
}

fn shown(name: &str, value: f64) -> String {
    if name.starts_with("dollars") { format!("{value:.2}") } else { grouped(value) }
}

/// A whole number with its thousands apart.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut all = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            all.push(',');
        }
        all.push(digit);
    }
    all
}
