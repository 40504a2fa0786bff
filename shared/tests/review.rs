//! What the gauntlet knows of a text by its words, and what it does not claim.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use candor_shared::review::{Criterion, gauntlet};
use candor_shared::state::Verdict;
use serde_json::{Value, json};

fn criterion(text: Value, id: &str) -> Criterion {
    gauntlet(&serde_json::from_value(text).unwrap()).criteria.into_iter().find(|of| of.id == id).unwrap()
}

/// The verdict on a summary, or on an account in it, with what else is needed to read it.
fn of_summary(summary: &str, id: &str) -> Verdict {
    criterion(json!({ "summary": summary }), id).verdict
}

#[test]
fn a_denial_admits_nothing() {
    for denial in [
        "We had no outage; nothing failed.",
        "We never went down.",
        "We did nothing wrong.",
        "We did not fail. Nothing broke and nobody was down.",
        "Our error rate stayed at zero.",
        "We broke down the numbers: all green.",
        "We are sorry you feel that way.",
        "We're sorry if anybody thinks that we were down.",
        "Our error budget was never used, and our fault-tolerant design did its work.",
        "We failed over to the second region within seconds.",
        "We had no outages, errors or downtime.",
        "We did not fail, crash or break anything.",
        "We do not believe we failed.",
        "There is no evidence that our service was down.",
        "It is not true that we broke login.",
        "We deny that our deploy caused it.",
        "It wasn’t us, and it isn't our fault.",
        "The fault was not ours.",
        "The mistake was never mine.",
        "We broke nothing.",
        "We lost no data.",
        "We could not have failed.",
        "We cannot fail; we can't be down.",
        "We could not find any failure.",
        "We'll never be down.",
        "If we fail, we tell you at once.",
        "Did we break login? It works.",
        "We work hard to avoid downtime.",
        "We prevented an outage.",
        "It was anything but our fault.",
        "Reports that we lost data are false.",
        "They say we broke it.",
        "Everything on our side worked; the failure was elsewhere.",
        "Thanks to our team, the outage was short.",
        "Our network stayed up while others were down.",
    ] {
        let found = criterion(json!({ "summary": denial }), "admit_failure");
        assert_ne!(found.verdict, Verdict::Met, "{denial}: {}", found.evidence);
    }
    let denied = criterion(json!({ "summary": "We had no outage; nothing failed." }), "admit_failure");
    assert_eq!(
        (denied.verdict, denied.reason.as_str()),
        (Verdict::Missing, "what it says of a failure is that there was none, or only may be")
    );
}

#[test]
fn the_failure_of_others_is_no_admission() {
    for blame in [
        "Our provider went down, not us.",
        "Our vendor failed us.",
        "Our cloud provider's network broke, and we were not told.",
        "Our new upstream supplier lost its index.",
        "Our clients lost data.",
        "Our customers' set-up was wrong.",
        "A partner of ours was wrong.",
        "We saw our provider fail.",
        "We think Amazon failed.",
        "We fixed what Amazon broke.",
        "We were failed by our vendor.",
        "We had an outage at our provider.",
        "We use a vendor that went down.",
        "We depend on AWS, which was down.",
        "We depend on S3, and it crashed.",
        "We detected and resolved an outage in our vendor's network.",
        "In our view the provider broke it.",
        "Disk I/O failed.",
        "The US region was down.",
        "Our hosting company pulled the wrong plug.",
        "We were the victims of a failure.",
    ] {
        let found = criterion(json!({ "summary": blame }), "admit_failure");
        assert_eq!(
            (found.verdict, found.reason.as_str()),
            (Verdict::Partial, "it says that something failed, not that you did"),
            "{blame}"
        );
    }
}

#[test]
fn honest_summaries_are_met() {
    for honest in [
        "We took the site down for 11 hours. Nobody could sign in.",
        "A change of ours deleted the invoices of 300 shops.",
        "Our deploy broke login.",
        "I pushed the wrong config.",
        "We should have tested the failover and did not.",
        "We failed to renew a certificate.",
        "Nothing worked for two hours, and it was our fault.",
        "We’ve broken payments for an hour.",
        "We'd broken the index.",
        "I'm the one who broke it.",
        "The fault was ours.",
        "The mistake was mine, and I'd make it again without the new check.",
        "We let you down.",
        "We lost four orders, and we did not notice for a day.",
        "We did not notice that we had broken login.",
        "We broke login without noticing.",
        "We went down with no warning.",
        "We not only broke search but lost its index.",
        "Our deploy, made in a hurry, broke login.",
        "We shipped a change on Monday, and it broke login.",
        "We deployed a change at nine and checkout stopped.",
        "We could not take payments for an hour.",
        "Login did not work for our customers because our change to it was wrong.",
        "We took all customers offline for an hour.",
        "We missed a warning from our registrar, and the domain expired.",
        "Our connection to the provider failed, and we had no second one.",
        "Our provider went down, and it was our mistake to depend on one alone.",
        "One of us pushed the wrong build.",
        "A bad deploy took us down for two hours.",
        "We saw the alarm too late and lost two hours of orders.",
        "We restored the wrong backup.",
        "We are sorry that payments were down.",
        "We apologise for the outage; all our databases were full.",
        "We upgraded to version 10.1 and broke login.",
        "In May our deploy broke the import.",
        "We never tested the restore, and on Monday we lost a day of uploads.",
        "We were down for 11 hours.",
    ] {
        let found = criterion(json!({ "summary": honest }), "admit_failure");
        assert_eq!(found.verdict, Verdict::Met, "{honest}: {}", found.reason);
    }
}

