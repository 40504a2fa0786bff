//! `/postmortems/ID.json`. A type of its own, so that no internal field can be published by accident.

use serde::Serialize;

use crate::review::{Gauntlet, gauntlet};
use crate::state::{
    Affected, Followup, FollowupStatus, Impact, Incident, Lessons, Postmortem, Promises, TimelineEntry,
};
use crate::text::markdown::to_html;
use crate::text::{Body, Name};
use crate::time::Time;

/// `GET /postmortems/ID.json`, schema 1. Texts are Markdown; `html` is all of them, safe to show.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostmortemDocument {
    /// 1.
    pub schema: u32,
    /// The incident's id.
    pub incident: String,
    /// What it was called.
    pub name: String,
    /// How bad it was.
    pub impact: Impact,
    /// When it was first published.
    pub published_at: Time,
    /// When it was last published.
    pub updated_at: Time,
    /// What happened.
    pub summary: String,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it was over.
    pub ended_at: Option<Time>,
    /// What happened when.
    pub timeline: Vec<TimelineEntry>,
    /// Who and what was affected.
    pub affected: Option<Body>,
    /// How many were affected.
    pub affected_share: Option<Affected>,
    /// What went wrong.
    pub what_went_wrong: Option<Body>,
    /// What contributed.
    pub causes: Vec<Body>,
    /// Why; why that.
    pub five_whys: Vec<Body>,
    /// What was learned.
    pub lessons: Lessons,
    /// What was involved.
    pub technologies: Vec<Name>,
    /// How it was for those who were there.
    pub human_elements: Option<Body>,
    /// What others can learn.
    pub learnings_for_others: Option<Body>,
    /// Where people are kept informed.
    pub channel: Option<Body>,
    /// Who attests it.
    pub attested_by: Option<Name>,
    /// The summary and every other text under its heading, as an HTML fragment. Timeline, numbers and
    /// names stand in their own fields.
    pub html: String,
    /// How it runs the gauntlet.
    pub gauntlet: Gauntlet,
    /// Promises of a next update during the incident.
    pub promises: Promises,
    /// What is done about it, those without a date last.
    pub followups: Vec<FollowupEntry>,
    /// How many of them are open.
    pub followups_open: usize,
    /// How many of those are overdue.
    pub followups_overdue: usize,
}

/// A follow-up task. Who does it stays inside.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FollowupEntry {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub name: String,
    /// The cause that it prevents.
    pub prevents: Option<Body>,
    /// When it is to be done.
    pub due: Option<Time>,
    /// Where it stands.
    pub status: FollowupStatus,
    /// Why it was dropped.
    pub reason: Option<Body>,
    /// Whether it is overdue.
    pub overdue: bool,
}

/// Makes the document of a post-mortem.
pub fn postmortem_document<'a>(
    incident: &Incident,
    postmortem: &Postmortem,
    followups: impl IntoIterator<Item = &'a Followup>,
) -> PostmortemDocument {
    let mut followups: Vec<&Followup> = followups.into_iter().filter(|f| f.incident == incident.id).collect();
    followups.sort_by_key(|f| (f.due.is_none(), f.due, &f.id));
    let text = &postmortem.text;
    PostmortemDocument {
        schema: 1,
        incident: incident.id.to_string(),
        name: incident.name.to_string(),
        impact: incident.impact,
        published_at: postmortem.published_at,
        updated_at: postmortem.updated_at,
        summary: text.summary.to_string(),
        started_at: text.started_at,
        ended_at: text.ended_at,
        timeline: text.timeline.clone(),
        affected: text.affected.clone(),
        affected_share: text.affected_share.clone(),
        what_went_wrong: text.what_went_wrong.clone(),
        causes: text.causes.clone(),
        five_whys: text.five_whys.clone(),
        lessons: text.lessons.clone(),
        technologies: text.technologies.clone(),
        human_elements: text.human_elements.clone(),
        learnings_for_others: text.learnings_for_others.clone(),
        channel: text.channel.clone(),
        attested_by: text.attested_by.clone(),
        html: to_html(&article(postmortem)),
        gauntlet: gauntlet(text),
        promises: incident.promises_by_now(),
        followups_open: followups.iter().filter(|f| f.status == FollowupStatus::Open).count(),
        followups_overdue: followups.iter().filter(|f| f.overdue).count(),
        followups: followups
            .into_iter()
            .map(|f| FollowupEntry {
                id: f.id.to_string(),
                name: f.name.to_string(),
                prevents: f.prevents.clone(),
                due: f.due,
                status: f.status,
                reason: f.reason.clone(),
                overdue: f.overdue,
            })
            .collect(),
    }
}

/// The texts of a post-mortem, one after another, under their headings; Markdown.
pub fn article(postmortem: &Postmortem) -> String {
    let text = &postmortem.text;
    let mut article = format!("{}\n", text.summary);
    let mut section = |title: &str, body: String| {
        if !body.is_empty() {
            article.push_str(&format!("\n## {title}\n\n{body}\n"));
        }
    };
    let one = |body: &Option<Body>| body.as_ref().map(ToString::to_string).unwrap_or_default();
    let list = |items: &[Body]| items.iter().map(|item| item_of("-", item)).collect::<Vec<_>>().join("\n");
    section("Who was affected", one(&text.affected));
    section("What went wrong", one(&text.what_went_wrong));
    section("What contributed", list(&text.causes));
    section("Why", text.five_whys.iter().map(|why| item_of("1.", why)).collect::<Vec<_>>().join("\n"));
    section("What changes technically", list(&text.lessons.technical));
    section("What changes in how we work", list(&text.lessons.process));
    section("How it was for the people there", one(&text.human_elements));
    section("What others can learn", one(&text.learnings_for_others));
    section("Where we keep you informed", one(&text.channel));
    article
}

/// A list item; its further lines stay inside.
fn item_of(marker: &str, body: &Body) -> String {
    format!("{marker} {}", body.as_str().replace('\n', "\n   "))
}
