//! A standby shows the page that it follows, takes no updates, and takes the place of that page when an operator promotes it.

use std::rc::Rc;

use candor_shared::text::Url;
use proptest::prelude::*;

use super::backup::{documents, export_from, exported, restore, stored};
use super::histories::{minutes_after, steps, take};
use super::page::{OPEN, Page, SET_UP, refused, settings_with, time};
use crate::document::Document;
use crate::http::Problem;
use crate::object::failure::Failure;
use crate::object::parts::PartOf;
use crate::object::standby::{FOLLOWED_MILLIS, SignedOrder, StandbyDocument, StandbyOrder, StandbyState};
use crate::settings::{Editions, Settings, WrongSetting};
use crate::storage::{CHUNK_BYTES, Progress};

const AGAIN: &str = r#"{"type":"incident.open","id":"again","name":"Down again","impact":"major","body":"We broke it again."}"#;
const RESOLVE: &str = r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#;

fn follows() -> Rc<Settings> {
    let url = Url::try_from("https://status.example.com".to_owned()).unwrap();
    Rc::new(Settings { follows: Ok(Some(url)), ..settings_with(Editions::default()) })
}

/// An empty standby in another deployment.
fn standby(page: &Page) -> Page {
    let mut standby = Page::of_object("fedcba9876543210");
    standby.restart_with(follows());
    standby.now = page.now;
    standby
}

