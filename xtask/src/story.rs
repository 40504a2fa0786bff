//! `story`: replays an outage from `examples/stories`, as history or live.
//!
//! A story is a folder of numbered JSON files. Each file is the body of one request, and each update in it has the time
//! (`at`) of its publication.

use crate::keys::{self, Key};
use crate::send::Sender;
use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::fs;
use std::time::Duration;
use xtask::paths;

/// The default speed: one hour of the story takes one minute.
const SPEED: f64 = 60.0;
/// Longer pauses are shortened to this length, so that nobody waits while three days of the story pass.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(3);

/// How a live replay maps the times of a story: it starts now, runs faster, and shortens long pauses.
struct Replay {
    /// The start and end of each pause that is longer than [`LONGEST_PAUSE`].
    pauses: Vec<(Timestamp, Timestamp)>,
    start: Timestamp,
    now: Timestamp,
    speed: f64,
    /// Makes the ids of this replay differ from those of other replays.
    name: String,
}

impl Replay {
    fn of(chapters: &[Chapter], now: Timestamp, speed: f64) -> Option<Self> {
        let times: Vec<Timestamp> = chapters.iter().filter_map(|chapter| time_of(&chapter.body)).collect();
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

    /// How long after the start of the replay an event of the time `at` is published.
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
            bail!("--speed has to be a number above 0");
        }
        Ok(Self {
            name: name.with_context(|| format!("no story given: add a name; {}", list()))?,
            url: url.context("no address given: add --url http://127.0.0.1:8787")?,
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
    let replay = Replay::of(&chapters, Timestamp::now(), options.speed)
        .context("no update of the story has a time (`at`)")?;
    for chapter in chapters {
        let mut body = chapter.body;
        let id = if options.live {
            let due = time_of(&body).map_or(SignedDuration::ZERO, |at| replay.after(at));
            let waited = Timestamp::now().duration_since(replay.now);
            if let Ok(wait) = Duration::try_from(due.saturating_sub(waited)) {
                std::thread::sleep(wait);
            }
            each(&mut body, &mut |update| make_live(update, &replay));
            format!("{}-{}-{}", options.name, replay.name, chapter.name)
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
        .with_context(|| format!("unknown story {name}; {}", list()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
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
    format!("the stories are: {}", names.join(", "))
}

/// Applies `change` to each update of a request.
fn each(body: &mut Value, change: &mut dyn FnMut(&mut serde_json::Map<String, Value>)) {
    match body {
        Value::Array(updates) => updates.iter_mut().for_each(|update| each(update, change)),
        Value::Object(update) => change(update),
        _ => {}
    }
}

/// The time of a request: the first `at` in it.
fn time_of(body: &Value) -> Option<Timestamp> {
    match body {
        Value::Array(updates) => updates.iter().find_map(time_of),
        update => update.get("at")?.as_str()?.parse().ok(),
    }
}

/// Moves the times of an update to the present, and scales its promises to the replay's speed.
fn make_live(update: &mut serde_json::Map<String, Value>, replay: &Replay) {
    update.remove("at");
    for (field, value) in update.iter_mut() {
        match (field.as_str(), &mut *value) {
            (
                "started_at" | "ended_at" | "detected_at" | "resolved_at" | "next_update_at"
                | "scheduled_for" | "scheduled_until" | "verify_at" | "until" | "due",
                Value::String(text),
            ) => {
                if let Some(moved) = replay.time(text) {
                    *value = moved;
                }
            }
            ("next_update_in", Value::String(text)) => {
                if let Ok(promise) = text.parse::<SignedDuration>() {
                    // At least a minute, so that a visitor can read the promise before it passes.
                    let seconds = (promise.as_secs_f64() / replay.speed).max(60.0);
                    *value = Value::from(format!("{seconds:.0}s"));
                }
            }
            ("timeline", Value::Array(lines)) => {
                for at in lines.iter_mut().filter_map(|line| line.get_mut("at")) {
                    if let Some(moved) = at.as_str().and_then(|text| replay.time(text)) {
                        *at = moved;
                    }
                }
            }
            _ => {}
        }
    }
    // Each replay has its own incident, maintenance and follow-ups. Components and templates are shared.
    let has_own_id = update.get("type").and_then(Value::as_str).is_some_and(|name| {
        ["incident.", "maintenance.", "postmortem.", "followup."].iter().any(|kind| name.starts_with(kind))
    });
    if has_own_id {
        for field in ["id", "incident", "maintenance"] {
            if let Some(Value::String(id)) = update.get_mut(field) {
                *id = format!("{id}-{}", replay.name);
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
        let replay = Replay { pauses: Vec::new(), start, now, speed: 60.0, name: "7".to_owned() };
        each(&mut update, &mut |update| make_live(update, &replay));
        assert_eq!(
            update,
            json!({
                "type": "incident.open", "id": "down-7",
                "started_at": "2026-01-01T00:00:00.000Z", "detected_at": "2026-01-01T00:00:02.000Z", "next_update_in": "120s"
            })
        );
    }

    #[test]
    fn a_live_story_shortens_long_pauses() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let start = at("2010-10-04T15:00:00Z");
        let pauses = vec![(at("2010-10-04T16:00:00Z"), at("2010-10-07T16:00:00Z"))];
        let replay = Replay { pauses, start, now: start, speed: 60.0, name: String::new() };
        let minutes = |text: &str| replay.after(at(text)).as_secs() / 60;
        assert_eq!(minutes("2010-10-04T16:00:00Z"), 1);
        assert_eq!(minutes("2010-10-05T16:00:00Z"), 4, "inside the pause");
        assert_eq!(minutes("2010-10-07T16:00:00Z"), 4);
        assert_eq!(minutes("2010-10-07T17:00:00Z"), 5);
    }

    #[test]
    fn every_story_parses_and_is_in_order() {
        for entry in fs::read_dir(paths::root().join("examples/stories")).unwrap().flatten() {
            let chapters = read(&entry.file_name().to_string_lossy()).unwrap();
            let times: Vec<_> = chapters.iter().filter_map(|chapter| time_of(&chapter.body)).collect();
            assert!(!times.is_empty(), "{:?} has no times", entry.path());
            assert!(times.is_sorted(), "{:?} goes back in time", entry.path());
        }
    }
}
