//! `/postmortems/ID.json`: a post-mortem with its grades and follow-up tasks.

use serde::Serialize;

use crate::bulletin::timeline_word;
use crate::review::{Gauntlet, gauntlet};
use crate::state::{
    Affected, Followup, FollowupStatus, Impact, Incident, Lessons, Postmortem, Promises, TimelineEntry,
};
use crate::text::markdown::to_html_below;
use crate::text::{Body, Name};
use crate::time::Time;
use crate::words::{Word, Words};

/// `GET /postmortems/ID.json`, schema 1. The texts are Markdown; `html` has them as safe HTML.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostmortemDocument {
    /// The schema: 1.
    pub schema: u32,
    /// The incident's id.
    pub incident: String,
    /// Name of the incident.
    pub name: String,
    /// Severity of the impact of the incident.
    pub impact: Impact,
    /// When the post-mortem was first published.
    pub published_at: Time,
    /// When the post-mortem was last published.
    pub updated_at: Time,
    /// What happened, in one paragraph.
    pub summary: String,
    /// When the incident began for the people affected.
    pub started_at: Option<Time>,
    /// When it ended for the people affected.
    pub ended_at: Option<Time>,
    /// What happened, and when.
    pub timeline: Vec<TimelineEntry>,
    /// Who and what was affected, and how.
    pub affected: Option<Body>,
    /// The share that was affected.
    pub affected_share: Option<Affected>,
    /// What went wrong.
    pub what_went_wrong: Option<Body>,
    /// The causes that contributed.
    pub causes: Vec<Body>,
    /// The five whys: why it failed, why that happened, and so on.
    pub five_whys: Vec<Body>,
    /// The lessons learned.
    pub lessons: Lessons,
    /// The technologies involved.
    pub technologies: Vec<Name>,
    /// How the people who responded experienced it.
    pub human_elements: Option<Body>,
    /// What other companies can learn from it.
    pub learnings_for_others: Option<Body>,
    /// Where people were kept informed, and where they can ask questions.
    pub channel: Option<Body>,
    /// Who took part and confirms this account: a role or initials.
    pub attested_by: Option<Name>,
    /// The summary and the other texts under headings, as an HTML fragment that is safe to show. It does not contain
    /// the timeline, the technologies and `attested_by`.
    pub html: String,
    /// The gauntlet's grades of the post-mortem.
    pub gauntlet: Gauntlet,
    /// How many promises of a next update were kept during the incident, and how many broken.
    pub promises: Promises,
    /// The follow-up tasks by due date; those without a date come last.
    pub followups: Vec<FollowupEntry>,
    /// How many follow-up tasks are open.
    pub followups_open: usize,
    /// How many follow-up tasks are overdue.
    pub followups_overdue: usize,
}

/// A follow-up task. `owner` is internal and not part of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FollowupEntry {
    /// The task's id.
    pub id: String,
    /// What to do, in one line.
    pub name: String,
    /// The cause that the task removes.
    pub prevents: Option<Body>,
    /// When the task is due; `null` if it has no date.
    pub due: Option<Time>,
    /// Current status.
    pub status: FollowupStatus,
    /// Why the task was dropped.
    pub reason: Option<Body>,
    /// Whether `due` has passed while the task was open.
    pub overdue: bool,
}