fn standing(standby: &Page) -> StandbyDocument {
    standby.live.standing().unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// What the standby asks for next.
fn wanted(standby: &Page) -> String {
    standing(standby).next.unwrap()
}

/// What has changed, in parts of so many bytes.
fn changes(page: &mut Page, standby: &Page, bytes: usize) -> String {
    let next = wanted(standby);
    let part = next.strip_prefix("/v1/export?since=").map_or(PartOf::Whole, PartOf::Changes);
    export_from(page, part, bytes, |_| {})
}

/// The standby hears of everything that has changed.
fn follow(standby: &mut Page, page: &mut Page) -> Progress {
    let file = changes(page, standby, CHUNK_BYTES);
    standby.now = page.now;
    restore(standby, &file, CHUNK_BYTES).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn order(standby: &mut Page, order: StandbyOrder) -> Result<StandbyDocument, Failure> {
    standby.signatures = standby.signatures.saturating_add(1);
    let signed = SignedOrder { signature: format!("order {}", standby.signatures), received_at: None, order };
    standby.live.obey(&signed, standby.now)
}

fn problem<T>(outcome: Result<T, Failure>) -> Problem {
    match outcome {
        Err(Failure::Refused(problem)) => *problem,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens, and whenever the standby asks: what it holds and shows is the page as it was then, under the same version and
    /// epoch. After its promotion the same updates do the same.
    #[test]
    fn what_follows_is_the_page(rounds in prop::collection::vec(steps(), 1..5), bytes in 300..30_000usize, sent in 9_000..60_000usize, later in steps()) {
        let mut page = Page::new();
        page.send(SET_UP);
        let mut standby = standby(&page);
        for round in &rounds {
            for step in round {
                take(&mut page, step);
            }
            let file = changes(&mut page, &standby, bytes);
            standby.now = page.now;
            restore(&mut standby, &file, sent).unwrap();
            prop_assert_eq!(stored(&standby)[..4].to_vec(), stored(&page)[..4].to_vec());
            prop_assert_eq!(standby.live.version(), page.live.version());
            prop_assert_eq!(standby.live.epoch(), page.live.epoch());
            prop_assert_eq!(documents(&mut standby), documents(&mut page));
            standby.restart_with(follows());
            prop_assert_eq!(documents(&mut standby), documents(&mut page));
        }
        order(&mut standby, StandbyOrder::Promote {}).unwrap();
        prop_assert_ne!(standby.live.epoch(), page.live.epoch());
        standby.signatures = 1_000;
        page.signatures = 1_000;
        for step in &later {
            take(&mut page, step);
            take(&mut standby, step);
        }
        prop_assert_eq!(documents(&mut standby), documents(&mut page));
    }
}

#[test]
fn while_it_follows_it_takes_no_updates_and_makes_no_changes_of_its_own() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    let mut standby = standby(&page);
    assert_eq!((standing(&standby).state, wanted(&standby).as_str()), (StandbyState::Empty, "/v1/export"));
    follow(&mut standby, &mut page);
    assert_eq!(standing(&standby).state, StandbyState::Following);
    let request = standby.request(RESOLVE);
    let problem = refused(standby.submit(&request));
    assert_eq!(problem.status, 409);
    assert!(problem.detail.contains("https://status.example.com") && problem.detail.contains("page.promote"));
    // The promised update is overdue in ten hours. That is for the page to say.
    let version = standby.live.version();
    standby.now = minutes_after(standby.now, 600);
    standby.live.catch_up(standby.now).unwrap();
    assert_eq!((standby.live.version(), standby.live.next_change()), (version, None));
    page.now = standby.now;
    page.live.catch_up(page.now).unwrap();
    assert!(page.live.version() > version);
    follow(&mut standby, &mut page);
    assert_eq!(documents(&mut standby), documents(&mut page));
}

#[test]
fn it_vouches_only_for_what_it_heard_lately() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut standby = standby(&page);
    follow(&mut standby, &mut page);
    let heard = standby.now;
    assert!(standby.live.refuse_unless_confirmed(standby.now).is_ok());
    standby.now = minutes_after(heard, 1);
    let problem = standby.live.refuse_unless_confirmed(standby.now).unwrap_err();
    assert!(
        problem.status == 503 && problem.detail.contains("2026-03-01T12:00:00.000Z"),
        "{}",
        problem.detail
    );
    assert_eq!(standby.live.confirmed_at(standby.now), heard);
    // It hears that nothing has changed.
    page.now = standby.now;
    let before = standby.live.version();
    follow(&mut standby, &mut page);
    assert_eq!(standby.live.version(), before);
    assert!(standby.live.refuse_unless_confirmed(standby.now).is_ok());
    // A clock that is ahead there says nothing about the future here.
    assert_eq!(standby.live.confirmed_at(heard), heard);
    const { assert!(FOLLOWED_MILLIS < 60_000) };
    assert_eq!(page.live.confirmed_at(page.now), page.now);
}

#[test]
fn changes_that_come_in_parts_change_nothing_before_the_last_one() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut standby = standby(&page);
    follow(&mut standby, &mut page);
    page.send(OPEN);
    page.send(RESOLVE);
    let before = (documents(&mut standby), stored(&standby));
    let file = changes(&mut page, &standby, CHUNK_BYTES);
    let half = file.lines().take(3).map(|line| line.len() + 1).sum::<usize>();
    let (first, rest) = file.as_bytes().split_at(half);
    let progress = standby.live.restore(0, first, standby.now).unwrap();
    assert_eq!((progress.done, progress.next), (false, half as u64));
    assert_eq!((documents(&mut standby), stored(&standby)), before);
    // A part that came before, one that is missing, and another beginning.
    assert_eq!(standby.live.restore(0, first, standby.now).unwrap().next, half as u64);
    let refusal = problem(standby.live.restore(half as u64 + 7, rest, standby.now));
    assert!(refusal.status == 409 && refusal.detail.contains(&format!("from={half}")), "{}", refusal.detail);
    standby.restart_with(follows());
    assert!(standby.live.restore(half as u64, rest, standby.now).unwrap().done);
    assert_eq!(documents(&mut standby), documents(&mut page));
    // Half of it can be left behind: the standby is promoted without it.
    page.send(AGAIN);
    let file = changes(&mut page, &standby, CHUNK_BYTES);
    standby
        .live
        .restore(0, file.lines().next().map(|line| format!("{line}\n")).unwrap().as_bytes(), standby.now)
        .unwrap();
    let promoted = order(&mut standby, StandbyOrder::Promote {}).unwrap();
    assert_eq!((promoted.state, promoted.promoted_version), (StandbyState::Promoted, Some(4)));
    standby.signatures = 100;
    standby.send(AGAIN);
}

