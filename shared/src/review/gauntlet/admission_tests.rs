//! Tests of the forms of an admission.

use super::*;

#[test]
fn the_forms_are_recognised() {
    for sentence in [
        "We broke check-ins for eleven hours.",
        "We've broken payments for over an hour.",
        "On 7 October, we broke search.",
        "The disk was full and we lost 400 orders.",
        "I mistyped the address.",
        "We failed to renew a certificate.",
        "We messed up.",
        "We caused a long outage.",
        "We were down for 11 hours.",
        "We went offline on Monday.",
        "We were down from 14:00 to 15:30 UTC.",
        "We let all of you down.",
        "We took checkout down for an hour.",
        "It was all our own fault.",
        "Nine shops were closed, and it's my mistake.",
        "We were down: the disk was full.",
        "At 14:02 we broke search.",
        "We failed you, and we failed at the one thing that we do.",
        "The fault was entirely ours.",
        "Our deploy broke login.",
        "In May our deploy was slow, and our load balancer ran out of memory.",
        "We are sorry that we interrupted your service.",
        "Our new payments service has crashed.",
    ] {
        assert!(admits(sentence), "{sentence}");
    }
}

#[test]
fn what_is_near_a_form_is_in_none() {
    for sentence in [
        "Did we break it, and we failed?",
        "We broke nothing.",
        "We broke down the numbers.",
        "We broke it down into parts.",
        "We broke even.",
        "We broke all records.",
        "We failed over to the second region.",
        "We lost sight of it.",
        "We lost patience with the vendor.",
        "We lost contact with the data centre.",
        "We lost a data centre.",
        "We were down to two servers.",
        "We were down by 3 %.",
        "We were down for planned maintenance.",
        "We went down the list of orders.",
        "We failed to find a fault.",
        "We failed to reach the provider's hotline for an hour.",
        "We failed to convince our bank.",
        "We took down the notes.",
        "We took the server of the thief offline.",
        "We interrupted the meeting.",
        "We caused delight, and there was an outage.",
        "It was our error budget.",
        "It was our fault-tolerant design.",
        "Our provider failed.",
        "Our provider's network failed.",
        "Our Acme network failed.",
        "Our tests failed.",
        "Our customers' database crashed.",
        "Our network was down by 3 %.",
        "Our database failed over.",
        "They say it was our fault.",
        "There are reports that it broke, and we failed.",
        "The view of the press: we broke it.",
        "The company we failed is gone.",
        "I was down for a week.",
        "Nine shops were closed: it's my mistake.",
        "From Cloudflare's post-mortem: we deployed a bad rule and we broke routing.",
        "**The vendor's status page:** we lost the data of 400 shops.",
        "As a precaution, we took the login service offline while Okta investigated its breach.",
        "As a precaution, we took login down for an hour.",
        "We went offline from 02:00 to 03:00 to move the racks, as announced.",
        "We were offline on Sunday, as announced in March.",
        "We took the old cluster offline after the migration was complete.",
        "We broke the glass and used the emergency account",
        "In 2024 we were down for 3 hours.",
        "We broke the connection to the payment provider to protect your data.",
        "We failed one of two power supplies as part of the work.",
    ] {
        assert!(!admits(sentence), "{sentence}");
    }
}
