//! Generated histories of a page, with every kind of update.

use candor_shared::time::Time;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::page::Page;

/// So many minutes before or after a time.
pub(super) fn minutes_after(time: Time, minutes: i64) -> Time {
    Time::from_millis(time.as_millis().saturating_add(minutes.saturating_mul(60_000))).unwrap()
}

/// An update, and how many minutes pass before it. The times in it are minutes from then on, as `{"minutes": n}`.
pub(super) type Step = (Value, i64);

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((update(), 0..400i64), 1..50)
}

fn in_minutes(from: std::ops::Range<i64>) -> impl Strategy<Value = Value> {
    from.prop_map(|minutes| json!({ "minutes": minutes }))
}

fn update() -> impl Strategy<Value = Value> {
    let one = |all: &'static [&'static str]| prop::sample::select(all);
    let state = one(&["operational", "degraded_performance", "partial_outage", "major_outage"]);
    let status = one(&["investigating", "identified", "monitoring", "resolved", "resolved"]);
    let component = one(&["api", "web", "mail"]);
    let id = one(&["i0", "i1", "i2", ""]);
    let text = one(&["We broke it.", "Älter — \u{1f980} \"quoted\"\nand a line", "{\"end\":{}}"]);
    let with_id = |mut update: Value, id: &str| {
        if !id.is_empty() {
            update["id"] = id.into();
        }
        update
    };
    prop_oneof![
        3 => (component.clone(), state.clone(), prop::option::of(in_minutes(-3000..0))).prop_map(|(c, s, at)| {
            let mut update = json!({"type":"component.set","id":c,"name":c,"status":s});
            if let Some(at) = at {
                update["at"] = at;
            }
            update
        }),
        1 => component.clone().prop_map(|c| json!({"type":"component.remove","id":c})),
        3 => (id.clone(), text.clone(), component.clone(), state.clone(), in_minutes(-3000..0)).prop_map(move |(id, text, c, s, at)| with_id(json!({"type":"incident.open","name":"n","impact":"minor","body":{"en":text,"de":"Kaputt."},"components":{c:s},"started_at":at,"next_update_in":"30m"}), id)),
        5 => (id.clone(), status, text.clone()).prop_map(|(id, s, text)| {
            let mut update = json!({"type":"incident.update","status":s,"body":text});
            if !id.is_empty() {
                update["incident"] = id.into();
            }
            update
        }),
        2 => (id.clone(), text.clone()).prop_map(|(id, text)| json!({"type":"incident.amend","incident":id,"update":1,"body":text})),
        2 => (one(&["m0", "m1", ""]), component, in_minutes(0..600), in_minutes(600..2000)).prop_map(move |(id, c, from, until)| with_id(json!({"type":"maintenance.schedule","name":"n","body":"b","components":[c],"scheduled_for":from,"scheduled_until":until,"change":{"kind":"disk"}}), id)),
        1 => one(&["m0", "m1"]).prop_map(|id| json!({"type":"maintenance.update","maintenance":id,"status":"cancelled","body":"b"})),
        1 => (text.clone(), in_minutes(1..900)).prop_map(|(text, until)| json!({"type":"notice.post","body":text,"until":until})),
        1 => Just(json!({"type":"notice.clear"})),
        1 => one(&["t0", "t1"]).prop_map(|id| json!({"type":"template.set","id":id,"body":"b"})),
        1 => one(&["t0", "t1"]).prop_map(|id| json!({"type":"template.remove","id":id})),
        1 => id.clone().prop_map(|id| json!({"type":"postmortem.publish","incident":id,"summary":"We broke it for an hour.","attested_by":"ops"})),
        1 => (id, in_minutes(1..3000)).prop_map(|(id, due)| json!({"type":"followup.set","incident":id,"name":"Ring earlier","due":due})),
        1 => one(&["Etc/UTC", "Asia/Kolkata", "America/St_Johns"]).prop_map(|zone| json!({"type":"page.set","time_zone":zone,"url":"https://status.example.com"})),
    ]
}

/// Puts the time in place of `{"minutes": n}`.
fn timed(value: &mut Value, now: Time) {
    match value {
        Value::Object(object) => match object.get("minutes").and_then(Value::as_i64) {
            Some(minutes) => *value = minutes_after(now, minutes).to_string().into(),
            None => object.values_mut().for_each(|value| timed(value, now)),
        },
        Value::Array(values) => values.iter_mut().for_each(|value| timed(value, now)),
        _ => {}
    }
}

/// Does a step. A refusal is as good as a success.
pub(super) fn take(page: &mut Page, (update, minutes): &Step) {
    page.now = minutes_after(page.now, *minutes);
    let mut update = update.clone();
    timed(&mut update, page.now);
    let mut request = page.request(&update.to_string());
    if page.signatures.is_multiple_of(3) {
        request.idempotency = Some(format!("key {}", page.signatures));
    }
    let _ = page.submit(&request);
}
