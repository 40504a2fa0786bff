//! What the gauntlet says of texts, and what it leaves to a person.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use candor_shared::review::{Criterion, gauntlet};
use candor_shared::state::Verdict::{self, Met, Missing, Partial, Unjudged};
use candor_shared::text::Language;
use serde_json::{Value, json};

fn on_page(text: Value, language: Option<&str>, id: &str) -> Criterion {
    let language = language.map(|tag| Language::try_from(tag.to_owned()).unwrap());
    let report = gauntlet(&serde_json::from_value(text).unwrap(), language.as_ref());
    report.criteria.into_iter().find(|of| of.id == id).unwrap()
}

fn criterion(text: Value, id: &str) -> Criterion {
    on_page(text, None, id)
}

/// The verdict on a summary.
fn of_summary(summary: &str, id: &str) -> Verdict {
    criterion(json!({ "summary": summary }), id).verdict
}

const NO_FORM: &str = "no sentence is in one of the forms by which the rule recognises an admission";

#[test]
fn a_sentence_in_one_of_the_forms_admits_the_failure() {
    for honest in [
        "We took the site down for 11 hours. Nobody could sign in.",
        "Our deploy broke login.",
        "We failed to renew a certificate.",
        "Nothing worked for two hours. It was our fault.",
        "We’ve broken payments for an hour.",
        "We'd broken the index.",
        "The fault was ours.",
        "The mistake was mine. I'd make it again without the new check.",
        "We let you down.",
        "We lost four orders. It took us a day to see it.",
        "Our deploy, made in a hurry, was slow, and we broke login.",
        "We are sorry that we lost two hours of orders.",
        "We upgraded to version 10.1 and then\nwe broke login.",
        "In May our deploy broke the import.",
        "We were down for 11 hours.",
        "**We broke** the search, and the page showed \"it is gone\".",
        "- At nine we broke search.\n- We misconfigured the cache.",
    ] {
        let found = criterion(json!({ "summary": honest }), "admit_failure");
        assert_eq!(found.verdict, Met, "{honest}: {}", found.reason);
    }
    let found = criterion(json!({ "summary": "The disk was full. We broke `login`." }), "admit_failure");
    assert_eq!(found.evidence, "We broke `login`.");
}

#[test]
fn of_a_sentence_in_no_form_nothing_is_said() {
    for open in [
        // Denials, conditions, questions.
        "We had no outage; nothing failed.",
        "We never went down.",
        "We do not believe we failed.",
        "It is not true that we broke login.",
        "It wasn’t us, and it isn't our fault.",
        "We'll never be down.",
        "If we fail, we tell you at once.",
        "Did we break login? It works.",
        "They say we broke it.",
        "We're sorry if anybody thinks that we were down.",
        "There is no sign that\nwe broke it.",
        // Idioms.
        "We broke down the numbers: all green.",
        "We failed over to the second region within seconds.",
        "Our error budget was never used.",
        // Others who fail.
        "Our provider went down, not us.",
        "Our cloud provider's network broke, and we were not told.",
        "We fixed what Amazon broke.",
        "We had an outage at our provider.",
        "Our customers lost data because of the vendor.",
        // What is about a failure and admits none.
        "Our monitoring caught the failure early and our team acted at once.",
        "Our investigation traced the outage to Acme.",
        "Our lawyers reviewed the outage.",
        "We corrected an error made by one of the customers.",
        "We are aware of errors in a dependency.",
        "We regret the failure of Acme Telecom's fibre.",
        "We reduced errors by 40 % this year.",
        "We stopped accepting traffic from the attackers.",
        "Our engineers repaired the mistakes of the vendor.",
        "We were the victims of a failure.",
        // Honest, in words that the rule does not know.
        "We charged 400 customers twice.",
        "We dropped the production database.",
        "We exposed the email addresses of 312 customers.",
        "We pushed a bad config and every request returned 502 for 27 minutes.",
        "We had a bug in our scheduler, and no jobs ran for five hours.",
        "We withdrew our own BGP routes and cut ourselves off the internet.",
        "We cannot deny that we broke checkout.",
        "We could have prevented this outage, and we did not.",
        "No other company is responsible for this outage; we are.",
        "If we had tested the change, payments would not have failed.",
        "Did we lose data? Yes: 400 orders.",
        "Nobody but us caused this outage.",
        "Checkout was down for two hours, and it was nobody's fault but ours.",
        "The outage was of our own making.",
        "We restored the wrong backup.",
    ] {
        let found = criterion(json!({ "summary": open }), "admit_failure");
        assert_eq!((found.verdict, found.reason.as_str()), (Unjudged, NO_FORM), "{open}: {}", found.evidence);
        assert!(found.advice.contains("We broke") && found.advice.contains("attested_by"));
    }
    let attested = criterion(
        json!({ "summary": "We charged 400 of the customers twice.", "attested_by": "on-call" }),
        "admit_failure",
    );
    assert_eq!((attested.judged_by.as_str(), attested.advice.as_str()), ("human: on-call", ""));
}

