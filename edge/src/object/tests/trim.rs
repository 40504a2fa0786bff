//! Old lines of the log are deleted behind a confirmed export, and nothing else of the page notices.

use std::rc::Rc;

use candor_shared::text::Url;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::backup::{documents, empty, export, exported, restore, stored};
use super::histories::{minutes_after, steps, take};
use super::page::{OPEN, Page, SET_UP, settings_with};
use crate::object::failure::Failure;
use crate::object::log_page::Wanted;
use crate::object::parts::PartOf;
use crate::object::standby::{SignedOrder, StandbyOrder};
use crate::settings::{Editions, Settings};
use crate::storage::{CHUNK_BYTES, Sql};

const DAY: i64 = 24 * 60;

/// Says that the export in this file is stored.
fn confirm(page: &Page, file: &str) -> Result<u64, u16> {
    match page.live.confirm(file.lines().last().unwrap().as_bytes(), page.now) {
        Ok(confirmed) => Ok(confirmed.version),
        Err(Failure::Refused(problem)) => Err(problem.status),
        Err(Failure::Storage(error)) => panic!("{error}"),
    }
}

fn keep_days(page: &mut Page, days: u32) {
    page.restart_with(Rc::new(Settings { log_days: Ok(Some(days)), ..settings_with(Editions::default()) }));
}

fn trim(page: &Page) {
    while page.live.trim(page.now).unwrap() {}
}

fn versions(page: &Page) -> Vec<u64> {
    let rows = page.sql.run("SELECT version FROM log ORDER BY version", vec![]).unwrap();
    rows.iter().map(|row| row["version"].as_u64().unwrap()).collect()
}

