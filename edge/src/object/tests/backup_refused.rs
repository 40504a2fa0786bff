//! What is not restored, and that nothing changes then.

use base64ct::{Base64UrlUnpadded, Encoding};
use proptest::prelude::*;

use super::backup::{empty, exported, restore, stored};
use super::page::{OPEN, Page, SET_UP, refused};
use crate::document::Document;
use crate::http::Problem;
use crate::object::failure::Failure;
use crate::object::log_page::Wanted;
use crate::object::parts::PartOf;
use crate::storage::{CHUNK_BYTES, Cursor, Progress};

fn file() -> (String, Page) {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#);
    page.send(r#"{"type":"notice.post","body":"We move."}"#);
    (exported(&mut page), page)
}

fn problem(outcome: Result<Progress, Failure>) -> Problem {
    match outcome {
        Err(Failure::Refused(problem)) => *problem,
        other => panic!("not refused: {other:?}"),
    }
}

/// Sends this to an empty page, which must refuse it and stay empty.
fn refuse(file: &str, status: u16, expected: &str) {
    let mut page = empty(Page::new().now);
    let before = stored(&page);
    let problem = problem(restore(&mut page, file, CHUNK_BYTES));
    assert_eq!(problem.status, status, "{}", problem.detail);
    assert!(problem.detail.contains(expected), "{}", problem.detail);
    assert_eq!(stored(&page), before, "{expected}");
    // The page can be used, or restored from the right file.
    page.restart();
    assert_eq!(page.send(SET_UP).version, 2, "{expected}");
}

#[test]
fn another_format_is_refused() {
    refuse("{\"format\":1}\n", 422, "not the first line of an export");
    refuse("not json\n", 422, "Line 1");
    refuse("{\"log\":{}}\n", 422, "not the first line of an export");
    let (file, _) = file();
    refuse(&file.replacen("\"format\":1", "\"format\":2", 1), 422, "format 2");
    let (_, rest) = file.split_once('\n').unwrap();
    refuse(rest, 422, "must be the manifest");
    refuse("{\"manifest\":{\"format\":1", 422, "no complete line");
}

/// An epoch goes into headers, and no version may be higher than all JSON parsers hold.
#[test]
fn what_could_not_be_published_or_exported_again_is_refused() {
    let (file, page) = file();
    let epoch = page.live.epoch().to_string();
    for bad in ["", "\\\"><script>\\r\\nx: y", "0g", &"0".repeat(65)] {
        refuse(&file.replacen(&epoch, bad, 1), 422, "hexadecimal");
    }
    let request = file.lines().find(|line| line.starts_with("{\"request\"")).unwrap();
    let (before, after) = request.split_once("\"version\":").unwrap();
    let rest = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let higher = format!("{before}\"version\":9007199254740992{rest}");
    refuse(&file.replacen(request, &higher, 1), 422, "no page has a version");
}

#[test]
fn an_altered_export_is_refused() {
    let (file, _) = file();
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    let without = |gone: usize| {
        lines.iter().enumerate().filter(|(n, _)| *n != gone).map(|(_, line)| *line).collect::<String>()
    };
    for gone in 1..lines.len() - 1 {
        refuse(&without(gone), 422, "Line ");
    }
    let log = lines.iter().position(|line| line.contains("\"version\":2")).unwrap();
    refuse(&without(log), 422, "version 2 is expected here, not 3");
    let mut swapped = lines.clone();
    swapped.swap(log, log + 1);
    refuse(&swapped.concat(), 422, "is expected here");
    let entity = lines.iter().position(|line| line.starts_with("{\"entity\"")).unwrap();
    let mut swapped = lines.clone();
    swapped.swap(entity, entity + 1);
    refuse(&swapped.concat(), 422, "SHA-256");
    refuse(&file.replacen("We broke it.", "They broke it.", 1), 422, "SHA-256");
    refuse(&file.replacen("\"sha256\":\"", "\"sha256\":\"0", 1), 422, "SHA-256");
    refuse(&format!("{file}{}", lines[log]), 422, "follows the end");
    refuse(&file.replacen("\"live\":true", "\"live\":1", 1), 422, "not a line of an export");
    // What could not be loaded is refused where it stands.
    refuse(&file.replacen("\"kind\":\"notice\"", "\"kind\":\"note\"", 1), 422, "no such kind of entity");
    refuse(&file.replacen("\"shown\":", "\"show\":", 1), 422, "missing field");
}

#[test]
fn half_an_export_is_never_the_page() {
    let (file, whole) = file();
    let cut = file[..file.len() - 1].rfind('\n').unwrap() + 1;
    let mut page = empty(whole.now);
    let progress = page.live.restore(0, &file.as_bytes()[..cut], page.now).unwrap();
    assert_eq!((progress.next, progress.done), (cut as u64, false));
    for _ in 0..2 {
        // Nothing is published, and nothing else is written.
        assert_eq!(page.live.version(), 0);
        assert_eq!(page.document(&Document::Status), None);
        let request = page.request(OPEN);
        let refusal = refused(page.submit(&request));
        assert!(
            refusal.status == 409 && refusal.detail.contains("A restore is under way"),
            "{}",
            refusal.detail
        );
        assert!(page.live.log(Wanted { before: None, limit: 1 }).is_err());
        assert!(page.live.export(PartOf::Whole, CHUNK_BYTES, page.now).is_err());
        page.restart();
    }
    // The rest may come after a restart.
    let progress = page.live.restore(cut as u64, &file.as_bytes()[cut..], page.now).unwrap();
    assert_eq!((progress.version, progress.done), (whole.live.version(), true));
    assert_eq!(stored(&page), stored(&whole));
}

#[test]
fn a_restore_can_be_aborted() {
    let (file, whole) = file();
    let mut page = empty(whole.now);
    assert!(problem(page.live.restore(0, b"{\"abort\":{}}", page.now)).detail.contains("none to abort"));
    let unused = page.request(OPEN);
    let before = stored(&page);
    let end = file.rfind("{\"end\"").unwrap();
    page.live.restore(0, &file.as_bytes()[..end], page.now).unwrap();
    // Not by accident: another export, a part too far.
    let other = problem(page.live.restore(0, file.replacen("candor", "Candor", 1).as_bytes(), page.now));
    assert!(other.status == 409 && other.detail.contains("another export"), "{}", other.detail);
    let far = problem(page.live.restore(end as u64 + 1, b"x\n", page.now));
    assert!(far.status == 409 && far.detail.contains(&format!("send from={end}")), "{}", far.detail);
    page.live.restore(0, b"{\"abort\":{}}\n", page.now).unwrap();
    assert_eq!(stored(&page), before);
    assert_eq!(page.submit(&unused).unwrap().version, 1);
}

#[test]
fn a_part_may_be_sent_twice_and_an_export_not() {
    let (file, whole) = file();
    let mut page = empty(whole.now);
    let mut next = 0;
    loop {
        let from = usize::try_from(next).unwrap();
        let slice = &file.as_bytes()[from..file.len().min(from + 2_000)];
        let first = page.live.restore(next, slice, page.now).unwrap();
        page.restart();
        if next > 0 || !first.done {
            assert_eq!(page.live.restore(next, slice, page.now).unwrap(), first);
        }
        if first.done {
            break;
        }
        next = first.next;
    }
    assert!(next > 0, "the file has several parts");
    assert_eq!(stored(&page), stored(&whole));
    let again = problem(restore(&mut page, &file, CHUNK_BYTES));
    assert!(again.status == 409 && again.detail.contains("restored before"), "{}", again.detail);
    assert_eq!(stored(&page), stored(&whole));
}

#[test]
fn a_page_in_use_is_not_overwritten() {
    let (file, _) = file();
    let mut page = empty(Page::new().now);
    page.send(SET_UP);
    let before = stored(&page);
    for part in [file.as_bytes(), b"{\"abort\":{}}"] {
        let problem = problem(page.live.restore(0, part, page.now));
        assert!(
            problem.status == 409 && problem.detail.contains("in use, at version 2"),
            "{}",
            problem.detail
        );
    }
    assert_eq!(stored(&page), before);
}

#[test]
fn only_a_cursor_of_this_page_is_exported_from() {
    let (_, page) = file();
    let next = page.live.export(PartOf::Whole, 1, page.now).unwrap().next.unwrap().to_string();
    assert!(page.live.export(PartOf::Rest(&next), 1, page.now).is_ok());
    for bad in ["", "x", "e30", &next[1..], &"A".repeat(5_000)] {
        match page.live.export(PartOf::Rest(bad), 1, page.now) {
            Err(Failure::Refused(problem)) => assert_eq!(problem.status, 404, "{bad}"),
            _ => panic!("{bad} was accepted"),
        }
    }
    let mut other = empty(page.now);
    for _ in 0..5 {
        other.send(r#"{"type":"notice.post","body":"One."}"#);
        other.send(r#"{"type":"notice.clear"}"#);
    }
    assert!(
        matches!(other.live.export(PartOf::Rest(&next), 1, page.now), Err(Failure::Refused(problem)) if problem.status == 409)
    );
    let nothing = empty(page.now).live.export(PartOf::Whole, 1, page.now);
    assert!(matches!(nothing, Err(Failure::Refused(problem)) if problem.status == 404));
}

/// Makes each statement of a restore fail in turn: nothing of the part is stored, and the same part then succeeds.
#[test]
fn a_storage_that_fails_at_any_statement_restores_nothing() {
    let (file, whole) = file();
    let mut failures = 0;
    loop {
        let mut page = empty(whole.now);
        let before = stored(&page);
        page.faults.fail_after(failures);
        let outcome = page.live.restore(0, file.as_bytes(), page.now);
        if !page.faults.end() {
            assert!(outcome.is_ok());
            break;
        }
        assert!(matches!(outcome, Err(Failure::Storage(_))), "statement {failures}");
        page.restart();
        if page.live.version() == 0 {
            assert_eq!(stored(&page), before, "statement {failures}");
            assert!(page.live.restore(0, file.as_bytes(), page.now).unwrap().done);
        }
        assert_eq!(stored(&page), stored(&whole));
        failures += 1;
    }
    assert!(failures > 20);
}

proptest! {
    #[test]
    fn any_text_is_a_cursor_or_none(text in ".{0,300}", json in "\\{\"epoch\":\"[0-9a-f]{0,16}\"(,\"[a-z]{1,7}\":[0-9]{1,20}){0,7}\\}") {
        for text in [text, Base64UrlUnpadded::encode_string(json.as_bytes())] {
            prop_assert_eq!(Cursor::read(&text, u64::MAX), None);
        }
    }

    /// Whatever is sent is refused or read, and never becomes the page.
    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0..4000usize, from in 0..5000u64) {
        let (file, whole) = file();
        let mut page = empty(whole.now);
        let mut altered = file.into_bytes();
        let at = cut.min(altered.len());
        altered.splice(at..at.saturating_add(bytes.len()).min(altered.len()), bytes.clone());
        let _ = page.live.restore(from, &bytes, page.now);
        let _ = page.live.restore(0, &altered, page.now);
        if page.live.version() > 0 {
            prop_assert_eq!(stored(&page), stored(&whole));
        }
    }
}