#[test]
fn what_others_say_is_not_what_the_author_says() {
    for quoted in [
        "A customer told the press \"we lost 400 orders\". There is no evidence for it.",
        "Acme Cloud wrote: \"We broke routing for an hour.\" There is nothing to add from our side.",
        "The dashboard printed `we failed`, which was misleading.",
        "> We lost everything, said a shop.\n\nThat is not true.",
        "According to the vendor's notice: we are sorry, our network was down.",
        "The supplier said, 'our switch failed'. The matter is closed.",
        "The log had these lines:\n```\nwe broke checkout\n```\nThey were wrong.",
        "A notice of the vendor: “We lost 400 orders. We were down.”",
        "See https://example.com/we-broke-it: the story of others.",
    ] {
        assert_eq!(of_summary(quoted, "admit_failure"), Unjudged, "{quoted}");
    }
    for introduced in [
        "Stripe writes:\n\nWe lost webhooks events between 10:00 and 11:00.\n\nThat is why invoices came late.",
        "Update from AWS: \n- we went down for two hours\n- our network failed",
        "The vendor's status page read: we lost the data of 400 shops.",
        "In the words of our provider: we broke it.",
        "From Cloudflare's post-mortem: we deployed a bad rule and we broke routing. Nothing on our side failed.",
    ] {
        assert_eq!(of_summary(introduced, "admit_failure"), Unjudged, "{introduced}");
        let wanted = if introduced.contains("our side") || introduced.contains("words of our") {
            Met
        } else {
            Unjudged
        };
        assert_eq!(of_summary(introduced, "human_voice"), wanted, "{introduced}");
    }
    for silent in [
        "The customers wrote \"we cannot log in\". The vendor was slow.",
        "The customers said that the page printed `our fault`. The vendor was slow.",
        "> We are lost.\n\nThat was what the vendor wrote, and the disk was full.",
    ] {
        assert_eq!(of_summary(silent, "human_voice"), Missing, "{silent}");
    }
}

#[test]
fn whoever_says_we_our_or_i_speaks() {
    for spoken in [
        "We’ve broken payments for an hour.",
        "I'm the one who broke it.",
        "When the alarm rang I slept.",
        "The fault was ours.",
        "Our deploy broke it, in the us-east-1 region.",
    ] {
        assert_eq!(of_summary(spoken, "human_voice"), Met, "{spoken}");
    }
    for weak in [
        "The mistake was mine.",
        "It broke, and they told me.",
        "Please contact us at support@example.com. The system was down, and the disk was full.",
        "The vendor told us.",
        "Jo from the platform team here. On Tuesday at 14:02 UTC I dropped the wrong index. Sorry.",
        "<b>We broke it.</b><br>Sorry. The disk was full.",
        "The disk was full, which we`re sorry for.",
        "The disk's I/O failed, i.e. the database was down.",
        "Phase I of the migration failed; the nodes were lost.",
    ] {
        assert_eq!(of_summary(weak, "human_voice"), Unjudged, "{weak}");
    }
    for silent in [
        "The US region was down, and the vendor fixed it.",
        "The mine site in Perth lost its link, and the vendor fixed it.",
        "The my-shop cluster failed, and the vendor fixed it.",
        "The us-east-1 region failed. The vendor was contacted.",
        "The service was restored in us-west-2 by the supplier.",
    ] {
        let found = criterion(json!({ "summary": silent }), "human_voice");
        // "Mine" may be somebody's.
        let wanted = if silent.contains("mine") { Unjudged } else { Missing };
        assert_eq!(found.verdict, wanted, "{silent}: {}", found.reason);
    }
    assert_eq!(
        criterion(json!({ "summary": "The disk was full, and it was slow." }), "human_voice").reason,
        "no \"we\", \"our\" or \"I\" is in it outside of quotations and code"
    );
}

#[test]
fn phrases_that_hide_are_found_in_the_timeline_too() {
    let text = json!({
        "summary": "We broke payments for an hour.",
        "timeline": [{
            "at": "2026-03-01T12:00:00Z", "kind": "started",
            "what": "An unforeseen issue with a third-party vendor impacted a subset of customers."
        }]
    });
    let found = criterion(text, "human_voice");
    assert_eq!(
        (found.verdict, found.reason.as_str()),
        (Unjudged, "it says \"we\", \"our\" or \"I\", and has phrases that often hide who, what or how many")
    );
    let with = |what: &str| {
        let timeline = json!([{ "at": "2026-03-01T12:00:00Z", "kind": "note", "what": what }]);
        criterion(json!({ "summary": "We broke payments for an hour.", "timeline": timeline }), "human_voice")
            .verdict
    };
    assert_eq!(with("Some users could not log in."), Unjudged);
    assert_eq!(with("The disk was full."), Met);
    // What the phrase is only a part of hides nothing.
    assert_eq!(with("Everyone with a partner account got a blank page."), Met);
    assert_eq!(with("The platform event bus filled up."), Met);
}

