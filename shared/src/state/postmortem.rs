//! What a good post-mortem holds.

#[cfg(feature = "schema")]
use crate::limits;
use serde::{Deserialize, Serialize};

use super::response::Affected;
use super::terms::TimelineKind;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// A post-mortem as it was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postmortem {
    /// The incident.
    pub incident: Id,
    /// When it was first published.
    pub published_at: Time,
    /// When it was last published.
    pub updated_at: Time,
    /// What it says.
    pub text: PostmortemText,
}

/// The text, field by field. Texts are Markdown (see [`crate::text::markdown`]). What is absent is graded,
/// not refused: a short honest one is better than none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostmortemText {
    /// What happened, in a paragraph that admits it.
    pub summary: Body,
    /// When it began for those affected.
    pub started_at: Option<Time>,
    /// When it was over for them.
    pub ended_at: Option<Time>,
    /// What happened when.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::TIMELINE)))]
    pub timeline: Vec<TimelineEntry>,
    /// Who and what was affected, and how.
    pub affected: Option<Body>,
    /// How many were affected.
    pub affected_share: Option<Affected>,
    /// What went wrong.
    pub what_went_wrong: Option<Body>,
    /// What contributed to it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub causes: Vec<Body>,
    /// Why; why that; and so on, up to seven.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::WHYS)))]
    pub five_whys: Vec<Body>,
    /// What was learned.
    #[serde(default)]
    pub lessons: Lessons,
    /// The technologies involved.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub technologies: Vec<Name>,
    /// How it was for the people who were there: what was hard to see, what helped.
    pub human_elements: Option<Body>,
    /// What others can learn from it.
    pub learnings_for_others: Option<Body>,
    /// Where people were kept informed, and where they can ask.
    pub channel: Option<Body>,
    /// Who was there and says that this is how it was: an initial or a role.
    pub attested_by: Option<Name>,
}

/// What was learned, technical and process apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lessons {
    /// What changes in the machines.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub technical: Vec<Body>,
    /// What changes in how people work.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::POSTMORTEM_LIST)))]
    pub process: Vec<Body>,
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimelineEntry {
    /// When.
    pub at: Time,
    /// What.
    pub what: Body,
    /// Which kind of moment it is.
    pub kind: TimelineKind,
}

impl PostmortemText {
    /// Every text in it that a person wrote at length.
    pub fn prose(&self) -> impl Iterator<Item = &str> {
        let optional = [
            &self.affected,
            &self.what_went_wrong,
            &self.human_elements,
            &self.learnings_for_others,
            &self.channel,
        ];
        let lists = [&self.causes, &self.five_whys, &self.lessons.technical, &self.lessons.process];
        std::iter::once(&self.summary)
            .chain(optional.into_iter().flatten())
            .chain(lists.into_iter().flatten())
            .map(Body::as_str)
    }
}

/// An empty post-mortem to fill in: `GET /postmortems/template.json`, a `postmortem.publish` whose
/// texts are the questions.
pub const TEMPLATE_JSON: &str = include_str!("postmortem_template.json");

/// The same questions for a text editor: `GET /postmortems/template.md`.
pub const TEMPLATE_MARKDOWN: &str = include_str!("postmortem_template.md");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_an_update_once_it_is_filled_in() {
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
