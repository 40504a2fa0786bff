//! What to say first. `element/model.js` and `loader/draw.js` follow the same rules.

use candor_shared::published::StatusDocument;
use candor_shared::state::Indicator;
use candor_shared::time::Time;

#[cfg(any(feature = "csr", test))]
use crate::clock::iso;

/// The one thing that a banner is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// How bad it is; its colour and its word.
    pub level: Indicator,
    /// What it is called; a notice's title, if it has one.
    pub name: String,
    /// The newest update's text; plain text, may be empty.
    pub body: String,
    /// Who and what is affected, in words; plain text, may be empty.
    pub note: String,
    /// In which language these are, if it is known.
    pub languages: Languages,
    /// Where an incident or a maintenance stands, as on the wire.
    pub status: Option<String>,
    /// From when until when a maintenance goes on.
    pub window: Option<(Time, Time)>,
    /// When the newest update is from.
    pub updated_at: Time,
    /// When an incident was last opened again.
    pub reopened_at: Option<Time>,
    /// When it was resolved: it is over.
    pub resolved_at: Option<Time>,
    /// When the next update was promised for.
    pub next_update_at: Option<Time>,
    /// Whether that time has passed without an update, by the server's clock.
    pub overdue: bool,
    /// Where a person reads more.
    pub url: Option<String>,
    /// What else there is: its [class](Headline::class), and its name; of a notice without one, what it says.
    pub others: Vec<(&'static str, String)>,
}

/// The languages of an operator's texts, as BCP 47 tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Languages {
    /// Of the name.
    pub name: Option<String>,
    /// Of the text.
    pub body: Option<String>,
    /// Of the note.
    pub note: Option<String>,
}

impl Headline {
    fn new(document: &StatusDocument, level: Indicator, name: &str, body: &str, updated_at: Time) -> Self {
        let language = &document.page.language;
        Self {
            level,
            name: name.to_owned(),
            body: body.to_owned(),
            note: String::new(),
            languages: Languages { name: language.clone(), body: language.clone(), note: language.clone() },
            status: None,
            window: None,
            updated_at,
            reopened_at: None,
            resolved_at: None,
            next_update_at: None,
            overdue: false,
            url: None,
            others: Vec::new(),
        }
    }

    /// The class of its colour, and the name of its word.
    pub(crate) fn class(&self) -> &'static str {
        if self.resolved_at.is_some() { "resolved" } else { self.level.as_str() }
    }
}

/// The worst incident, else active maintenance, else upcoming, else what has just been resolved, else the
/// notice; without any of these the components. None when there is nothing to tell.
pub fn headline(document: &StatusDocument) -> Option<Headline> {
    let mut all = headlines(document);
    if all.is_empty() && document.indicator != Indicator::None {
        all.push(components(document));
    }
    let first = first_of(all)?;
    Some(Headline { url: first.url.clone().or_else(|| document.page.url.clone()), ..first })
}

/// The first, which names the others.
pub(crate) fn first_of(all: Vec<Headline>) -> Option<Headline> {
    let mut all = all.into_iter();
    let first = all.next()?;
    let others =
        all.map(|other| (other.class(), if other.name.is_empty() { other.body } else { other.name }));
    Some(Headline { others: others.collect(), ..first })
}

/// All that there is to tell, in the document's order: incidents, maintenances, what has just been resolved
/// where nothing worse is, the notice.
pub fn headlines(document: &StatusDocument) -> Vec<Headline> {
    let mut all = open(document);
    if all.is_empty() && document.indicator == Indicator::None {
        all = resolved(document);
    }
    all.extend(notice(document));
    all
}

fn open(document: &StatusDocument) -> Vec<Headline> {
    let incidents = document.incidents.iter().map(|incident| Headline {
        status: Some(incident.status.as_str().to_owned()),
        reopened_at: incident.reopened_at,
        next_update_at: incident.next_update_at,
        overdue: incident.overdue,
        note: incident.impact_note.clone().unwrap_or_default(),
        url: incident.url.clone(),
        ..Headline::new(document, incident.impact.into(), &incident.name, &incident.body, incident.updated_at)
    });
    let maintenances = document.maintenances.iter().map(|work| Headline {
        status: Some(work.status.as_str().to_owned()),
        window: Some((work.scheduled_for, work.scheduled_until)),
        url: work.url.clone(),
        ..Headline::new(document, Indicator::Maintenance, &work.name, &work.body, work.updated_at)
    });
    incidents.chain(maintenances).collect()
}

