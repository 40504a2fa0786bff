//! How the page's parts are doing: the one place that composes what `/healthz` and `/metrics` tell.
//!
//! A new part (a mirror, a stream) gets a field in [`Health`] or [`Observed`], which [`observe`] fills, and a line in
//! the table of `gauges.rs`.

use std::collections::BTreeMap;

use candor_shared::state::{ComponentState, Impact};
use candor_shared::text::Url;
use candor_shared::time::Time;
use serde::Serialize;

use super::copies::{Copies, CopyHealth};
use super::failure::Failure;
use super::live::Live;
use super::push::{MirrorHealth, Mirrors};
use super::standby::StandbyState;
use crate::clock::seconds;
use crate::document::{Document, parameter};
use crate::http::Problem;
use crate::settings::{KEYS, Settings};

/// How the page is doing, for monitoring: the body of `/healthz`. Spans are in seconds.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Health {
    /// `ok`: the settings are valid, and the storage answers.
    pub status: &'static str,
    /// The page's version; 0 until something is published.
    pub version: u64,
    /// The epoch of the storage: a random id that it got when it was made. Another one means another storage.
    pub epoch: String,
    /// When the version was published; absent until something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Time>,
    /// Whether documents are signed: `signed`, `unsigned` without a key, `expired` if all keys have expired.
    pub editions: &'static str,
    /// Whether a restore is under way. Until its end there is no page.
    pub is_restoring: bool,
    /// How long before this question the object last confirmed to this isolate what it serves; absent if it never did. While the page
    /// is read, 4 seconds at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_age: Option<f64>,
    /// The streams of `/events` in the isolate that was asked.
    pub streams: StreamHealth,
    /// The last-known-good copies in KV.
    pub copies: CopyHealth,
    /// The alarm, which makes the changes that come with time.
    pub alarm: AlarmHealth,
    /// The newest export that somebody has confirmed to have stored; null if there is none.
    pub export: Option<ExportHealth>,
    /// The buckets to which each edition is put (`CANDOR_PUSH`).
    pub mirrors: Vec<MirrorHealth>,
    /// The standby; absent if this deployment is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standby: Option<StandbyHealth>,
}

/// How streams are doing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StreamHealth {
    /// How many are open.
    pub open: u64,
    /// For how long at most one of them has been without the newest version.
    pub lag: f64,
}

/// A confirmed export.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExportHealth {
    /// The version that it ends with.
    pub exported_version: u64,
    /// When it was confirmed.
    pub confirmed_at: Time,
    /// How long ago that was.
    pub age: f64,
}

/// How a standby is doing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StandbyHealth {
    /// What it does.
    pub state: StandbyState,
    /// The page that it follows.
    pub follows: Option<Url>,
    /// When that page last confirmed that this is its page; absent before it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Time>,
    /// How long ago that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_age: Option<f64>,
}

/// How the alarm is doing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AlarmHealth {
    /// When the page next changes by itself; absent if it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_change_at: Option<Time>,
    /// How long a change had been due when this question came; 0 if none was. The question makes it, if the storage takes it.
    pub lag: f64,
    /// How late the alarm made the last change that was due; absent if it has made none since the object started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_late: Option<f64>,
}

/// What `/metrics` tells beyond [`Health`].
pub struct Observed {
    pub health: Health,
    /// When all this was observed.
    pub at: Time,
    /// Since when a change has been due that the storage does not take; none if it takes them.
    pub refused_since: Option<Time>,
    /// Since when nobody can write, because all keys have expired; none if somebody can.
    pub writers_expired: Option<Time>,
    /// When this instance of the object started.
    pub started_at: Time,
    /// The open incidents by impact, as people see it. Every impact is there.
    pub incidents: Vec<(Impact, usize)>,
    /// The components that are no groups, by the status that visitors see. Every status is there.
    pub components: Vec<(ComponentState, usize)>,
    /// When the promised updates of open incidents are due, the earliest first.
    pub promises: Vec<Time>,
    /// The lines of the audit log.
    pub log_rows: u64,
    /// The size of the database in bytes.
    pub storage_bytes: usize,
    /// The requests to write since the object started, by outcome.
    pub writes: BTreeMap<String, u64>,
    /// When the first key of `CANDOR_KEYS`, and when the last one of `CANDOR_EDITION_KEY`, stops being accepted.
    pub keys_expire: Option<Time>,
    pub editions_expire: Option<Time>,
}

/// What the object knows beside the page in memory.
pub(super) struct Surroundings<'a> {
    pub settings: &'a Settings,
    pub copies: &'a Copies,
    /// The buckets to which editions are put, if this instance has any.
    pub mirrors: Option<&'a Mirrors>,
    /// When this instance of the object started.
    pub started_at: Time,
    /// How late the alarm made the last change that was due, in milliseconds.
    pub changed_late: Option<i64>,
    /// The requests to write, by outcome.
    pub writes: &'a BTreeMap<String, u64>,
    /// The size of the database in bytes.
    pub storage_bytes: usize,
    /// What the isolate knows that was asked, as a query: `confirmed`, when this object last confirmed what is served there, in
    /// milliseconds since 1970; `streams`, how many are open; `behind`, for how many milliseconds one has had something to send;
    /// `heard`, the newest version that they know.
    pub query: &'a str,
}

