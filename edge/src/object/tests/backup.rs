//! Export and restore: the restored page is the page.

use proptest::prelude::*;
use serde_json::Value;

use super::histories::{minutes_after, steps, take};
use super::page::{OPEN, Page, SET_UP, refused, time};
use crate::document::Document;
use crate::object::failure::Failure;
use crate::object::parts::PartOf;
use crate::object::submission::Submission;
use crate::storage::{CHUNK_BYTES, Progress, Sql};

/// An export in parts of so many bytes. Before each further part, something may happen.
pub(super) fn export(page: &mut Page, bytes: usize, meanwhile: impl FnMut(&mut Page)) -> String {
    export_from(page, PartOf::Whole, bytes, meanwhile)
}

/// The same, from a first part.
pub(super) fn export_from(
    page: &mut Page,
    first: PartOf<'_>,
    bytes: usize,
    mut meanwhile: impl FnMut(&mut Page),
) -> String {
    let mut file = String::new();
    let mut after: Option<String> = None;
    loop {
        let part = after.as_deref().map_or(first, PartOf::Rest);
        let part = page.live.export(part, bytes, page.now).unwrap();
        file.push_str(&part.lines);
        match part.next {
            Some(next) => after = Some(next.to_string()),
            None => return file,
        }
        meanwhile(page);
    }
}

pub(super) fn exported(page: &mut Page) -> String {
    export(page, CHUNK_BYTES, |_| {})
}

/// Sends a file in slices of so many bytes.
pub(super) fn restore(page: &mut Page, file: &str, bytes: usize) -> Result<Progress, Failure> {
    let mut next = 0;
    loop {
        let from = usize::try_from(next).unwrap();
        let slice = &file.as_bytes()[from..file.len().min(from.saturating_add(bytes))];
        let progress = page.live.restore(next, slice, page.now)?;
        if progress.done {
            return Ok(progress);
        }
        assert!(progress.next > next, "{progress:?}");
        next = progress.next;
    }
}

/// All documents, each with its path.
pub(super) fn documents(page: &mut Page) -> Vec<(String, Option<String>)> {
    page.live.catch_up(page.now).unwrap();
    let mut paths: Vec<String> = [
        "/status.json",
        "/bulletin.json",
        "/bulletin.json?lang=de",
        "/panel.json",
        "/panel.json?lang=de",
        "/metrics.json",
        "/notice.json",
        "/api/v2/summary.json",
        "/api/v2/status.json",
        "/api/v2/components.json",
        "/api/v2/incidents.json",
        "/api/v2/incidents/unresolved.json",
        "/api/v2/scheduled-maintenances.json",
        "/api/v2/scheduled-maintenances/upcoming.json",
        "/api/v2/scheduled-maintenances/active.json",
        "/history.atom",
        "/history.rss",
        "/feed.json",
        "/feed.json?lang=de",
        "/badge.svg",
        "/badge.svg?component=api",
        "/",
        "/?lang=de",
        "/history",
        "/history/2026-02",
        "/history/2026-03",
        "/embed",
        "/embed?variant=inline",
    ]
    .map(str::to_owned)
    .into();
    for row in rows(page, "SELECT kind, id FROM entity") {
        let id = row["id"].as_str().unwrap();
        match row["kind"].as_str().unwrap() {
            "incident" => paths.push(format!("/incidents/{id}")),
            "maintenance" => paths.push(format!("/maintenances/{id}")),
            "postmortem" => paths.push(format!("/postmortems/{id}.json")),
            _ => {}
        }
    }
    let read = |path: String| {
        let (plain, query) = path.split_once('?').unwrap_or((&path, ""));
        let document = Document::at(plain, query).unwrap_or_else(|| panic!("{path}"));
        let body = page.document(&document);
        (path, body)
    };
    paths.into_iter().map(read).collect()
}

fn rows(page: &Page, query: &str) -> Vec<Value> {
    page.sql.run(query, vec![]).unwrap()
}

/// Everything that is stored, but for what is derived, and for requests that can no longer be sent again.
pub(super) fn stored(page: &Page) -> Vec<Vec<Value>> {
    let accepted =
        format!("SELECT * FROM accepted WHERE expires_at >= {} ORDER BY name", page.now.as_millis());
    [
        "SELECT * FROM log ORDER BY version",
        "SELECT * FROM entity ORDER BY kind, id",
        "SELECT * FROM entry ORDER BY kind, id, number",
        "SELECT * FROM component_state ORDER BY rowid",
        &accepted,
    ]
    .into_iter()
    .map(|query| rows(page, query))
    .collect()
}