#[test]
fn whoever_says_we_in_any_form_speaks() {
    for spoken in [
        "We’ve broken payments for an hour.",
        "We'd broken the index.",
        "I'm the one who broke it.",
        "The fault was ours.",
        "The mistake was mine.",
        "It broke, and they told me.",
        "Those who were there blame themselves; I’ve told them not to.",
    ] {
        assert_eq!(of_summary(spoken, "human_voice"), Verdict::Met, "{spoken}");
    }
    for silent in ["The US region was down.", "The disk's I/O failed, i.e. the database was down."] {
        assert_eq!(of_summary(silent, "human_voice"), Verdict::Missing, "{silent}");
    }
}

#[test]
fn what_is_nowhere_in_a_text_is_not_known_of_a_part_of_it() {
    const GERMAN: &str = "Eine Migration hat die Tabelle gesperrt, und niemand hat es gesehen.";
    let voice = |summary: &str, account: &str| {
        criterion(json!({ "summary": summary, "what_went_wrong": account }), "human_voice")
    };
    for (summary, account) in [
        ("We broke payments for an hour.", GERMAN),
        ("We were down because of a disk.", "Le disque était plein, et nous ne l’avons pas vu."),
        ("We broke payments for an hour. Wir haben es nicht gesehen.", "The disk was full."),
    ] {
        assert_eq!(voice(summary, account).verdict, Verdict::Unjudged, "{summary}");
    }
    let found = voice("We regret any inconvenience that this has caused.", GERMAN);
    assert_eq!((found.verdict, found.evidence.as_str()), (Verdict::Partial, "any inconvenience"));
    assert_eq!(voice("We broke payments for an hour.", "The disk was full.").verdict, Verdict::Met);
    let admits = |summary: &str| {
        criterion(json!({ "summary": summary, "what_went_wrong": GERMAN }), "admit_failure").verdict
    };
    assert_eq!(admits("We broke payments for an hour."), Verdict::Met, "what is there is there");
    assert_eq!(admits("We broke payments for some users."), Verdict::Partial, "so is a phrase");
    assert_eq!(admits("We had no outage."), Verdict::Unjudged);
}

#[test]
fn the_number_of_those_affected_is_no_time_or_version() {
    let impact =
        |affected: &str| criterion(json!({ "summary": "We broke it.", "affected": affected }), "impact");
    for vague in [
        "Some users saw HTTP 500.",
        "Users of API v2.",
        "Some customers on IPv6.",
        "A few people, from 5pm to 6pm.",
        "Everybody on 7.10.2026.",
        "Customers between 17h40 and 18h.",
        "Certain users for 20min.",
        "Those users who run version 3.",
        "Some of the users, for a quarter of an hour.",
    ] {
        let found = impact(vague);
        assert_eq!(found.verdict, Verdict::Partial, "{vague}");
        assert_eq!(found.reason, "no number of people or things is found in it");
    }
    for counted in [
        "Eleven thousand shops.",
        "Half of our customers.",
        "A third of the checkouts.",
        "About 4,312 accounts that were made in May.",
        "One in five checkouts.",
    ] {
        assert_eq!(impact(counted).verdict, Verdict::Met, "{counted}");
    }
}

#[test]
fn an_account_is_more_than_many_words_and_hides_behind_no_known_phrase() {
    let account =
        |text: &str| criterion(json!({ "summary": "s", "what_went_wrong": text }), "what_went_wrong");
    for evasive in [
        "Our systems experienced an unexpected event that affected availability for a portion of traffic for a while.",
        "An anomaly in a partner's environment led to an impact on a portion of requests.",
        "An unexpected condition in a supplier's network caused disruption for several of our clients, and our engineers mitigated it.",
        "A third-party provider reported unforeseen problems, and a number of requests to the API were slow for that time.",
        "One of our vendors had trouble in its systems, and certain customers of ours could not log in for that time.",
    ] {
        let found = account(evasive);
        assert_eq!(
            (found.verdict, found.reason.as_str()),
            (Verdict::Partial, "it hides behind phrases"),
            "{evasive}"
        );
    }
    for empty in [
        "The the the the the the the the the the the the the.",
        "It broke, it broke, it broke, it broke, it broke, and it broke.",
    ] {
        assert_eq!(account(empty).verdict, Verdict::Partial, "{empty}");
    }
    let found =
        account("The disk of the database was full, so that each write waited for the one before it.");
    assert_eq!(found.verdict, Verdict::Met);
    assert_eq!(
        found.reason,
        "it has an account of at least 12 different words without a known evasive phrase"
    );
}