#[test]
fn what_is_not_the_followed_page_is_refused_and_changes_nothing() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut standby = standby(&page);
    follow(&mut standby, &mut page);
    page.send(OPEN);
    let good = changes(&mut page, &standby, CHUNK_BYTES);
    let mut other = Page::of_object("0000000000000000");
    other.send(SET_UP);
    let whole = exported(&mut other);
    let before = stored(&standby);
    let altered = good.replacen("broke", "brake", 1);
    let foreign = good.replace(&page.live.epoch().to_string(), "0011223344556677");
    for (what, file) in [("whole", &whole), ("altered", &altered), ("foreign", &foreign)] {
        let refusal = problem(restore(&mut standby, file, CHUNK_BYTES));
        assert_eq!(refusal.status, 422, "{what}: {}", refusal.detail);
        assert_eq!(stored(&standby), before, "{what}");
    }
    // Twice, and after something else.
    restore(&mut standby, &good, CHUNK_BYTES).unwrap();
    let refusal = problem(restore(&mut standby, &good, CHUNK_BYTES));
    assert!(refusal.detail.contains("since version 3 are expected"), "{}", refusal.detail);
    // An empty page follows nothing yet, and a page of its own no other one.
    let mut empty = super::backup::empty(page.now);
    let refusal = problem(restore(&mut empty, &good, CHUNK_BYTES));
    assert!(refusal.detail.contains("no page here that they follow"), "{}", refusal.detail);
    let refusal = problem(restore(&mut other, &good, CHUNK_BYTES));
    assert!(refusal.detail.contains("in use"), "{}", refusal.detail);
    assert_eq!(problem(other.live.standing()).status, 404);
    other.restart_with(follows());
    assert_eq!(problem(other.live.standing()).status, 409);
    assert_eq!(problem(order(&mut other, StandbyOrder::Follow { version: 1 })).status, 409);
    assert_eq!(problem(order(&mut other, StandbyOrder::Promote {})).status, 409);
    assert_eq!(other.live.version(), 2);
}

/// A standby takes no updates before it was promoted, whether anything of the page is there yet or not.
#[test]
fn what_is_to_follow_takes_no_updates() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut standby = standby(&page);
    let request = standby.request(SET_UP);
    let problem_of = |standby: &mut Page| refused(standby.submit(&request));
    assert_eq!(problem_of(&mut standby).status, 409);
    assert_eq!((standing(&standby).state, standby.live.version()), (StandbyState::Empty, 0));
    follow(&mut standby, &mut page);
    order(&mut standby, StandbyOrder::Follow { version: page.live.version() }).unwrap();
    assert_eq!(problem_of(&mut standby).status, 409);
    let wrong = WrongSetting { name: "CANDOR_FOLLOWS", problem: "it is no address".to_owned() };
    standby.restart_with(Rc::new(Settings { follows: Err(wrong), ..settings_with(Editions::default()) }));
    let problem = problem_of(&mut standby);
    assert!(problem.status == 503 && problem.detail.contains("CANDOR_FOLLOWS"), "{}", problem.detail);
    // A page of its own takes none either, can be given up, and then follows.
    let mut other = Page::of_object("0000000000000000");
    other.send(SET_UP);
    other.restart_with(follows());
    let problem = problem_of(&mut other);
    assert!(problem.status == 409 && problem.detail.contains("page.follow"), "{}", problem.detail);
    let version = other.live.version();
    assert_eq!(order(&mut other, StandbyOrder::Follow { version }).unwrap().state, StandbyState::Empty);
    other.now = page.now;
    follow(&mut other, &mut page);
    assert_eq!(documents(&mut other), documents(&mut page));
}

#[test]
fn a_promoted_standby_is_a_page_and_forgets_only_what_was_merged() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    let mut standby = standby(&page);
    assert_eq!(problem(order(&mut standby, StandbyOrder::Promote {})).status, 409);
    follow(&mut standby, &mut page);
    standby.now = minutes_after(standby.now, 3);
    let signed =
        SignedOrder { signature: "once".to_owned(), received_at: None, order: StandbyOrder::Promote {} };
    let promoted = standby.live.obey(&signed, standby.now).unwrap();
    assert_eq!((promoted.state, promoted.next), (StandbyState::Promoted, None));
    assert_eq!(promoted.promoted_at, Some(time("2026-03-01T12:03:00Z")));
    assert_eq!(standby.live.confirmed_at(standby.now), standby.now);
    // A request that the other one accepted is not accepted here once more.
    let request = standby.request(SET_UP);
    assert_eq!(refused(standby.submit(&request)).status, 409);
    standby.signatures = 100;
    standby.send(RESOLVE);
    standby.restart_with(follows());
    assert_eq!(standing(&standby).version, 4);
    // Nothing more is taken from the other one.
    let file = exported(&mut page);
    assert_eq!(problem(restore(&mut standby, &file, CHUNK_BYTES)).status, 409);
    let refusal = problem(order(&mut standby, StandbyOrder::Follow { version: 3 }));
    assert!(refusal.detail.contains("is 4, not 3"), "{}", refusal.detail);
    assert_eq!(standby.live.version(), 4);
    // Merged: it follows again. The order to promote it does not count a second time.
    page.now = standby.now;
    page.send(RESOLVE);
    let again = order(&mut standby, StandbyOrder::Follow { version: 4 }).unwrap();
    assert_eq!((again.state, again.version), (StandbyState::Empty, 0));
    assert_eq!(standby.document(&Document::Status), None);
    follow(&mut standby, &mut page);
    assert_eq!(standby.live.obey(&signed, standby.now).unwrap().state, StandbyState::Following);
    assert_eq!(documents(&mut standby), documents(&mut page));
}