/// Builds `postmortems/ID.json`, with headings in the language of these words. Follow-up tasks of other incidents are ignored.
pub fn postmortem_document<'a>(
    incident: &Incident,
    postmortem: &Postmortem,
    followups: impl IntoIterator<Item = &'a Followup>,
    words: &Words,
) -> PostmortemDocument {
    let mut followups: Vec<&Followup> = followups.into_iter().filter(|f| f.incident == incident.id).collect();
    followups.sort_by_key(|f| (f.due.is_none(), f.due, &f.id));
    let text = &postmortem.text;
    PostmortemDocument {
        schema: 1,
        incident: incident.id.to_string(),
        name: incident.name.to_string(),
        impact: incident.recorded_impact(),
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
        html: article_html(2, postmortem, words),
        gauntlet: gauntlet(text, incident.language.as_ref()),
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

/// The summary, the other texts, when it happened and with which technologies, under headings in a language, for readers of feeds and of the API, who see nothing else;
/// Markdown.
pub fn whole_article(postmortem: &Postmortem, words: &Words) -> String {
    let mut article = format!("{}\n", postmortem.text.summary);
    for (title, body) in sections(postmortem).chain(facts(postmortem, words)) {
        article.push_str(&format!("\n## {}\n\n{body}\n", words.get(title)));
    }
    article
}

/// The same as HTML, with headings of this level.
pub fn whole_article_html(level: u8, postmortem: &Postmortem, words: &Words) -> String {
    html_of(level, postmortem, sections(postmortem).chain(facts(postmortem, words)), words)
}

/// The summary and the other texts as HTML, with headings of this level, without the times and the technologies.
pub fn article_html(level: u8, postmortem: &Postmortem, words: &Words) -> String {
    html_of(level, postmortem, sections(postmortem), words)
}

/// Each text is rendered for itself, with headings below its own: none reaches into the next one.
fn html_of(
    level: u8,
    postmortem: &Postmortem,
    sections: impl Iterator<Item = (Word, String)>,
    words: &Words,
) -> String {
    let mut article = to_html_below(level.saturating_sub(1), postmortem.text.summary.as_str());
    for (title, body) in sections {
        article.push_str(&to_html_below(level.saturating_sub(1), &format!("# {}", words.get(title))));
        article.push_str(&to_html_below(level, &body));
    }
    article
}

/// What is shown beside the texts where there is room: when it happened, and with which technologies; Markdown.
fn facts(postmortem: &Postmortem, words: &Words) -> impl Iterator<Item = (Word, String)> {
    let text = &postmortem.text;
    let ends = [(Word::PostmortemFrom, text.started_at), (Word::PostmortemTo, text.ended_at)];
    let ends =
        ends.into_iter().filter_map(|(word, at)| Some(words.labelled(words.get(word), &words.moment(at?))));
    // A date at the beginning would be the number of a list.
    let entries = text.timeline.iter().map(|entry| {
        let label = format!("{} ({})", words.title(timeline_word(entry.kind)), words.moment(entry.at));
        words.labelled(&label, &indented(&entry.what))
    });
    let technologies: Vec<&str> = text.technologies.iter().map(Name::as_str).collect();
    let course = ends.chain(entries).map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n");
    let all = [(Word::PostmortemTimeline, course), (Word::PostmortemInvolved, words.list(&technologies))];
    all.into_iter().filter(|(_, body)| !body.is_empty())
}

/// The texts of a post-mortem under headings, those that it has; Markdown.
fn sections(postmortem: &Postmortem) -> impl Iterator<Item = (Word, String)> {
    let text = &postmortem.text;
    let one = |body: &Option<Body>| body.as_ref().map(ToString::to_string).unwrap_or_default();
    let share = text.affected_share.as_ref().map(ToString::to_string);
    let affected = [Some(one(&text.affected)).filter(|text| !text.is_empty()), share];
    let affected = affected.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let list = |items: &[Body]| items.iter().map(|item| item_of("-", item)).collect::<Vec<_>>().join("\n");
    let whys = (1_usize..).zip(&text.five_whys).map(|(number, why)| item_of(&format!("{number}."), why));
    let all = [
        (Word::PostmortemAffected, affected),
        (Word::PostmortemWrong, one(&text.what_went_wrong)),
        (Word::PostmortemCauses, list(&text.causes)),
        (Word::PostmortemWhy, whys.collect::<Vec<_>>().join("\n")),
        (Word::PostmortemTechnical, list(&text.lessons.technical)),
        (Word::PostmortemProcess, list(&text.lessons.process)),
        (Word::PostmortemHuman, one(&text.human_elements)),
        (Word::PostmortemOthers, one(&text.learnings_for_others)),
        (Word::PostmortemChannel, one(&text.channel)),
    ];
    all.into_iter().filter(|(_, body)| !body.is_empty())
}

/// A Markdown list item. Further lines are indented, so that they stay part of it.
fn item_of(marker: &str, body: &Body) -> String {
    format!("{marker} {}", indented(body))
}

/// A text whose further lines are indented.
fn indented(body: &Body) -> String {
    body.as_str().replace('\n', "\n   ")
}
