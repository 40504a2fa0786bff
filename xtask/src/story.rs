//! `story`: replays an outage from `examples/stories`, as history or live.
//!
//! A story is a folder of numbered JSON files, each the body of one request, each update with the time
//! (`at`) when it was said.

use crate::keys::{self, Key};
use crate::send::Sender;
use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::fs;
use std::time::Duration;
use xtask::paths;

/// Eleven hours in eleven minutes.
const SPEED: f64 = 60.0;

pub(crate) struct Options {
    name: String,
    url: String,
    live: bool,
    speed: f64,
    key: Option<Key>,
}

impl Options {
    pub(crate) fn parse(mut args: lexopt::Parser) -> Result<Self> {
        use lexopt::prelude::{Long, Value, ValueExt};
        let (mut name, mut url, mut live, mut speed, mut key) = (None, None, false, SPEED, None);
        while let Some(arg) = args.next()? {
            match arg {
                Value(value) if name.is_none() => name = Some(value.string()?),
                Long("url") => url = Some(args.value()?.string()?),
                Long("live") => live = true,
                Long("speed") => speed = args.value()?.parse()?,
                Long("key") => key = Some(Key::parse(&args.value()?.string()?)?),
                other => return Err(other.unexpected().into()),
            }
        }
        if !(speed.is_finite() && speed > 0.0) {
            bail!("--speed has to be more than 0");
        }
        Ok(Self {
            name: name.with_context(|| format!("which story? {}", list()))?,
            url: url.context("where to? --url http://127.0.0.1:8787")?,
            live,
            speed,
            key,
        })
    }
}

pub(crate) fn run(options: Options) -> Result<()> {
    let chapters = read(&options.name)?;
    let key = match options.key {
        Some(key) => key,
        None => keys::existing()?,
    };
    let mut sender = Sender::new(&options.url, key)?;
    let start = chapters
        .iter()
        .find_map(|chapter| told_at(&chapter.body))
        .context("no update of the story has a time (`at`)")?;
    let now = Timestamp::now();
    // A story can be told more than once: each telling has incidents of its own.
    let telling = now.as_second().rem_euclid(86_400 * 30).to_string();
    for chapter in chapters {
        let mut body = chapter.body;
        let id = if options.live {
            let due = told_at(&body).map_or(SignedDuration::ZERO, |at| scaled(start, at, options.speed));
            let waited = Timestamp::now().duration_since(now);
            if let Ok(wait) = Duration::try_from(due.saturating_sub(waited)) {
                std::thread::sleep(wait);
            }
            each(&mut body, &mut |update| make_live(update, start, now, options.speed, &telling));
            format!("{}-{telling}-{}", options.name, chapter.name)
        } else {
            format!("{}-{}", options.name, chapter.name)
        };
        let answer = sender.post(&id, &body)?;
        let version = answer.get("version").and_then(Value::as_u64).unwrap_or_default();
        println!("version {version}: {}", chapter.name);
    }
    Ok(())
}

struct Chapter {
    name: String,
    body: Value,
}

fn read(name: &str) -> Result<Vec<Chapter>> {
    let folder = paths::root().join("examples/stories").join(name);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .with_context(|| format!("no story {name}; {}", list()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|its| its == "json"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let body = serde_json::from_str(&fs::read_to_string(&path)?)
                .with_context(|| format!("{} is not JSON", path.display()))?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Chapter { name, body })
        })
        .collect()
}

fn list() -> String {
    let names: Vec<String> = fs::read_dir(paths::root().join("examples/stories"))
        .map(|entries| {
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    format!("there is: {}", names.join(", "))
}

/// Each update of a request.
fn each(body: &mut Value, change: &mut dyn FnMut(&mut serde_json::Map<String, Value>)) {
    match body {
        Value::Array(updates) => updates.iter_mut().for_each(|update| each(update, change)),
        Value::Object(update) => change(update),
        _ => {}
    }
}

/// When a request was made: the first time it names.
fn told_at(body: &Value) -> Option<Timestamp> {
    match body {
        Value::Array(updates) => updates.iter().find_map(told_at),
        update => update.get("at")?.as_str()?.parse().ok(),
    }
}

fn scaled(start: Timestamp, at: Timestamp, speed: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(at.duration_since(start).as_secs_f64() / speed)
        .unwrap_or(SignedDuration::ZERO)
}

/// Moves an update's times to now, and its promises to the story's speed.
fn make_live(
    update: &mut serde_json::Map<String, Value>,
    start: Timestamp,
    now: Timestamp,
    speed: f64,
    telling: &str,
) {
    update.remove("at");
    for (field, value) in update.iter_mut() {
        let Some(text) = value.as_str() else { continue };
        match field.as_str() {
            "started_at" | "ended_at" | "detected_at" | "resolved_at" | "next_update_at"
            | "scheduled_for" | "scheduled_until" | "verify_at" | "until" | "due" => {
                let moved = text.parse().ok().and_then(|at| now.checked_add(scaled(start, at, speed)).ok());
                if let Some(moved) = moved {
                    *value = Value::from(format!("{moved:.3}"));
                }
            }
            "next_update_in" => {
                if let Ok(promise) = text.parse::<SignedDuration>() {
                    // The shortest promise that can still be read.
                    let seconds = (promise.as_secs_f64() / speed).max(60.0);
                    *value = Value::from(format!("{seconds:.0}s"));
                }
            }
            _ => {}
        }
    }
    // Each telling has an incident, a maintenance and tasks of its own; components and templates stay.
    let names_its_own = update.get("type").and_then(Value::as_str).is_some_and(|its| {
        ["incident.", "maintenance.", "postmortem.", "followup."].iter().any(|kind| its.starts_with(kind))
    });
    if names_its_own {
        for field in ["id", "incident", "maintenance"] {
            if let Some(Value::String(id)) = update.get_mut(field) {
                *id = format!("{id}-{telling}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_live_story_starts_now_and_runs_faster() {
        let start: Timestamp = "2010-10-04T15:00:00Z".parse().unwrap();
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut update = json!({
            "type": "incident.open", "id": "down", "at": "2010-10-04T15:10:00Z",
            "started_at": "2010-10-04T15:00:00Z", "detected_at": "2010-10-04T15:02:00Z", "next_update_in": "2h"
        });
        each(&mut update, &mut |update| make_live(update, start, now, 60.0, "7"));
        assert_eq!(
            update,
            json!({
                "type": "incident.open", "id": "down-7",
                "started_at": "2026-01-01T00:00:00.000Z", "detected_at": "2026-01-01T00:00:02.000Z", "next_update_in": "120s"
            })
        );
    }

    #[test]
    fn every_story_can_be_read_and_is_told_in_order() {
        for entry in fs::read_dir(paths::root().join("examples/stories")).unwrap().flatten() {
            let chapters = read(&entry.file_name().to_string_lossy()).unwrap();
            let times: Vec<_> = chapters.iter().filter_map(|chapter| told_at(&chapter.body)).collect();
            assert!(!times.is_empty(), "{:?} has no times", entry.path());
            assert!(times.is_sorted(), "{:?} goes back in time", entry.path());
        }
    }
}
