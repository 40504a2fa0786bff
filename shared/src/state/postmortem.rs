//! Post-mortems, field by field, and the template to fill in.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::response::Affected;
use super::terms::TimelineKind;
#[cfg(feature = "schema")]
use crate::limits;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// The published post-mortem of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postmortem {
    /// The id of the incident.
    pub incident: Id,
    /// When the post-mortem was first published.
    pub published_at: Time,
    /// When the post-mortem was last published.
    pub updated_at: Time,
    /// The text, field by field.
    pub text: PostmortemText,
}

/// The text of a post-mortem, field by field. Bodies are Markdown (see [`crate::text::markdown`]). Only `summary` is
/// required: an absent field lowers the grade, because a short post-mortem is better than none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostmortemText {
    /// What happened, in one paragraph that admits the failure.
    pub summary: Body,
    /// When the incident began for the people affected.
    pub started_at: Option<Time>,
    /// When it ended for the people affected.
    pub ended_at: Option<Time>,
    /// What happened, and when.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::TIMELINE)))]
    pub timeline: Vec<TimelineEntry>,
    /// Who and what was affected, and how. Give numbers.
    pub affected: Option<Body>,
    /// The share that was affected.
    pub affected_share: Option<Affected>,
    /// What went wrong, in enough detail for an engineer elsewhere.
    pub what_went_wrong: Option<Body>,
    /// The causes that contributed.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub causes: Vec<Body>,
    /// The five whys: why it failed, why that happened, and so on; up to seven answers.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::WHYS)))]
    pub five_whys: Vec<Body>,
    /// The lessons learned.
    #[serde(default, deserialize_with = "lessons")]
    pub lessons: Lessons,
    /// The technologies involved, with versions.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub technologies: Vec<Name>,
    /// How the people who responded experienced it: what was hard to see, what helped.
    pub human_elements: Option<Body>,
    /// What other companies can learn from it.
    pub learnings_for_others: Option<Body>,
    /// Where people were kept informed, and where they can ask questions.
    pub channel: Option<Body>,
    /// Who took part and confirms this account: a role or initials.
    pub attested_by: Option<Name>,
}

/// The lessons learned: technical ones, and ones about the process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lessons {
    /// What changes in the systems.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub technical: Vec<Body>,
    /// What changes in the way people work.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub process: Vec<Body>,
}

/// Reads the lessons from an object. The parser would take an array for one, by the order of the fields.
fn lessons<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lessons, D::Error> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Lessons;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with \"technical\" and \"process\", each an array of texts")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Lessons, A::Error> {
            Lessons::deserialize(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_map(Fields)
}

/// One entry of a post-mortem's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimelineEntry {
    /// When it happened.
    pub at: Time,
    /// What happened; Markdown.
    pub what: Body,
    /// The kind of event.
    pub kind: TimelineKind,
}

impl PostmortemText {
    /// All that is written, with the JSON pointers (RFC 6901) to where it stands: the prose, and what the timeline says.
    pub fn written_at(&self) -> impl Iterator<Item = (String, &str)> {
        let optional = [
            ("affected", &self.affected),
            ("what_went_wrong", &self.what_went_wrong),
            ("human_elements", &self.human_elements),
            ("learnings_for_others", &self.learnings_for_others),
            ("channel", &self.channel),
        ];
        let lists = [
            ("causes", &self.causes),
            ("five_whys", &self.five_whys),
            ("lessons/technical", &self.lessons.technical),
            ("lessons/process", &self.lessons.process),
        ];
        let optional =
            optional.into_iter().filter_map(|(field, text)| Some((format!("/{field}"), text.as_ref()?)));
        let lists = lists.into_iter().flat_map(|(field, texts)| {
            texts.iter().enumerate().map(move |(index, text)| (format!("/{field}/{index}"), text))
        });
        let timeline = self.timeline.iter().enumerate();
        let timeline = timeline.map(|(index, entry)| (format!("/timeline/{index}/what"), &entry.what));
        let all = std::iter::once(("/summary".to_owned(), &self.summary)).chain(optional).chain(lists);
        all.chain(timeline).map(|(pointer, text)| (pointer, text.as_str()))
    }

    /// All that is written.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        self.written_at().map(|(_, text)| text)
    }
}

/// The template `GET /postmortems/template.json`: a `postmortem.publish` whose texts are questions to answer.
pub const TEMPLATE_JSON: &str = include_str!("postmortem_template.json");

/// The same questions in Markdown: `GET /postmortems/template.md`.
pub const TEMPLATE_MARKDOWN: &str = include_str!("postmortem_template.md");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_parses_and_both_forms_have_the_same_fields() {
        let updates = crate::update::parse(TEMPLATE_JSON.as_bytes()).unwrap();
        assert_eq!(updates[0].name(), "postmortem.publish");
        let wire: serde_json::Value = serde_json::from_str(TEMPLATE_JSON).unwrap();
        for field in wire.as_object().unwrap().keys().filter(|field| *field != "type") {
            assert!(
                TEMPLATE_MARKDOWN.contains(&format!("`{field}`")),
                "{field} is in the JSON and not in the Markdown"
            );
        }
    }
}
