//! Phrases that hide who, what or how many, and phrases that blame a person, each with advice what to write instead.
//!
//! Matching ignores case, white space and punctuation, and compares whole words. A phrase that is not in the lists is
//! not found.

/// A phrase to avoid, and what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The phrase, in lower case.
    pub phrase: &'static str,
    /// What to do instead: an imperative without a full stop.
    pub instead: &'static str,
}

const fn phrase(phrase: &'static str, instead: &'static str) -> Phrase {
    Phrase { phrase, instead }
}

/// Evasive phrases: they hide who, what or how many.
pub const EVASIVE: [Phrase; 36] = [
    phrase("unforeseen issue", "say what broke"),
    phrase("unforeseen circumstances", "say what happened"),
    phrase("an issue with", "say what broke, and how"),
    phrase("experienced an issue", "say what broke"),
    phrase("intermittent issues", "say what failed, and how often"),
    phrase("third party vendor", "say what you depended on, and why"),
    phrase("third party provider", "say what you depended on, and why"),
    phrase("upstream provider", "say what you depended on, and why"),
    phrase("outside of our control", "say what you control: that you depended on it"),
    phrase("beyond our control", "say what you control: that you depended on it"),
    phrase("a brief period", "say how long"),
    phrase("may have experienced", "say who was affected and what they saw"),
    phrase("might have experienced", "say who was affected and what they saw"),
    phrase("may have been affected", "say who was affected, or that you do not know yet"),
    phrase("may be experiencing", "say who is affected and what they see"),
    phrase("a small number of", "say how many, or what share"),
    phrase("a limited number of", "say how many, or what share"),
    phrase("a subset of", "say which ones, and how many"),
    phrase("some customers", "say which ones, and how many"),
    phrase("some users", "say which ones, and how many"),
    phrase("limited impact", "say what failed, and for whom"),
    phrase("any inconvenience", "name what it cost people"),
    phrase("the inconvenience", "name what it cost people"),
    phrase("elevated error rates", "say what people could not do"),
    phrase("increased error rates", "say what people could not do"),
    phrase("degraded experience", "say what was slow or failed"),
    phrase("service interruption", "say what did not work"),
    phrase("service disruption", "say what did not work"),
    phrase("unexpected behavior", "say what it did"),
    phrase("unexpected behaviour", "say what it did"),
    phrase("technical difficulties", "say what broke"),
    phrase("technical issue", "say what broke"),
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

/// The phrases of `list` that occur in `text`, each once, in the order of the list.
pub fn find(text: &str, list: &'static [Phrase]) -> Vec<Phrase> {
    let words = format!(" {} ", words(text).collect::<Vec<_>>().join(" "));
    list.iter().filter(|known| words.contains(&format!(" {} ", known.phrase))).copied().collect()
}

/// The words of a text, in lower case.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// How many words a text has. Scripts that set no space between words have about two letters to a word.
pub(crate) fn word_count(text: &str) -> usize {
    let is_unspaced = |c: &char| {
        matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
            || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    };
    words(text)
        .map(|word| word.chars().filter(is_unspaced).count().div_ceil(2).max(1))
        .fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        let found = find("Some users\n may  have EXPERIENCED errors. It was handsome userspace.", &EVASIVE);
        assert_eq!(
            found.iter().map(|p| p.phrase).collect::<Vec<_>>(),
            ["may have experienced", "some users"]
        );
        assert!(find("We broke check-ins for everybody.", &EVASIVE).is_empty());
        assert_eq!(find("It was human error.", &BLAMING).len(), 1);
    }

    #[test]
    fn words_are_counted_in_scripts_without_spaces() {
        assert_eq!(word_count("We are on it, all of us."), 7);
        assert_eq!(word_count("当番の技術者は疲れていました。"), 7);
        assert_eq!(word_count("磁盘已满。"), 2);
        assert_eq!(word_count("디스크가 가득 찼습니다."), 3);
        assert_eq!(word_count(""), 0);
    }

    #[test]
    fn every_phrase_can_match() {
        for known in EVASIVE.iter().chain(&BLAMING) {
            let as_words: Vec<String> = words(known.phrase).collect();
            assert_eq!(as_words.join(" "), known.phrase, "a phrase is lower-case words with single spaces");
        }
    }
}
