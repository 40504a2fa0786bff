//! Every word. English is here, for yew applications and servers; in other people's pages JavaScript hands
//! over all words, from `shared/locales/`. The names are those of the files, with a dot between a group and what is in it.

use std::rc::Rc;

use yew::Html;

/// Stands between facts.
pub(crate) const DOT: &str = " · ";

/// As `shared/locales/en.json`; a test compares them.
const ENGLISH: &[(&str, &str)] = &[
    ("label", "Service status"),
    ("dismiss", "Dismiss"),
    ("details", "Details"),
    ("show", "Show status"),
    ("close", "Close"),
    ("level.critical", "Major outage"),
    ("level.major", "Partial outage"),
    ("level.minor", "Degraded"),
    ("level.maintenance", "Maintenance"),
    ("level.none", "Notice"),
    ("level.resolved", "Resolved"),
    ("level.unknown", "Unknown"),
    ("summary.none", "All systems operational"),
    ("summary.maintenance", "Service under maintenance"),
    ("summary.minor", "Partially degraded service"),
    ("summary.major", "Partial system outage"),
    ("summary.critical", "Major service outage"),
    ("summary.unknown", "Status unknown"),
    ("component.operational", "operational"),
    ("component.under_maintenance", "under maintenance"),
    ("component.degraded_performance", "degraded performance"),
    ("component.partial_outage", "partial outage"),
    ("component.major_outage", "major outage"),
    ("status.investigating", "investigating"),
    ("status.identified", "identified"),
    ("status.monitoring", "monitoring"),
    ("status.resolved", "resolved"),
    ("status.scheduled", "scheduled"),
    ("status.in_progress", "in progress"),
    ("status.verifying", "verifying"),
    ("status.completed", "completed"),
    ("just_now", "just now"),
    ("updated", "Updated {time}"),
    ("not_confirmed", "not confirmed since {time}"),
    ("next_update", "next update by {time}"),
    ("overdue", "update overdue since {time}"),
    ("window", "{from} to {to}"),
    ("reopened", "reopened"),
    ("resolved_at", "resolved {time}"),
    ("cannot_check", "We cannot check right now. This is as of {time}."),
    ("never_checked", "We cannot check right now."),
    ("offline", "You are offline. This is as of {time}."),
    ("more.one", "{count} more"),
    ("more.other", "{count} more"),
];

/// The words of a language; English unless others are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    own: Rc<Vec<(String, String)>>,
    /// What is said where there is none of its own.
    rest: &'static [(&'static str, &'static str)],
}

impl Default for Words {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Words {
    /// The words of another language by their names, such as `level.major`. What is missing is said in
    /// English.
    pub fn new(words: Vec<(String, String)>) -> Self {
        Self { own: Rc::new(words), rest: ENGLISH }
    }

    /// All the words there are: the module for other pages leaves English to JavaScript, which has it anyway.
    #[cfg(feature = "csr")]
    pub(crate) fn all(words: Vec<(String, String)>) -> Self {
        Self { own: Rc::new(words), rest: &[] }
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        let own = self.own.iter().find(|(its, _)| its == name).map(|(_, word)| word.as_str());
        let rest = || self.rest.iter().find(|(its, _)| *its == name).map(|(_, word)| *word);
        own.or_else(rest).unwrap_or_default()
    }

    /// A word of a group; its name, where there is none.
    pub(crate) fn of<'a>(&'a self, group: &str, name: &'a str) -> &'a str {
        Some(self.get(&[group, ".", name].concat())).filter(|word| !word.is_empty()).unwrap_or(name)
    }

    /// A sentence with things put into its places.
    pub(crate) fn fill(&self, name: &str, things: &[(&str, Html)]) -> Html {
        pieces(self.get(name))
            .into_iter()
            .map(|piece| match piece {
                Ok(text) => Html::from(text.to_owned()),
                Err(place) => things
                    .iter()
                    .find(|(name, _)| *name == place)
                    .map_or_else(Html::default, |(_, thing)| thing.clone()),
            })
            .collect()
    }
}

/// A sentence taken apart: text, and the names of places.
fn pieces(sentence: &str) -> Vec<Result<&str, &str>> {
    let mut pieces = Vec::new();
    let mut parts = sentence.split('{');
    pieces.extend(parts.next().map(Ok));
    for part in parts {
        let (place, text) = part.split_once('}').unwrap_or((part, ""));
        pieces.extend([Err(place), Ok(text)]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn english_is_what_shared_has() {
        let file: Value = serde_json::from_str(include_str!("../../shared/locales/en.json")).unwrap();
        for (name, text) in ENGLISH {
            let path = match name.strip_prefix("more.") {
                Some(form) => format!("/count/more/{form}"),
                None => format!("/{}", name.replace('.', "/")),
            };
            assert_eq!(file.pointer(&path), Some(&Value::from(*text)), "{name}");
        }
    }

    #[test]
    fn other_words_come_first_and_english_stands_in() {
        let words = Words::new(vec![("level.major".to_owned(), "Teilausfall".to_owned())]);
        assert_eq!(words.of("level", "major"), "Teilausfall");
        assert_eq!(words.of("level", "minor"), "Degraded");
        assert_eq!(words.get("nothing"), "");
    }

    #[test]
    fn a_sentence_has_its_places_anywhere() {
        assert_eq!(pieces("{from} bis {to}"), [Ok(""), Err("from"), Ok(" bis "), Err("to"), Ok("")]);
        assert_eq!(pieces("seit {time} offen"), [Ok("seit "), Err("time"), Ok(" offen")]);
        assert_eq!(pieces("plain"), [Ok("plain")]);
    }
}