#[test]
fn what_is_the_opposite_of_hiding_is_not_hiding() {
    for open in [
        "We broke search. In our first update we wrote \"some users may be experiencing issues\". That was wrong: it was everybody.",
        "We broke search. This was not outside of our control.",
        "We broke search. It was not an unforeseen event: we had three warnings.",
        "We broke search. When you select customers in the menu, it fails.",
        "We broke search. One of our providers, Mailgun, was down.",
        "We broke search. At this time (14:02 UTC) the disk was full.",
        "We broke search. Certain users, the 31 with two accounts, saw it.",
        "We broke search. It wasn't beyond our control.",
        "We broke search. A number of shops, 412 of them, saw it.",
    ] {
        for id in ["admit_failure", "human_voice"] {
            assert_eq!(of_summary(open, id), Met, "{id}: {open}");
        }
    }
    for (hiding, admits, speaks) in [
        ("We failed. Some users may have experienced errors.", Met, Unjudged),
        ("We regret any inconvenience that this has caused.", Unjudged, Unjudged),
        ("We saw a service disruption with limited impact for a subset of accounts.", Unjudged, Unjudged),
    ] {
        assert_eq!(
            (of_summary(hiding, "admit_failure"), of_summary(hiding, "human_voice")),
            (admits, speaks),
            "{hiding}"
        );
    }
}

#[test]
fn impact_is_met_by_the_share_and_words_on_it_are_for_a_person() {
    let share = json!({ "share": 0.2, "basis": "of checkouts" });
    let impact = |affected: &str, share: &Value| {
        let text = json!({ "summary": "We broke it, and the vendor fixed it.", "affected": affected, "affected_share": share });
        criterion(text, "impact").verdict
    };
    for affected in ["Checkouts failed.", "Nobody.", "Niemand.", "没有人"] {
        assert_eq!((impact(affected, &share), impact(affected, &Value::Null)), (Met, Unjudged), "{affected}");
    }
    for unfilled in ["tbd", "unbekannt", "未定"] {
        assert_eq!((impact(unfilled, &share), impact(unfilled, &Value::Null)), (Partial, Missing));
    }
    for open in [
        "20 % of checkouts.",
        "All 3 million of you.",
        "A small subset of our 50,000 customers may have been affected.",
        "Unknown. We sell to 70,000 companies.",
        "Our team of 12 engineers worked through the night; a few of you saw errors.",
        "We do not know how many of our 12,000 shops.",
        "Minimal impact. Our 200 employees apologise.",
        "Some users; 99.99 % of requests succeeded.",
        "Some users saw HTTP 500.",
        "Users of API v2.",
        "Everybody on 7.10.2026.",
        "Certain users for 20min.",
        "Some of the users, for a quarter of an hour.",
        "Up to a few, perhaps 40 shops.",
        "None of our 12,000 shops.",
        "We serve 900 shops, and they were fine.",
        "Affected: accounts with more than 500 contacts.",
        "Nobody.",
        "Nothing.",
        "Zero customers.",
        "Everyone.",
        "Everybody who tried to log in.",
        "All customers were unable to log in.",
        "Nearly every second payment failed.",
        "Some users saw an error page.",
    ] {
        assert_eq!(impact(open, &Value::Null), Unjudged, "{open}");
    }
}

#[test]
fn no_account_is_praised_for_its_words() {
    let account = |text: &str| {
        criterion(json!({ "summary": "We broke it.", "what_went_wrong": text }), "what_went_wrong")
    };
    for empty in [
        "Our systems experienced an unexpected event that affected availability for a portion of traffic for a while.",
        "An anomaly in a partner's environment led to an impact on a portion of requests.",
        "A third-party provider reported unforeseen problems, and a number of requests to the API were slow for that time.",
        "We do not know what went wrong, and we do not intend to look any further into it, sorry.",
        "We are committed to providing the best possible service to all of our customers around the world.",
        "The details of this matter are confidential and will not be discussed here or anywhere else.",
        "We take the security of your data seriously, and we thank you for the trust that you have in our service.",
        "We will not comment on what happened that night in the data centre, and we ask you to understand that.",
        "For legal reasons we cannot go into more details while the police investigation is going on.",
        "The root cause is still under investigation, and this page will be updated as soon as the analysis by the vendor is complete.",
        "See our blog post for the whole story of what happened on that day and why it took so long.",
        "Our engineers worked around the clock to restore the service as quickly as possible and we thank everyone for their patience and understanding.",
    ] {
        assert_eq!(account(empty).verdict, Unjudged, "{empty}");
    }
    for short in [
        "The the the the the the the the the the the the the.",
        "It broke, it broke, it broke, and it broke.",
    ] {
        assert_eq!(account(short).verdict, Partial, "{short}");
    }
    for told in [
        "The disk of the database was full, so that each write waited for the one before it.",
        "A third-party library, log4j 2.14, evaluated a string that a user had sent, and it loaded code from there.",
        "We did not know that the disk was full, because the alarm was off and nobody looked at it.",
        "The two nodes do not share memory, so that each of them had its own list of the servers.",
        "Nothing went wrong. The platform behaved exactly as it was designed to, and people saw messages of their own browsers.",
        "There was no failure on our side. Pages were served from cache, which protects our customers during high load.",
        "Our legal department has asked that this section stay empty until the proceedings against the supplier have ended.",
    ] {
        assert_eq!(account(told).verdict, Unjudged, "{told}");
    }
}

