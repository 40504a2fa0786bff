//! What a visitor is told: not what they closed, and that something is over only if they saw it. The rules are those of the loader
//! (`loader/view.js`).

use std::rc::Rc;

use candor_shared::bulletin::{Bulletin, Level, Line};
use candor_shared::time::Time;

/// How long it is news that an incident is over. Milliseconds.
const NEWS: i64 = 600_000;

/// The keys of these lines, with a space between them.
pub(crate) fn keys(lines: &[Line]) -> String {
    lines.iter().map(|line| line.key.as_str()).collect::<Vec<_>>().join(" ")
}

/// The ids of what these lines are about, with a space between them, except of what is over.
pub(crate) fn ids(lines: &[Line]) -> String {
    let going_on = lines.iter().filter(|line| line.level != Level::Resolved);
    let ids = going_on.filter_map(|line| Some(parts(line)?.0)).filter(|id| !id.is_empty());
    ids.collect::<Vec<_>>().join(" ")
}

/// Whether a visitor who closed all these keys has closed all of these lines. What has gone since is no news.
pub(crate) fn is_closed(lines: &[Line], closed: &str) -> bool {
    lines.iter().all(|line| has(closed, &line.key))
}

/// The bulletin for a visitor who saw the incidents with these ids and closed these keys: without what is over if they never saw it,
/// if they know by now, or if it is no news any more.
pub(crate) fn for_visitor(
    bulletin: Rc<Bulletin>,
    met: &str,
    closed: &str,
    now: Option<Time>,
) -> Rc<Bulletin> {
    let is_told =
        |line: &Line| line.level != Level::Resolved || is_news(line, met, closed, now).unwrap_or(false);
    if bulletin.lines.iter().all(is_told) {
        return bulletin;
    }
    let mut bulletin = Rc::unwrap_or_clone(bulletin);
    bulletin.lines.retain(is_told);
    Rc::new(bulletin)
}

fn is_news(line: &Line, met: &str, closed: &str, now: Option<Time>) -> Option<bool> {
    let (id, since) = parts(line)?;
    let age = now?.as_millis().saturating_sub(since);
    Some(has(met, id) && !has(closed, &line.key) && age < NEWS)
}

/// The id and the time in a key: it is `KIND/ID@MILLISECONDS`.
fn parts(line: &Line) -> Option<(&str, i64)> {
    let (id, since) = line.key.split_once('/')?.1.split_once('@')?;
    Some((id, since.parse().ok()?))
}

fn has(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn what_was_closed_returns_with_anything_that_was_not_seen() {
        let lines = sample::bulletin("en").lines;
        let closed = keys(&lines);
        assert!(is_closed(&lines, &closed) && !is_closed(&lines, ""));
        assert!(is_closed(&lines[1..], &closed), "what has gone is no news");
        assert!(!is_closed(&lines, &keys(&lines[1..])), "what has come is");
        let mut changed = lines;
        changed[0].key.push('1');
        assert!(!is_closed(&changed, &closed));
        assert!(is_closed(&[], ""));
    }

    /// A bulletin that says that an incident is over.
    fn over() -> Rc<Bulletin> {
        let bulletin = sample::after(
            r#"[{"type":"page.set","name":"Trailmark"},
                {"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We look."},
                {"type":"incident.update","status":"resolved","body":"It is over."},
                {"type":"notice.post","body":"We move house."}]"#,
            "en",
        );
        assert!(bulletin.lines.iter().any(|line| line.level == Level::Resolved));
        Rc::new(bulletin)
    }

    #[test]
    fn what_is_over_is_news_for_ten_minutes_for_whoever_saw_it() {
        let bulletin = over();
        let key = bulletin.lines.iter().find(|line| line.level == Level::Resolved).unwrap().key.clone();
        let later = |minutes: i64| Time::from_millis(sample::now().as_millis() + minutes * 60_000);
        for (met, closed, now, is_told) in [
            ("down", "", later(0), true),
            ("mail down", "incident/down@0", later(9), true),
            // The visitor's clock is slow.
            ("down", "", later(-5), true),
            ("down", "", later(10), false),
            ("down", "", None, false),
            ("", "", later(0), false),
            ("mail", "", later(0), false),
            ("down", &*key, later(0), false),
        ] {
            let told = for_visitor(Rc::clone(&bulletin), met, closed, now);
            let is_over = told.lines.iter().any(|line| line.level == Level::Resolved);
            assert_eq!(is_over, is_told, "{met}, {closed}, {now:?}");
            assert_eq!(told.lines.len(), 1 + usize::from(is_told), "all else stays");
        }
    }

    #[test]
    fn an_incident_is_met_while_it_goes_on() {
        assert_eq!(ids(&sample::bulletin("en").lines), "checkins-down database");
        assert_eq!(ids(&over().lines), "", "not when it is over");
    }
}