/// A page in another deployment, with nothing in it.
pub(super) fn empty(now: candor_shared::time::Time) -> Page {
    let mut page = Page::of_object("fedcba9876543210");
    page.now = now;
    page
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happened, whatever happens during the export, and however both are cut into parts.
    #[test]
    fn what_is_restored_is_what_was_exported(
        before in steps(), during in steps(), export_bytes in 200..40_000usize, restore_bytes in 9_000..60_000usize, later in 0..4000i64,
    ) {
        let mut page = Page::new();
        page.send(SET_UP);
        for step in &before {
            take(&mut page, step);
        }
        let mut during = during.iter();
        let file = export(&mut page, export_bytes, |page| {
            if let Some(step) = during.next() {
                take(page, step);
            }
        });
        let mut copy = empty(page.now);
        restore(&mut copy, &file, restore_bytes).unwrap();
        prop_assert_eq!(stored(&copy)[..4].to_vec(), stored(&page)[..4].to_vec());
        prop_assert_eq!(copy.live.next_change(), page.live.next_change());
        prop_assert_eq!(copy.live.published_at(), page.live.published_at());
        prop_assert_ne!(copy.live.epoch(), page.live.epoch());
        page.now = minutes_after(page.now, later);
        copy.now = page.now;
        // In memory, as loaded again, and after the same further updates.
        prop_assert_eq!(documents(&mut copy), documents(&mut page));
        copy.restart();
        page.restart();
        copy.signatures = page.signatures;
        for step in &before {
            take(&mut page, step);
            take(&mut copy, step);
        }
        prop_assert_eq!(documents(&mut copy), documents(&mut page));
        prop_assert_eq!(stored(&copy)[..4].to_vec(), stored(&page)[..4].to_vec());
    }

    /// A restored page can be exported, and so on.
    #[test]
    fn an_export_of_a_restored_page_is_the_same(before in steps()) {
        let mut page = Page::new();
        page.send(SET_UP);
        for step in &before {
            take(&mut page, step);
        }
        let first = exported(&mut page);
        let mut copy = empty(page.now);
        restore(&mut copy, &first, CHUNK_BYTES).unwrap();
        let second = exported(&mut copy);
        let rows = |file: &str| {
            let lines = file.lines().skip(1).filter(|line| !line.starts_with("{\"end\""));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        prop_assert_eq!(rows(&first), rows(&second));
        let page_id = |file: &str| serde_json::from_str::<Value>(file.lines().next().unwrap()).unwrap()["manifest"]["page_id"].clone();
        prop_assert_eq!(page_id(&first), page_id(&second));
    }
}

#[test]
fn the_first_line_says_what_it_is_and_the_last_one_that_it_is_whole() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    let file = exported(&mut page);
    let lines: Vec<Value> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let manifest = &lines[0]["manifest"];
    assert_eq!((manifest["format"].as_u64(), manifest["version"].as_u64()), (Some(1), Some(3)));
    assert_eq!(manifest["epoch"].as_str(), Some(&*page.live.epoch()));
    assert_eq!(manifest["page_id"].as_str(), Some(&*page.live.page_id));
    let end = &lines.last().unwrap()["end"];
    assert_eq!((end["version"].as_u64(), end["lines"].as_u64()), (Some(3), Some(lines.len() as u64 - 1)));
    let log: Vec<_> = lines.iter().filter_map(|line| line["log"]["version"].as_u64()).collect();
    assert_eq!(log, [1, 2, 3]);
}

/// Each kind of entity changes after it was read, and some are gone.
#[test]
fn what_changes_during_an_export_is_read_again() {
    let mut page = Page::new();
    let all = r#"[{"type":"page.set","name":"Trailmark"},{"type":"component.set","id":"api","name":"API"},{"type":"component.set","id":"web","name":"Web"},
        {"type":"template.set","id":"t","body":"b"},{"type":"template.set","id":"u","body":"b"},{"type":"notice.post","body":"One."},
        {"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","next_update_in":"30m"},
        {"type":"incident.update","incident":"down","status":"resolved","body":"It works again."},
        {"type":"incident.open","id":"slow","name":"Slow","impact":"minor","body":"We are slow.","next_update_in":"30m"},
        {"type":"postmortem.publish","incident":"down","summary":"We broke it."},
        {"type":"followup.set","id":"alarm","incident":"down","name":"Ring earlier"},
        {"type":"maintenance.schedule","id":"disks","name":"Disks","body":"b","scheduled_for":"2026-03-03T12:00:00Z","scheduled_until":"2026-03-03T13:00:00Z"}]"#;
    page.send(all);
    let mut changes = [
        r#"{"type":"page.set","name":"Trails"}"#,
        r#"{"type":"component.remove","id":"web"}"#,
        r#"{"type":"template.remove","id":"u"}"#,
        r#"{"type":"notice.clear"}"#,
        r#"{"type":"incident.amend","incident":"down","update":1,"body":"We broke it badly."}"#,
        r#"{"type":"postmortem.publish","incident":"down","summary":"We broke it badly."}"#,
        r#"{"type":"followup.set","id":"alarm","status":"done"}"#,
        r#"{"type":"maintenance.update","maintenance":"disks","status":"cancelled","body":"b"}"#,
    ]
    .into_iter();
    let whole = exported(&mut page).lines().count();
    let mut parts = 0;
    let file = export(&mut page, 1, |page| {
        parts += 1;
        // After the first pass has read all of them; and the clock breaks a promise.
        if parts > whole - 3
            && let Some(change) = changes.next()
        {
            page.now = minutes_after(page.now, 10);
            page.send(change);
        }
    });
    assert_eq!(changes.next(), None, "all happened during the export");
    for kind in
        ["page", "component", "template", "notice", "incident", "postmortem", "followup", "maintenance"]
    {
        assert!(file.contains(&format!("{{\"changed\":{{\"kind\":\"{kind}\"")), "{kind}");
    }
    assert!(file.contains("{\"changed\":{\"kind\":\"incident\",\"id\":\"slow\"}}"), "a broken promise");
    let mut copy = empty(page.now);
    restore(&mut copy, &file, CHUNK_BYTES).unwrap();
    assert_eq!(stored(&copy), stored(&page));
    assert_eq!(documents(&mut copy), documents(&mut page));
}

