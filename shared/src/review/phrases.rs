//! Phrases that hide who, what or how many, and phrases that blame a person, each with advice what to write instead.
//!
//! Matching ignores case, white space and punctuation, and compares whole words. A phrase that is not in the lists is
//! not found.

use super::words::{matched, words};

/// A phrase to avoid, and what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The phrase, in lower case; alternatives of a word stand between bars. Plurals and possessives are found as well.
    pub pattern: &'static str,
    /// What to do instead: an imperative without a full stop.
    pub instead: &'static str,
}

/// A phrase in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The words of the text, in lower case.
    pub words: String,
    /// What to do instead: an imperative without a full stop.
    pub instead: &'static str,
}

const fn phrase(pattern: &'static str, instead: &'static str) -> Phrase {
    Phrase { pattern, instead }
}

const WHAT: &str = "say what broke, and how";
const WHO: &str = "say which ones, and how many";
const HOW_MANY: &str = "say how many, or what share";
const WHOSE: &str = "say what you depended on, and why";
const SYMPTOM: &str = "say what people could not do";

/// Evasive phrases: they hide who, what or how many.
pub const EVASIVE: [Phrase; 46] = [
    // What.
    phrase(
        "unforeseen|unexpected|unanticipated|unspecified|transient|underlying issue|event|condition|circumstance|anomaly|problem|situation|occurrence|incident",
        WHAT,
    ),
    phrase(
        "unforeseen|unexpected|unanticipated technical|network issue|event|condition|anomaly|problem",
        WHAT,
    ),
    phrase("unexpected behavior|behaviour", "say what it did"),
    phrase("an anomaly in|within|with|at|affecting", WHAT),
    phrase("an issue with|affecting|impacting", WHAT),
    phrase("issues with|affecting|impacting", WHAT),
    phrase(
        "experienced|experiencing|encountered an|some|intermittent issue|event|anomaly|problem|difficulty",
        WHAT,
    ),
    phrase("intermittent issue|problem|difficulty", "say what failed, and how often"),
    phrase("technical issue|difficulty|problem", WHAT),
    phrase(
        "a|the network|connectivity|infrastructure|platform|availability|performance event|anomaly|issue",
        WHAT,
    ),
    phrase("service interruption|disruption|degradation", "say what did not work"),
    phrase("caused|causing disruption|impact|degradation", "say what did not work"),
    phrase("elevated|increased error|failure rate", SYMPTOM),
    phrase("affected|affecting|impacted|impacting availability|performance|functionality", SYMPTOM),
    phrase("an|some|minor|minimal|limited impact on|to", SYMPTOM),
    phrase("reduced|degraded service level|quality", SYMPTOM),
    phrase("underlying component|cause", WHAT),
    phrase("limited impact", "say what failed, and for whom"),
    phrase("degraded|suboptimal experience|result", "say what was slow or failed"),
    // Who, and how many.
    phrase("a portion|fraction|proportion|percentage|subset|segment|handful of", HOW_MANY),
    phrase("a small|limited|certain portion|fraction|proportion|percentage|subset|number of", HOW_MANY),
    phrase("a number of", HOW_MANY),
    phrase("some|certain|several|select|various customer|user|client|visitor|account|subscriber|tenant", WHO),
    phrase(
        "some|certain|several of our|your|the customer|user|client|visitor|account|subscriber|tenant",
        WHO,
    ),
    phrase("may|might have experienced|seen|noticed", "say who was affected and what they saw"),
    phrase("may|might have been affected|impacted", "say who was affected, or that you do not know yet"),
    phrase("may|might be experiencing|seeing", "say who is affected and what they see"),
    phrase("a brief|short|limited period", "say how long"),
    phrase("over|for a period of time", "say how long"),
    phrase("a brief|short amount|while", "say how long"),
    // Somebody else, without a name.
    phrase("third party vendor|provider|supplier|partner|service|dependency", WHOSE),
    phrase("a|another|external third party", WHOSE),
    phrase("upstream|downstream|external provider|vendor|supplier|partner|party|dependency", WHOSE),
    phrase("one of our|the provider|vendor|supplier|partner", WHOSE),
    phrase("at|by|in|of|within|with a|another provider|vendor|supplier|partner", WHOSE),
    phrase("a|another provider|vendor|supplier|partner had|has|was|went|failed", WHOSE),
    phrase("a|another provider|vendor|supplier|partner experienced|suffered|reported|encountered", WHOSE),
    phrase("provider|vendor|supplier|partner environment|network|infrastructure|system|side", WHOSE),
    phrase("outside|out of our control", "say what you control: that you depended on it"),
    phrase("outside our control", "say what you control: that you depended on it"),
    phrase("beyond our control", "say what you control: that you depended on it"),
    // Courtesies.
    phrase("any|the inconvenience", "name what it cost people"),
    phrase("very seriously", "say what you change, and let that show it"),
    phrase("abundance of caution", "say what you feared"),
    phrase("at this time", "say the time, or leave it out"),
    phrase("thank you for your patience", "say when the next update comes"),
];

/// Phrases that blame a person.
pub const BLAMING: [Phrase; 9] = [
    phrase("human error", "ask why the system let one person do that"),
    phrase("operator error", "ask why the system let one person do that"),
    phrase("user error", "ask what misled people"),
    phrase("careless", "say what was hard to see at that moment"),
    phrase("negligent", "say what was hard to see at that moment"),
    phrase("should have known", "say what would have shown it"),
    phrase("failed to follow", "ask why the procedure did not fit"),
    phrase("was to blame", "say what happened, not who"),
    phrase("fault of our", "say why you depended on it"),
];

/// The phrases of `list` that occur in `text`, each once, in the order of the list. Of two that share words, the first.
pub fn find(text: &str, list: &[Phrase]) -> Vec<Found> {
    let words: Vec<String> = words(text).collect();
    let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
    let mut found = Vec::new();
    for known in list {
        let first = (0..words.len()).find_map(|start| {
            let following = words.get(start..)?;
            let count = matched(following, known.pattern)?;
            let range = start..start.saturating_add(count);
            let is_free = taken.iter().all(|other| range.end <= other.start || other.end <= range.start);
            is_free.then(|| (following.iter().take(count).cloned().collect::<Vec<_>>().join(" "), range))
        });
        if let Some((words, range)) = first {
            taken.push(range);
            found.push(Found { words, instead: known.instead });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