fn notice(document: &StatusDocument) -> Option<Headline> {
    let notice = document.notice.as_ref()?;
    let title = notice.title.as_deref().unwrap_or_default();
    Some(Headline {
        url: notice.url.clone(),
        ..Headline::new(document, Indicator::None, title, &notice.body, notice.updated_at)
    })
}

/// What was resolved within the last hour.
fn resolved(document: &StatusDocument) -> Vec<Headline> {
    let all = document.resolved.iter().map(|incident| Headline {
        resolved_at: Some(incident.resolved_at),
        url: incident.url.clone(),
        ..Headline::new(document, Indicator::None, &incident.name, &incident.body, incident.resolved_at)
    });
    all.collect()
}

fn components(document: &StatusDocument) -> Headline {
    let names: Vec<&str> = document.components.iter().map(|component| component.name.as_str()).collect();
    Headline {
        url: document.page.url.clone(),
        ..Headline::new(document, document.indicator, &names.join(", "), "", document.published_at)
    }
}

/// Names each thing that is shown in the state that it is shown in: `;`, its id (none for a notice), `,`,
/// and when it was updated. A visitor who closes the banner has seen these.
#[cfg(any(feature = "csr", test))]
pub(crate) fn shown(document: &StatusDocument) -> Vec<String> {
    let incidents = document.incidents.iter().map(|incident| (incident.id.as_str(), incident.updated_at));
    let maintenances =
        document.maintenances.iter().map(|maintenance| (maintenance.id.as_str(), maintenance.updated_at));
    let notice = document.notice.iter().map(|notice| ("", notice.updated_at));
    let components = document.components.iter().map(|component| (component.id.as_str(), component.since));
    let resolved = document.resolved.iter().map(|incident| (incident.id.as_str(), incident.resolved_at));
    incidents
        .chain(maintenances)
        .chain(notice)
        .chain(components)
        .chain(resolved)
        .map(|(id, time)| format!(";{id},{}", iso(time)))
        .collect()
}