/// The address of the page may lead to its standby, which must not confirm itself.
#[test]
fn a_standby_is_not_its_own_word() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut standby = standby(&page);
    follow(&mut standby, &mut page);
    let next = wanted(&standby);
    let part = next.strip_prefix("/v1/export?since=").map_or(PartOf::Whole, PartOf::Changes);
    for part in [PartOf::Whole, part] {
        let refusal = problem(standby.live.export(part, CHUNK_BYTES, standby.now));
        assert!(
            refusal.status == 409 && refusal.detail.contains("it leads to its standby"),
            "{}",
            refusal.detail
        );
    }
    order(&mut standby, StandbyOrder::Promote {}).unwrap();
    assert!(exported(&mut standby).contains("\"end\""));
}

/// A merge goes only to the page that was followed.
#[test]
fn a_promoted_standby_knows_whom_it_followed() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut standby = standby(&page);
    follow(&mut standby, &mut page);
    let followed = page.live.epoch().to_string();
    assert_eq!(standing(&standby).followed_epoch, None);
    let promoted = order(&mut standby, StandbyOrder::Promote {}).unwrap();
    assert_eq!(promoted.followed_epoch.as_deref(), Some(&*followed));
    assert_ne!(promoted.epoch, followed);
    standby.restart_with(follows());
    order(&mut standby, StandbyOrder::Promote {}).unwrap();
    assert_eq!(standing(&standby).followed_epoch, Some(followed));
    let version = standby.live.version();
    order(&mut standby, StandbyOrder::Follow { version }).unwrap();
    follow(&mut standby, &mut page);
    assert_eq!(standing(&standby).followed_epoch, None);
}

#[test]
fn what_was_heard_grows_old_by_the_clock_here() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut standby = standby(&page);
    follow(&mut standby, &mut page);
    for changes_too in [false, true] {
        if changes_too {
            page.send(OPEN);
        }
        // The clock there is ten minutes ahead.
        page.now = minutes_after(standby.now, 10);
        let file = changes(&mut page, &standby, CHUNK_BYTES);
        restore(&mut standby, &file, CHUNK_BYTES).unwrap();
        let heard = standby.now;
        assert_eq!(standing(&standby).confirmed_at, Some(heard));
        standby.now = minutes_after(heard, 1);
        assert_eq!(standby.live.confirmed_at(standby.now), heard);
        assert_eq!(standby.live.refuse_unless_confirmed(standby.now).unwrap_err().status, 503);
    }
}

#[test]
fn an_order_is_one_of_two() {
    assert_eq!(StandbyOrder::read(br#"{"type":"page.promote"}"#).unwrap(), StandbyOrder::Promote {});
    assert_eq!(
        StandbyOrder::read(br#"{"type":"page.follow","version":7}"#).unwrap(),
        StandbyOrder::Follow { version: 7 }
    );
    for bad in [
        "",
        "{}",
        "page.promote",
        r#"{"type":"page.set"}"#,
        r#"{"type":"page.promote","version":1}"#,
        r#"{"type":"page.follow"}"#,
        r#"{"type":"page.follow","version":-1}"#,
    ] {
        assert_eq!(StandbyOrder::read(bad.as_bytes()).map_err(|problem| problem.status), Err(400), "{bad}");
    }
}