fn log(page: &Page) -> Value {
    serde_json::from_str(&page.live.log(Wanted { before: None, limit: 50 }).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// A page without its old lines has the same documents, and so has the page that is restored from its export; and so on.
    #[test]
    fn a_page_without_its_old_lines_is_the_same_page(before in steps(), after in steps(), days in 1..3_u32, bytes in 200..40_000_usize) {
        let mut page = Page::new();
        page.send(SET_UP);
        for step in &before {
            take(&mut page, step);
        }
        let first = exported(&mut page);
        prop_assert_eq!(confirm(&page, &first), Ok(page.live.version()));
        for step in &after {
            take(&mut page, step);
        }
        // The same page, of which nothing is deleted.
        let mut whole = empty(page.now);
        restore(&mut whole, &exported(&mut page), CHUNK_BYTES).unwrap();
        keep_days(&mut page, days);
        trim(&page);
        let left = versions(&page);
        prop_assert_eq!(left.last().copied(), Some(page.live.version()));
        keep_days(&mut page, days);
        prop_assert_eq!(documents(&mut page), documents(&mut whole));
        prop_assert_eq!(stored(&page)[1..4].to_vec(), stored(&whole)[1..4].to_vec());

        let file = export(&mut page, bytes, |_| {});
        let mut copy = empty(page.now);
        restore(&mut copy, &file, 60_000).unwrap();
        prop_assert_eq!(stored(&copy)[..4].to_vec(), stored(&page)[..4].to_vec());
        prop_assert_eq!(&log(&copy)["begins"], &log(&page)["begins"]);
        prop_assert_eq!(copy.live.version(), page.live.version());
        copy.restart();
        copy.signatures = page.signatures;
        for step in &before {
            take(&mut page, step);
            take(&mut copy, step);
        }
        prop_assert_eq!(documents(&mut copy), documents(&mut page));
        prop_assert_eq!(stored(&copy)[..4].to_vec(), stored(&page)[..4].to_vec());
    }
}

#[test]
fn nothing_is_deleted_that_no_confirmed_export_has() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    let first = exported(&mut page);
    let confirmed = page.live.version();
    page.send(r#"{"type":"notice.post","body":"We move."}"#);
    let newest = page.live.version();
    let all: Vec<u64> = (1..=newest).collect();

    // Not confirmed; confirmed, but kept for ever; not old enough.
    page.now = minutes_after(page.now, 40 * DAY);
    keep_days(&mut page, 30);
    trim(&page);
    assert_eq!(versions(&page), all);
    assert_eq!(confirm(&page, &first), Ok(confirmed));
    page.restart();
    trim(&page);
    keep_days(&mut page, 41);
    trim(&page);
    assert_eq!((versions(&page), log(&page)["begins"].clone()), (all, Value::Null));

    keep_days(&mut page, 30);
    trim(&page);
    assert_eq!(versions(&page), [newest]);
    let sha256 =
        first.lines().last().map(|end| serde_json::from_str::<Value>(end).unwrap()["end"]["sha256"].clone());
    let begins =
        json!({"from": newest, "before": {"version": confirmed, "sha256": sha256, "confirmed_at": page.now}});
    assert_eq!(log(&page)["begins"], begins);
    assert_eq!(log(&page)["next"], Value::Null);
    let file = exported(&mut page);
    let manifest: Value = serde_json::from_str(file.lines().next().unwrap()).unwrap();
    assert_eq!(manifest["manifest"]["log"], begins);

    // The newest line stays, although a confirmed export has it: a restarted object finds its version there.
    assert_eq!(confirm(&page, &file), Ok(newest));
    page.now = minutes_after(page.now, 400 * DAY);
    trim(&page);
    keep_days(&mut page, 1);
    assert_eq!((versions(&page), page.live.version()), (vec![newest], newest));
    // The clock breaks a promise, and an operator clears the notice.
    assert_eq!(page.send(r#"{"type":"notice.clear"}"#).version, newest + 2);
}

#[test]
fn only_an_export_that_was_made_here_can_be_confirmed() {
    let mut page = Page::new();
    page.send(SET_UP);
    let file = exported(&mut page);
    let end = file.lines().last().unwrap().to_owned();
    for wrong in ["", "{}", "{\"abort\":{}}", file.lines().next().unwrap()] {
        assert_eq!(confirm(&page, &format!("{wrong}\n{wrong}\n ")), Err(422), "{wrong}");
    }
    assert_eq!(confirm(&page, &end.replacen("\"version\":2", "\"version\":3", 1)), Err(404));
    assert_eq!(confirm(&page, &end.replacen("\"sha256\":\"", "\"sha256\":\"0", 1)), Err(404));
    let mut other = empty(page.now);
    restore(&mut other, &file, CHUNK_BYTES).unwrap();
    assert_eq!(confirm(&other, &file), Err(404));
    // Twice is once, and an older one does not take the place of a newer one.
    assert_eq!((confirm(&page, &file), confirm(&page, &file)), (Ok(2), Ok(2)));
    page.send(OPEN);
    let newer = exported(&mut page);
    assert_eq!(confirm(&page, &newer), Ok(3));
    assert_eq!(confirm(&page, &file), Err(404));
    // What is remembered is bounded.
    for _ in 0..40 {
        page.now = minutes_after(page.now, 1);
        exported(&mut page);
    }
    let rows = page.sql.run("SELECT count(*) AS n FROM export", vec![]).unwrap();
    assert_eq!(rows[0]["n"], 17);
    assert_eq!(page.live.ledger.confirmed_export().unwrap().map(|export| export.version), Some(3));
}

#[test]
fn a_long_log_is_trimmed_in_batches_and_an_export_under_way_begins_anew() {
    let mut page = Page::new();
    page.send(SET_UP);
    for _ in 0..12 {
        let updates: Vec<Value> = (0..100)
            .map(|n| json!({"type":"component.set","id":"api","status":if n % 2 == 0 { "major_outage" } else { "operational" }}))
            .collect();
        page.send(&Value::from(updates).to_string());
    }
    let file = exported(&mut page);
    confirm(&page, &file).unwrap();
    let part = page.live.export(PartOf::Whole, 1_000, page.now).unwrap();
    page.now = minutes_after(page.now, 2 * DAY);
    keep_days(&mut page, 1);
    assert!(page.live.trim(page.now).unwrap());
    assert_eq!(versions(&page).len(), 702);
    let cursor = part.next.unwrap().to_string();
    match page.live.export(PartOf::Rest(&cursor), 1_000, page.now) {
        Err(Failure::Refused(problem)) => assert_eq!(problem.status, 409),
        _ => panic!("there would be a gap"),
    }
    trim(&page);
    assert_eq!(versions(&page), [1_202]);
}

/// What it has accepted is merged from its log, however old it is.
#[test]
fn a_promoted_standby_keeps_what_it_has_accepted() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    let settings = |follows| {
        Rc::new(Settings {
            follows: Ok(follows),
            log_days: Ok(Some(1)),
            ..settings_with(Editions::default())
        })
    };
    let mut standby = Page::of_object("fedcba9876543210");
    standby.restart_with(settings(Some(Url::try_from("https://status.example.com".to_owned()).unwrap())));
    standby.now = page.now;
    restore(&mut standby, &exported(&mut page), CHUNK_BYTES).unwrap();
    let order =
        SignedOrder { signature: "once".to_owned(), received_at: None, order: StandbyOrder::Promote {} };
    assert_eq!(standby.live.obey(&order, standby.now).unwrap().promoted_version, Some(3));
    standby.signatures = 100;
    standby.send(r#"{"type":"notice.post","body":"We move."}"#);
    standby.now = minutes_after(standby.now, 2 * DAY);
    standby.send(r#"{"type":"notice.clear"}"#);
    let newest = standby.live.version();
    let file = exported(&mut standby);
    confirm(&standby, &file).unwrap();
    trim(&standby);
    assert_eq!(versions(&standby), (4..=newest).collect::<Vec<u64>>());
    assert_eq!(log(&standby)["begins"]["from"], 4);
    // It is the page for good.
    standby.restart_with(settings(None));
    trim(&standby);
    assert_eq!(versions(&standby), (5..=newest).collect::<Vec<u64>>());
}

#[test]
fn where_the_log_begins_must_be_possible() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    let file = exported(&mut page);
    confirm(&page, &file).unwrap();
    page.now = minutes_after(page.now, 2 * DAY);
    keep_days(&mut page, 1);
    trim(&page);
    let file = exported(&mut page);
    for (right, wrong) in [
        ("\"from\":3", "\"from\":1"),
        ("\"from\":3", "\"from\":2"),
        ("\"from\":3", "\"from\":9007199254740993"),
    ] {
        let mut copy = empty(page.now);
        match restore(&mut copy, &file.replacen(right, wrong, 1), CHUNK_BYTES) {
            Err(Failure::Refused(problem)) => assert_eq!(problem.status, 422, "{}", problem.detail),
            other => panic!("{wrong}: {other:?}"),
        }
    }
}
