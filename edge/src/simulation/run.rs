//! A plan: pages poll and listen, an incident doubles their number in a minute, and two updates follow it.

use super::isolate::Isolate;
use super::steps::{BUCKETS, Heard, MOST_ISOLATES, REQUESTS_OF_AN_ISOLATE, STEP, Second, World};
use super::world::{REGIONS, open_pages};
use crate::read::MAX_STREAMS;

/// When the incident is opened, how long the number of pages grows then, when the updates follow, and the end. Seconds.
pub const OPENED: i64 = 60;
pub const GROWS: i64 = 60;
pub const UPDATES: [i64; 2] = [180, 240];
pub const ENDS: i64 = 300;

/// What is simulated.
pub struct Plan {
    /// How many pages are open before the incident.
    pub pages: f64,
    /// The hour of UTC.
    pub hour: i32,
}

/// What came of it.
pub struct Outcome {
    pub seconds: Vec<Second>,
    /// Of the opening of the incident, and of the updates.
    pub heard: Vec<Heard>,
    pub isolates: f64,
    /// The longest time that a request waited for its turn at the object, in milliseconds.
    pub longest: f64,
}

impl Plan {
    /// Runs it.
    pub fn run(&self) -> Outcome {
        let mut world = World::new();
        let mut isolates = 0.0;
        for (region, pages) in REGIONS.iter().zip(open_pages(self.pages, self.hour)) {
            let each = pages / f64::from(region.centres);
            // For twice as many.
            #[expect(clippy::cast_precision_loss, reason = "thousands")]
            let needed =
                (2.0 * each / 30.0 / REQUESTS_OF_AN_ISOLATE).max(2.0 * each / MAX_STREAMS as f64).ceil();
            for _ in 0..region.centres {
                isolates += needed.max(1.0);
                world.centre(
                    each / needed.max(1.0) * needed.clamp(1.0, f64::from(MOST_ISOLATES)),
                    needed.max(1.0),
                    region.round_trip,
                );
            }
        }
        let before: Vec<[f64; 2]> = world
            .isolates
            .iter()
            .map(|(_, pages, _)| pages.polling.each_ref().map(|all| all.iter().sum()))
            .collect();
        let (mut seconds, mut seen) = (Vec::new(), (0.0, 0.0, 0.0, 0.0));
        for step in 1..=ENDS.saturating_mul(1_000) / STEP {
            let now = step.saturating_mul(STEP);
            let second = now / 1_000;
            if now % 1_000 == 0 && (second == OPENED || UPDATES.contains(&second)) {
                world.update();
            }
            if (OPENED..OPENED.saturating_add(GROWS)).contains(&second) {
                #[expect(clippy::cast_precision_loss, reason = "hundreds")]
                let share = STEP as f64 / 1e3 / GROWS as f64;
                world.grow(share, &before, usize::try_from(step).unwrap_or_default() % BUCKETS);
            }
            world.step(now);
            if now % 1_000 == 0 {
                let mut tally = world.tally(&mut seen);
                if second == OPENED || UPDATES.contains(&second) {
                    // The object copies three documents to KV.
                    tally.used.kv_writes = 3.0;
                }
                seconds.push(tally);
            }
        }
        Outcome { seconds, heard: world.heard, isolates, longest: world.object.longest }
    }
}

/// How many questions one isolate sends to the object in so many seconds, about documents and about changes. `polls`: how many times a
/// second the first document is read; `streams`: how many are open for it.
pub fn one_isolate(polls: f64, streams: f64, seconds: i64) -> (f64, f64) {
    let mut world = World::new();
    world.centre(0.0, 1.0, 2);
    if let Some((isolate, pages, _)) = world.isolates.first_mut() {
        // The spread of this one is the mean of all.
        *isolate = Isolate::new(1.0, 500);
        if let Some(polling) = pages.polling.first_mut() {
            polling.fill(polls * f64::from(u32::try_from(STEP).unwrap_or_default()) / 1e3);
        }
        isolate.listen(0, streams, 1, 0);
    }
    for step in 1..=seconds.saturating_mul(1_000) / STEP {
        world.step(step.saturating_mul(STEP));
    }
    (world.object.requests - world.object.changes, world.object.changes)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The black-box tests count the same on the real runtime (`tests/tests/faults/isolate.rs`).
    #[test]
    fn one_isolate_asks_as_often_as_the_real_one() {
        let expected = include_str!("../../../tests/tests/faults/isolate.json");
        let expected: Value = serde_json::from_str(expected).unwrap();
        let number = |name: &str| expected[name].as_f64().unwrap();
        let seconds = expected["seconds"].as_i64().unwrap();
        let (documents, _) = one_isolate(number("polls_per_second"), 0.0, seconds);
        let (_, changes) = one_isolate(0.0, number("streams"), seconds);
        assert_eq!(
            json!({ "documents": documents as u64, "changes": changes as u64 }),
            expected["questions"]
        );
    }

    #[test]
    fn readers_hear_of_everything_and_the_same_plan_gives_the_same_answer() {
        let plan = Plan { pages: 20_000.0, hour: 15 };
        let (outcome, again) = (plan.run(), plan.run());
        let costs = |outcome: &Outcome| -> Vec<f64> {
            outcome.seconds.iter().map(|second| second.used.per_hour()).collect()
        };
        assert_eq!(costs(&outcome), costs(&again));
        for (number, heard) in outcome.heard.iter().enumerate() {
            let readers = |all: &[(i64, f64)]| all.iter().map(|(_, readers)| readers).sum::<f64>();
            let all = readers(&heard.polls) + readers(&heard.streams);
            let open = if number == 0 { 20_000.0 } else { 40_000.0 };
            assert!((all / open - 1.0).abs() < 0.02, "{number}: {all} of {open}");
            // With an object that is not busy, a stream needs two ways to it and one tick at most.
            assert!(heard.streams.iter().all(|(late, _)| (0..2_000).contains(late)), "{number}");
        }
    }
}
