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
/// A longer pause is told as one of this length: nobody watches three days go by.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(3);

/// The times of a story told live: from now on, faster, and without its longest pauses.
struct Telling {
    /// When each pause that is too long begins and ends.
    pauses: Vec<(Timestamp, Timestamp)>,
    start: Timestamp,
    now: Timestamp,
    speed: f64,
    /// Tells its ids from those of other tellings.
    name: String,
}

impl Telling {
    fn of(chapters: &[Chapter], now: Timestamp, speed: f64) -> Option<Self> {
        let times: Vec<Timestamp> = chapters.iter().filter_map(|chapter| told_at(&chapter.body)).collect();
        let pauses = times.iter().zip(times.iter().skip(1));
        let pauses = pauses.filter(|(from, to)| to.duration_since(**from) > LONGEST_PAUSE);
        Some(Self {
            pauses: pauses.map(|(from, to)| (*from, *to)).collect(),
            start: *times.first()?,
            now,
            speed,
            name: now.as_second().rem_euclid(86_400 * 30).to_string(),
        })
    }

    /// How long after the beginning something is told that happened at `at`.
    fn after(&self, at: Timestamp) -> SignedDuration {
        let cut = self.pauses.iter().fold(SignedDuration::ZERO, |cut, (from, to)| {
            let passed = (*to).min(at).duration_since(*from).saturating_sub(LONGEST_PAUSE);
            cut.saturating_add(passed.max(SignedDuration::ZERO))
        });
        let story = at.duration_since(self.start).saturating_sub(cut);
        SignedDuration::try_from_secs_f64(story.as_secs_f64() / self.speed).unwrap_or(SignedDuration::ZERO)
    }

    fn time(&self, text: &str) -> Option<Value> {
        let moved = self.now.checked_add(self.after(text.parse().ok()?)).ok()?;
        Some(Value::from(format!("{moved:.3}")))
    }
}

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
    let telling = Telling::of(&chapters, Timestamp::now(), options.speed)
        .context("no update of the story has a time (`at`)")?;
    for chapter in chapters {
        let mut body = chapter.body;
        let id = if options.live {
            let due = told_at(&body).map_or(SignedDuration::ZERO, |at| telling.after(at));
            let waited = Timestamp::now().duration_since(telling.now);
            if let Ok(wait) = Duration::try_from(due.saturating_sub(waited)) {
                std::thread::sleep(wait);
            }
            each(&mut body, &mut |update| make_live(update, &telling));
            format!("{}-{}-{}", options.name, telling.name, chapter.name)
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

/// Moves an update's times to now, and its promises to the story's speed.
fn make_live(update: &mut serde_json::Map<String, Value>, telling: &Telling) {
    update.remove("at");
    for (field, value) in update.iter_mut() {
        match (field.as_str(), &mut *value) {
            (
                "started_at" | "ended_at" | "detected_at" | "resolved_at" | "next_update_at"
                | "scheduled_for" | "scheduled_until" | "verify_at" | "until" | "due",
                Value::String(text),
            ) => {
                if let Some(moved) = telling.time(text) {
                    *value = moved;
                }
            }
            ("next_update_in", Value::String(text)) => {
                if let Ok(promise) = text.parse::<SignedDuration>() {
                    // The shortest promise that can still be read.
                    let seconds = (promise.as_secs_f64() / telling.speed).max(60.0);
                    *value = Value::from(format!("{seconds:.0}s"));
                }
            }
            ("timeline", Value::Array(lines)) => {
                for at in lines.iter_mut().filter_map(|line| line.get_mut("at")) {
                    if let Some(moved) = at.as_str().and_then(|text| telling.time(text)) {
                        *at = moved;
                    }
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
                *id = format!("{id}-{}", telling.name);
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
        let telling = Telling { pauses: Vec::new(), start, now, speed: 60.0, name: "7".to_owned() };
        each(&mut update, &mut |update| make_live(update, &telling));
        assert_eq!(
            update,
            json!({
                "type": "incident.open", "id": "down-7",
                "started_at": "2026-01-01T00:00:00.000Z", "detected_at": "2026-01-01T00:00:02.000Z", "next_update_in": "120s"
            })
        );
    }

    #[test]
    fn a_live_story_skips_what_nobody_would_watch() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let start = at("2010-10-04T15:00:00Z");
        let pauses = vec![(at("2010-10-04T16:00:00Z"), at("2010-10-07T16:00:00Z"))];
        let telling = Telling { pauses, start, now: start, speed: 60.0, name: String::new() };
        let minutes = |text: &str| telling.after(at(text)).as_secs() / 60;
        assert_eq!(minutes("2010-10-04T16:00:00Z"), 1);
        assert_eq!(minutes("2010-10-05T16:00:00Z"), 4, "inside the pause");
        assert_eq!(minutes("2010-10-07T16:00:00Z"), 4);
        assert_eq!(minutes("2010-10-07T17:00:00Z"), 5);
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