impl Observed {
    /// Why the page is not in order although it can be read, if so: the storage does not take a change that is due, or nobody can
    /// write.
    pub fn refusal(&self) -> Option<Problem> {
        let Some(since) = self.refused_since else {
            return self.writers_expired.map(|since| {
                Problem::unavailable(format!(
                    "Nobody can write: all keys in {KEYS} have expired, the last one at {since}, and every update is refused. Set a key that \
                     has not expired. What is published is served as before."
                ))
            });
        };
        let version = self.health.version;
        Some(Problem::unavailable(format!(
            "The page's storage can be read but takes no more: a change has been due since {since} and cannot be stored. Documents \
             show version {version}, the newest that is stored; updates are refused."
        )))
    }
}

/// Observes the page and what is around it.
///
/// # Errors
/// If the storage cannot be read.
pub(super) fn observe(live: &mut Live, around: &Surroundings<'_>, now: Time) -> Result<Observed, Failure> {
    let Surroundings { settings, copies, mirrors, started_at, changed_late, writes, storage_bytes, query } =
        around;
    let lag = live.next_change().map_or(0, |next| now.millis_since(next));
    live.keep_up(now)?;
    // Whether it can be read is part of the question.
    live.document(&Document::Status, live.confirmed_at(now))?;
    let published_at = Some(live.published_at()).filter(|_| live.version() > 0);
    let number = |name| parameter(query, name).and_then(|digits| digits.parse::<i64>().ok());
    let open = number("streams").unwrap_or_default();
    let is_behind = open > 0 && number("heard").is_some_and(|heard| heard < live.version().cast_signed());
    let unheard = published_at.filter(|_| is_behind).map_or(0, |at| now.millis_since(at));
    let health = Health {
        status: "ok",
        version: live.version(),
        epoch: live.epoch().to_string(),
        published_at,
        editions: settings.editions.as_ref().map_or("unsigned", |editions| editions.word(now)),
        is_restoring: live.is_restoring,
        confirmation_age: number("confirmed")
            .and_then(Time::from_millis)
            .map(|at| seconds(now.millis_since(at))),
        streams: StreamHealth {
            open: open.unsigned_abs(),
            lag: seconds(number("behind").unwrap_or_default().max(unheard)),
        },
        copies: copies.health(live.version(), published_at, now),
        alarm: AlarmHealth {
            next_change_at: live.next_change(),
            lag: seconds(lag),
            last_late: changed_late.map(seconds),
        },
        export: live.ledger.confirmed_export()?.map(|export| ExportHealth {
            exported_version: export.version,
            confirmed_at: export.confirmed_at,
            age: seconds(now.millis_since(export.confirmed_at)),
        }),
        mirrors: mirrors.map(|mirrors| mirrors.health(live, now)).unwrap_or_default(),
        standby: live.standing().ok().map(|standing| {
            // What documents say, too: a confirmation from the future says nothing.
            let confirmed_at =
                if live.is_following() { Some(live.confirmed_at(now)) } else { standing.confirmed_at };
            StandbyHealth {
                state: standing.state,
                follows: standing.follows,
                confirmed_at,
                confirmation_age: confirmed_at.map(|at| seconds(now.millis_since(at))),
            }
        }),
    };
    let state = &live.state;
    let shown: Vec<Impact> = state.open_incidents().map(|one| state.shown_impact(one)).collect();
    let leaves = || state.components.values().filter(|component| !component.is_group);
    let mut promises: Vec<Time> = state.open_incidents().filter_map(|one| one.next_update_at).collect();
    promises.sort_unstable();
    Ok(Observed {
        health,
        at: now,
        refused_since: live.overdue(now),
        writers_expired: keys_expire(settings, now).filter(|end| *end <= now),
        started_at: *started_at,
        incidents: counted(Impact::ALL, |impact| shown.iter().filter(|one| *one == impact).count()),
        components: counted(ComponentState::ALL, |status| leaves().filter(|c| c.shown == *status).count()),
        promises,
        log_rows: live.ledger.log_rows()?,
        storage_bytes: *storage_bytes,
        writes: (*writes).clone(),
        keys_expire: keys_expire(settings, now),
        editions_expire: editions_expire(settings),
    })
}

fn counted<T: Copy>(all: &[T], count: impl Fn(&T) -> usize) -> Vec<(T, usize)> {
    all.iter().map(|one| (*one, count(one))).collect()
}

/// When the first of the keys that may write expires; if all have expired, when the last one did.
fn keys_expire(settings: &Settings, now: Time) -> Option<Time> {
    let ends = || settings.keys.as_deref().unwrap_or_default().iter().map(|key| key.not_after);
    ends().flatten().filter(|end| *end > now).min().or_else(|| last(ends()))
}

/// When nothing is signed any more, or since when; none if one of the keys does not expire.
fn editions_expire(settings: &Settings) -> Option<Time> {
    last(settings.editions.as_ref().ok()?.keys.iter().map(|key| key.not_after))
}

/// The last of these ends; none if one is missing.
fn last(ends: impl Iterator<Item = Option<Time>>) -> Option<Time> {
    ends.collect::<Option<Vec<Time>>>()?.into_iter().max()
}