/// Whether a visitor who closed the banner when it showed `seen` has seen all that it shows now. By what
/// and not by when: an incident may be posted later than it says, and what has gone since is no news.
#[cfg(any(feature = "csr", test))]
pub(crate) fn is_seen(document: &StatusDocument, seen: &str) -> bool {
    shown(document).iter().all(|item| seen.contains(item.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(rest: &str) -> StatusDocument {
        let text = format!(
            r#"{{"schema":1,"page":{{"name":"Trailmark","url":"https://status.example"}},"version":7,
                "published_at":"2026-01-01T00:00:00.000Z","indicator":"none","description":""{rest}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    const INCIDENT: &str = r#"{"id":"a","name":"Check-ins are failing","status":"identified","impact":"major",
        "started_at":"2026-01-01T10:00:00.000Z","updated_at":"2026-01-01T10:10:00.000Z","body":"On it.",
        "next_update_at":"2026-01-01T10:40:00.000Z"}"#;
    const WORK: &str = r#"{"id":"b","name":"Database work","status":"in_progress",
        "scheduled_for":"2026-01-01T09:00:00.000Z","scheduled_until":"2026-01-01T11:00:00.000Z",
        "updated_at":"2026-01-01T10:20:00.000Z","body":"Reads only.","url":"https://status.example/b"}"#;
    const NOTICE: &str = r#"{"body":"We move house.","updated_at":"2026-01-01T08:00:00.000Z"}"#;
    const COMPONENT: &str =
        r#"{"id":"maps","name":"Maps","status":"major_outage","since":"2026-01-01T10:30:00.000Z"}"#;

    #[test]
    fn nothing_to_tell_is_nothing_to_show() {
        assert_eq!(headline(&document("")), None);
        assert!(is_seen(&document(""), ""));
    }

    #[test]
    fn an_incident_comes_before_all_else() {
        let all = document(&format!(
            r#","incidents":[{INCIDENT}],"maintenances":[{WORK}],"notice":{NOTICE},"components":[{COMPONENT}]"#
        ));
        let first = headline(&all).unwrap();
        assert_eq!((first.level, first.name.as_str()), (Indicator::Major, "Check-ins are failing"));
        assert_eq!(first.url.as_deref(), Some("https://status.example"), "the page's, for want of its own");
        assert_eq!(
            first.others,
            [("maintenance", "Database work".to_owned()), ("none", "We move house.".to_owned())]
        );
    }

    #[test]
    fn then_maintenance_then_the_notice_then_components() {
        let work = headline(&document(&format!(r#","maintenances":[{WORK}],"notice":{NOTICE}"#))).unwrap();
        assert_eq!((work.level, work.status.as_deref()), (Indicator::Maintenance, Some("in_progress")));
        assert_eq!(work.url.as_deref(), Some("https://status.example/b"));
        let notice =
            headline(&document(&format!(r#","notice":{NOTICE},"components":[{COMPONENT}]"#))).unwrap();
        assert_eq!((notice.level, notice.body.as_str()), (Indicator::None, "We move house."));
        let mut maps = document(&format!(r#","components":[{COMPONENT}]"#));
        maps.indicator = Indicator::Critical;
        let maps = headline(&maps).unwrap();
        assert_eq!((maps.level, maps.name.as_str()), (Indicator::Critical, "Maps"));
    }

    #[test]
    fn what_is_over_is_told_where_nothing_worse_is() {
        let over = r#""resolved":[{"id":"c","name":"Check-ins were failing","impact":"major",
            "resolved_at":"2026-01-01T10:00:00.000Z","body":"It is over."}]"#;
        let first = |rest: &str| headline(&document(&format!(",{over}{rest}"))).unwrap();
        assert_eq!((first("").class(), first("").name.as_str()), ("resolved", "Check-ins were failing"));
        assert_eq!(first(&format!(r#","notice":{NOTICE}"#)).class(), "resolved");
        assert_eq!(first(&format!(r#","incidents":[{INCIDENT}]"#)).class(), "major");
        assert_eq!(first(&format!(r#","maintenances":[{WORK}]"#)).class(), "maintenance");
        let all = document(&format!(",{over}"));
        assert!(!is_seen(&all, "") && is_seen(&all, ";c,2026-01-01T10:00:00.000Z"), "it can be closed");
        assert_eq!(headlines(&all).len(), 1);
    }

    #[test]
    fn the_server_says_whether_a_promise_is_overdue() {
        let first = headline(&document(&format!(r#","incidents":[{INCIDENT}]"#))).unwrap();
        assert!(!first.overdue, "although its time is long past by this clock");
        let late = INCIDENT.replace(r#""body""#, r#""overdue":true,"impact_note":"Nothing is lost.","body""#);
        let late = headline(&document(&format!(r#","incidents":[{late}]"#))).unwrap();
        assert_eq!((late.overdue, late.note.as_str()), (true, "Nothing is lost."));
    }

    #[test]
    fn what_was_closed_returns_with_anything_that_was_not_seen() {
        let one = document(&format!(r#","incidents":[{INCIDENT}],"notice":{NOTICE}"#));
        // As the loader writes it.
        let seen = ";a,2026-01-01T10:10:00.000Z,;,2026-01-01T08:00:00.000Z";
        assert_eq!(shown(&one).join(","), seen);
        assert!(is_seen(&one, seen));
        assert!(!is_seen(&one, ""));
        assert!(is_seen(&document(&format!(r#","notice":{NOTICE}"#)), seen), "the incident is over");
        for news in [
            format!(r#","incidents":[{INCIDENT}],"components":[{COMPONENT}]"#),
            format!(r#","incidents":[{}]"#, INCIDENT.replace("10:10", "10:11")),
            // Posted later, and said to be from before.
            format!(
                r#","incidents":[{INCIDENT},{}]"#,
                INCIDENT.replace("10:10", "09:10").replace(r#""a""#, r#""b""#)
            ),
            format!(r#","incidents":[{}]"#, INCIDENT.replace(r#""a""#, r#""aa""#)),
            format!(r#","notice":{}"#, NOTICE.replace("08:00", "07:00")),
        ] {
            assert!(!is_seen(&document(&news), seen), "{news}");
        }
    }
}