/// Within a day, a request that is sent again to the new deployment gets the first answer; a used signature stays used.
#[test]
fn a_restored_page_remembers_what_it_accepted() {
    let mut page = Page::new();
    page.send(SET_UP);
    let request = page.request(OPEN);
    let request = Submission { idempotency: Some("key one".to_owned()), ..request };
    let first = page.submit(&request).unwrap();
    let plain = page.request(r#"{"type":"notice.post","body":"One."}"#);
    page.submit(&plain).unwrap();
    let file = exported(&mut page);
    let mut copy = empty(minutes_after(page.now, 5));
    restore(&mut copy, &file, CHUNK_BYTES).unwrap();
    let again = copy.submit(&Submission { signature: "other".to_owned(), ..request }).unwrap();
    assert_eq!((again.body, again.replayed), (first.body, true));
    assert_eq!(refused(copy.submit(&plain)).status, 409);
    // What could no longer be sent is not restored.
    let mut late = empty(time("2026-03-03T12:00:00Z"));
    restore(&mut late, &file, CHUNK_BYTES).unwrap();
    assert_eq!(rows(&late, "SELECT * FROM accepted"), Vec::<Value>::new());
}

/// 100,000 lines of the log: time, and the largest part. Run it with `--release -- --ignored --nocapture`.
#[test]
#[ignore = "takes a minute"]
fn a_long_log() {
    let mut page = Page::new();
    page.send(SET_UP);
    for n in 0..1_000_u32 {
        let updates: Vec<Value> = (0..98)
            .map(|m| serde_json::json!({"type":"component.set","id":"api","status":if m % 2 == 0 { "major_outage" } else { "operational" }}))
            .chain([
                serde_json::json!({"type":"incident.open","id":format!("i{n}"),"name":"n","impact":"minor","body":"b ".repeat(200)}),
                serde_json::json!({"type":"incident.update","incident":format!("i{n}"),"status":"resolved","body":"b ".repeat(200)}),
            ])
            .collect();
        page.now = minutes_after(page.now, 3);
        page.send(&Value::from(updates).to_string());
    }
    let (mut parts, mut largest) = (Vec::new(), 0);
    let started = std::time::Instant::now();
    let mut after: Option<String> = None;
    loop {
        let part = page
            .live
            .export(after.as_deref().map_or(PartOf::Whole, PartOf::Rest), CHUNK_BYTES, page.now)
            .unwrap();
        largest = largest.max(part.lines.len());
        parts.push(part.lines);
        let Some(next) = part.next else { break };
        after = Some(next.to_string());
    }
    let read = started.elapsed();
    let file = parts.concat();
    let mut copy = empty(page.now);
    let started = std::time::Instant::now();
    restore(&mut copy, &file, CHUNK_BYTES).unwrap();
    println!(
        "{} versions, {} bytes in {} parts, the largest {largest}: export {read:?}, restore {:?}",
        page.live.version(),
        file.len(),
        parts.len(),
        started.elapsed()
    );
    assert_eq!(documents(&mut copy), documents(&mut page));
    assert!(largest < CHUNK_BYTES + 64 * 1024);
}

/// Workers that are not of the same page may have the same id of the object, as on workerd alone.
#[test]
fn each_page_has_a_name_of_its_own() {
    let name = |page: &Page| page.live.page_id.to_string();
    let (one, mut other) = (Page::new(), Page::new());
    let known = name(&other);
    assert!(name(&one) != known && known.len() == 12 && known.bytes().all(|b| b.is_ascii_hexdigit()));
    other.restart();
    assert_eq!(name(&other), known, "it is kept");
    // The storage of an earlier program has none.
    other.sql.run("DELETE FROM page_name", vec![]).unwrap();
    other.restart();
    assert_eq!(name(&other), "0123456789ab");
}
