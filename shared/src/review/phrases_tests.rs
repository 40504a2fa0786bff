//! Tests of phrases: what hides or blames is found, and what only looks like it is not.

use super::*;

#[test]
fn a_share_is_no_evasion() {
    for said in [
        "Some users were logged out: 312 of 9,000.",
        "A limited number of accounts were hit: 212 of 50,000.",
        "A small subset of internal jobs failed: 14 of 2,000.",
    ] {
        assert!(find(said, &EVASIVE).is_empty(), "{said}");
    }
    assert!(!find("Some users were logged out and saw HTTP 500.", &EVASIVE).is_empty());
}

#[test]
fn phrases_are_found_as_whole_words() {
    let found = find("Some users\n may  have EXPERIENCED errors. It was handsome userspace.", &EVASIVE);
    assert_eq!(
        found.iter().map(|phrase| phrase.words.as_str()).collect::<Vec<_>>(),
        ["some users", "may have experienced"]
    );
    assert!(find("We broke check-ins for everybody.", &EVASIVE).is_empty());
    assert_eq!(find("It was human error.", &BLAMING).len(), 1);
}

#[test]
fn plurals_possessives_and_vague_others_are_found() {
    for text in [
        "Unforeseen issues.",
        "An unexpected event.",
        "An unexpected condition.",
        "Unexpected anomalies.",
        "A portion of traffic.",
        "A number of requests.",
        "Certain customers.",
        "Several of our clients.",
        "In a partner’s environment.",
        "A supplier's network.",
        "A vendor had an outage.",
        "One of our providers.",
        "A third party.",
        "Third-party services.",
        "Service disruptions.",
        "Technical difficulties.",
    ] {
        assert!(!find(text, &EVASIVE).is_empty(), "{text}");
    }
}

#[test]
fn plain_words_of_an_account_are_not_phrases() {
    for text in [
        "Our provider Hetzner lost a switch, and we had no second one.",
        "We moved to a provider with two regions.",
        "The environment variable was missing in production.",
        "The number of connections was not limited.",
        "Customers could not pay. Users saw an error page.",
        "The supplier table was locked, and every order waited for it.",
        "Our partners' shops were down with ours.",
    ] {
        assert_eq!(find(text, &EVASIVE), [], "{text}");
    }
}

#[test]
fn what_is_quoted_negated_or_made_specific_is_no_phrase() {
    for text in [
        "We wrote \"some users may be experiencing issues\". It was everybody.",
        "This was not outside of our control.",
        "It wasn't beyond our control.",
        "It was not an unforeseen event: we had three warnings.",
        "There was no unforeseen event.",
        "It is not true that all of this was outside our control.",
        "When you select customers in the menu, it fails.",
        "One of our providers, Mailgun, was down.",
        "A third party (Acme) was down.",
        "At this time (14:02 UTC) the disk was full.",
        "Certain users, the 31 with two accounts, saw it.",
        "Some customers: twelve shops.",
        "A third-party library, log4j 2.14, evaluated a string.",
    ] {
        assert_eq!(find(text, &EVASIVE), [], "{text}");
    }
    for text in [
        "An unforeseen issue with a third-party vendor was seen on Monday.",
        "Some users could not log in.",
        "We could not reach the database, and a number of requests failed.",
        "It was not us. Some users saw errors.",
    ] {
        assert!(!find(text, &EVASIVE).is_empty(), "{text}");
    }
}

#[test]
fn blame_is_of_a_person() {
    for text in [
        "It was entirely the fault of our deploy process, and we broke payments.",
        "Our own DNS change was to blame.",
        "No one person was to blame; we broke it together.",
        "Nobody was careless.",
        "It is not human error. It is our tool.",
        "Human error was not the cause.",
        "If you see \"user error 14\", retry.",
        "If you see user error 14, retry.",
        "The script failed to follow redirects.",
        "The new nodes were there, but they failed to follow the leader.",
        "User error reports tripled.",
        "The alert was dismissed as a false positive.",
        "The alarm had been dismissed twice before.",
        "We saw the alerts and dismissed them.",
        "We let them go to the old page while search was broken.",
        "The alarm was fired twice, and we took a disciplined approach.",
    ] {
        assert_eq!(find(text, &BLAMING), [], "{text}");
    }
    for text in [
        "The intern deleted the database. We have let him go.",
        "An engineer carelessly ran it.",
        "We disciplined the employee.",
        "An employee made a mistake; he will be punished.",
        "The operators failed to follow the runbook.",
        "The engineer failed to follow procedure.",
        "The engineers failed to follow the deployment procedures.",
        "It was human error, alerts were ignored.",
        "It was human error.",
        "We fired our engineer.",
        "The technicians were dismissed.",
        "The contractor has been dismissed.",
        "He was fired.",
    ] {
        assert!(!find(text, &BLAMING).is_empty(), "{text}");
    }
}

#[test]
fn what_shares_words_is_found_once() {
    let found = find("We saw a limited impact on checkout.", &EVASIVE);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn every_phrase_can_match() {
    for known in EVASIVE.iter().chain(&BLAMING) {
        let choices = known.pattern.split(' ').map(|choices| choices.split('|').next().unwrap());
        let text = choices.collect::<Vec<_>>().join(" ");
        assert_eq!(find(&text, std::slice::from_ref(known)).len(), 1, "{text}");
        assert!(known.pattern.chars().all(|c| matches!(c, 'a'..='z' | ' ' | '|')), "{text}");
    }
}
