//! The measures of `/metrics`, in Prometheus' text exposition format (version 0.0.4): one table.
//!
//! Names follow Prometheus' conventions: the prefix `candor_`, base units, `_total` for counters and `_timestamp_seconds` for times.

use std::fmt::Write;

use candor_shared::time::Time;
use serde_json::Value;

use super::health::{Observed, StandbyHealth};
use super::push::MirrorHealth;
use super::standby::StandbyState;
use crate::clock::seconds;

/// The media type of the format.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A measure.
struct Measure {
    /// Without the prefix `candor_`.
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    /// Its samples at the moment; a measure without one is left out.
    read: fn(&Observed) -> Vec<Sample>,
}

/// Labels, and the value under them.
type Sample = (Vec<(&'static str, String)>, f64);

const fn gauge(name: &'static str, help: &'static str, read: fn(&Observed) -> Vec<Sample>) -> Measure {
    Measure { name, kind: "gauge", help, read }
}

const fn counter(name: &'static str, help: &'static str, read: fn(&Observed) -> Vec<Sample>) -> Measure {
    Measure { name, kind: "counter", help, read }
}

/// All measures. The name of a counter ends with `_total`.
const MEASURES: [Measure; 28] = [
    gauge("info", "The program, the storage and whether documents are signed; always 1.", |o| {
        let label = |name, value: &str| (name, value.to_owned());
        let labels = vec![
            label("version", env!("CARGO_PKG_VERSION")),
            label("epoch", &o.health.epoch),
            label("editions", o.health.editions),
        ];
        vec![(labels, 1.0)]
    }),
    gauge("start_timestamp_seconds", "When the page's object started; counters began then.", |o| {
        one(time(o.started_at))
    }),
    gauge("page_version", "The version of the page, which grows with every change.", |o| {
        one(number(o.health.version))
    }),
    gauge("page_published_timestamp_seconds", "When the page last changed.", |o| {
        maybe(o.health.published_at.map(time))
    }),
    gauge("restoring", "1 while a restore is under way, else 0.", |o| one(flag(o.health.is_restoring))),
    gauge("incidents_open", "Open incidents, by the impact that people see.", |o| {
        by("impact", o.incidents.iter().map(|(impact, count)| (impact.as_str(), *count)))
    }),
    gauge("components", "Components, by the status that people see.", |o| {
        by("status", o.components.iter().map(|(status, count)| (status.as_str(), *count)))
    }),
    gauge("promises_overdue", "Open incidents whose promised update has not come.", |o| {
        one(number(o.promises.iter().filter(|due| **due <= o.at).count() as u64))
    }),
    gauge(
        "promise_overdue_seconds",
        "How long the most overdue promised update has been due; 0 if none is overdue.",
        |o| one(o.promises.first().map_or(0.0, |due| seconds(o.at.millis_since(*due)))),
    ),
    gauge("promise_due_timestamp_seconds", "When the next promised update is due, or was.", |o| {
        maybe(o.promises.first().copied().map(time))
    }),
    gauge(
        "confirmation_age_seconds",
        "How long ago the object last confirmed what the answering isolate serves.",
        |o| maybe(o.health.confirmation_age),
    ),
    gauge("streams_open", "The streams of /events in the answering isolate.", |o| {
        one(number(o.health.streams.open))
    }),
    gauge(
        "stream_lag_seconds",
        "For how long at most one of them has been without the newest version.",
        |o| one(o.health.streams.lag),
    ),
    gauge("copy_lag_seconds", "How long the copies in KV have been without the newest version.", |o| {
        maybe(o.health.copies.lag)
    }),
    gauge("copy_age_seconds", "How long ago the copies in KV were confirmed.", |o| {
        maybe(o.health.copies.confirmed_at.map(|at| seconds(o.at.millis_since(at))))
    }),
    counter("copies_total", "Copies that were to be put into KV since the start, by outcome.", |o| {
        let (stored, failed) = o.health.copies.counts;
        by("outcome", [("stored", stored), ("failed", failed)].into_iter())
    }),
    gauge("alarm_lag_seconds", "How long a change had been due when it was made by this question.", |o| {
        one(o.health.alarm.lag)
    }),
    gauge(
        "alarm_late_seconds",
        "How late the alarm made the last change that was due; 0 before the first one since the start.",
        |o| one(o.health.alarm.last_late.unwrap_or_default()),
    ),
    gauge("next_change_timestamp_seconds", "When the page next changes by itself.", |o| {
        maybe(o.health.alarm.next_change_at.map(time))
    }),
    gauge(
        "mirror_lag_seconds",
        "How long at most a bucket has been behind the page; absent before it holds an edition.",
        |o| {
            let lag = |mirror: &MirrorHealth| Some((vec![("mirror", mirror.name.clone())], mirror.lag?));
            o.health.mirrors.iter().filter_map(lag).collect()
        },
    ),
    gauge("mirror_failing", "1 if the last attempt to put an edition into a bucket failed, else 0.", |o| {
        let failing =
            |mirror: &MirrorHealth| (vec![("mirror", mirror.name.clone())], flag(mirror.problem.is_some()));
        o.health.mirrors.iter().map(failing).collect()
    }),
    gauge(
        "export_confirmed_timestamp_seconds",
        "When somebody last confirmed that an export is stored.",
        |o| maybe(o.health.export.as_ref().map(|export| time(export.confirmed_at))),
    ),
    gauge(
        "standby_confirmation_age_seconds",
        "How long ago a standby last heard of the page that it follows.",
        |o| {
            let follows = |standby: &&StandbyHealth| standby.state == StandbyState::Following;
            maybe(o.health.standby.as_ref().filter(follows).and_then(|standby| standby.confirmation_age))
        },
    ),
    gauge("log_rows", "Lines of the audit log.", |o| one(number(o.log_rows))),
    gauge("storage_bytes", "The size of the page's database.", |o| one(number(o.storage_bytes as u64))),
    counter("writes_total", "Requests to write that reached the object since the start, by outcome.", |o| {
        let label = |outcome: &String| vec![("outcome", outcome.clone())];
        o.writes.iter().map(|(outcome, count)| (label(outcome), number(*count))).collect()
    }),
    gauge(
        "key_expiry_timestamp_seconds",
        "When the first key that may write expires; when the last one did, if all have.",
        |o| maybe(o.keys_expire.map(time)),
    ),
    gauge(
        "edition_key_expiry_timestamp_seconds",
        "When no key signs documents any more, or since when.",
        |o| maybe(o.editions_expire.map(time)),
    ),
];

/// All measures with their samples.
pub(super) fn exposition(observed: &Observed) -> String {
    let mut text = String::new();
    for Measure { name, kind, help, read } in &MEASURES {
        let samples = read(observed);
        if samples.is_empty() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# HELP candor_{name} {help}\n# TYPE candor_{name} {kind}");
        for (labels, value) in samples {
            // JSON escapes what the format escapes in the same way: quotation marks, backslashes and line ends.
            let labels: Vec<String> =
                labels.into_iter().map(|(label, value)| format!("{label}={}", Value::from(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(text, "candor_{name}{labels} {value}");
        }
    }
    text
}

fn one(value: f64) -> Vec<Sample> {
    vec![(Vec::new(), value)]
}

fn maybe(value: Option<f64>) -> Vec<Sample> {
    value.into_iter().flat_map(one).collect()
}

fn by<'a>(label: &'static str, counts: impl Iterator<Item = (&'a str, usize)>) -> Vec<Sample> {
    counts.map(|(value, count)| (vec![(label, value.to_owned())], number(count as u64))).collect()
}

fn flag(value: bool) -> f64 {
    if value { 1.0 } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn number(count: u64) -> f64 {
    count as f64
}

/// Seconds since 1970.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
fn time(time: Time) -> f64 {
    time.as_millis() as f64 / 1_000.0
}