#[test]
fn start_and_end_are_fields() {
    for (times, verdict, reason) in [
        (json!({}), Missing, "\"started_at\" is not given"),
        (json!({ "started_at": "2026-03-01T12:00:00Z" }), Partial, "\"ended_at\" is not given"),
        (json!({ "ended_at": "2026-03-01T12:00:00Z" }), Partial, "\"started_at\" is not given"),
    ] {
        for summary in
            ["We broke backups. We keep them for 30 days.", "The certificate is valid for 90 days."]
        {
            let mut text = times.clone();
            text["summary"] = summary.into();
            let found = criterion(text, "start_end_time");
            assert_eq!(
                (found.verdict, found.reason.as_str(), found.evidence.contains("days")),
                (verdict, reason, false)
            );
        }
    }
}

#[test]
fn a_field_that_says_nothing_is_absent() {
    for nothing in
        ["nobody", "n/a", "N/A.", "none", "TBD", "-", "?", "…", "To be determined", "not applicable"]
    {
        let text = json!({
            "summary": "We broke it.", "attested_by": nothing, "channel": nothing, "technologies": [nothing],
            "five_whys": [nothing, nothing, nothing], "lessons": { "technical": [nothing], "process": [nothing] },
            "affected": nothing, "what_went_wrong": nothing, "human_elements": nothing, "learnings_for_others": nothing
        });
        let report = gauntlet(&serde_json::from_value(text).unwrap(), None);
        // Of those who were affected, it is an answer.
        let open = usize::from(matches!(nothing, "nobody" | "none"));
        assert_eq!((report.met, report.missing, report.unjudged), (2, 10 - open, open), "{nothing}");
    }
    let template: Value = serde_json::from_str(candor_shared::state::TEMPLATE_JSON).unwrap();
    let mut text = template.as_object().unwrap().clone();
    text.retain(|field, _| !["type", "incident"].contains(&field.as_str()));
    let report = gauntlet(&serde_json::from_value(text.into()).unwrap(), None);
    let met: Vec<_> = report.criteria.iter().filter(|of| of.verdict == Met).map(|of| of.id).collect();
    assert_eq!(met, Vec::<&str>::new());
    let verdicts = |field: &str, value: Value, id: &str| {
        criterion(json!({ "summary": "We broke it.", field: value }), id).verdict
    };
    assert_eq!(verdicts("five_whys", json!(["?", "A disk was full.", "n/a"]), "five_whys"), Partial);
    assert_eq!(
        verdicts(
            "five_whys",
            json!(["Why did it fail? A disk.", "Why? No alarm.", "Why? No time."]),
            "five_whys"
        ),
        Unjudged
    );
}

/// What a long text may say without a field of its own is not missing.
#[test]
fn a_long_text_may_say_what_no_field_says() {
    let long = "We broke checkout from 09:50 to 10:47 UTC for 1,200 customers, because PostgreSQL ran out of slots when a job \
opened one for each order and closed none. We will limit them, and we test that from now on with the load of a working day. Two of us had been awake for 14 hours.";
    for (summary, verdict) in [("We broke it.", Missing), (long, Unjudged)] {
        for (id, field) in [
            ("communication_channel", "channel"),
            ("impact", "affected"),
            ("what_went_wrong", "what_went_wrong"),
            ("lessons_learned", "lessons"),
            ("technologies", "technologies"),
            ("five_whys", "five_whys"),
            ("human_elements", "human_elements"),
            ("learnings_for_others", "learnings_for_others"),
        ] {
            let found = criterion(json!({ "summary": summary }), id);
            assert_eq!(found.verdict, verdict, "{id}");
            assert!(found.reason.starts_with(&format!("\"{field}\" is not given")), "{}", found.reason);
        }
    }
}
