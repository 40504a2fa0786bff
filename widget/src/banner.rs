//! The elements of the banner. The JavaScript painter makes exactly the same ones, so that taking over moves nothing.

use std::rc::Rc;

use candor_shared::bulletin::{Bulletin, Level, Line};
use candor_shared::time::Time;
use yew::prelude::*;

use crate::clock::{self, Clock};
use crate::level::class;
use crate::node::{filled, node, text};
use crate::pieces::{localized, painted};

/// Stands between facts.
const DOT: &str = " · ";

/// The properties of a [`Banner`].
#[derive(Clone, PartialEq, Properties)]
pub struct BannerProps {
    /// The bulletin. If it has no lines, nothing is rendered.
    pub bulletin: Rc<Bulletin>,
    /// When the bulletin was last confirmed, if checks have failed since.
    #[prop_or_default]
    pub doubted_since: Option<Time>,
    /// Called by the close button. Without it there is no button.
    #[prop_or_default]
    pub on_dismiss: Option<Callback<()>>,
}

/// The banner alone: it neither fetches nor remembers, and renders anywhere. Times are in the visitor's time zone in a
/// browser, and in UTC on a server.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let bulletin = current(&props.bulletin, props.doubted_since);
    view(&bulletin, false, props.on_dismiss.clone())
}

/// The bulletin to show if checks have failed since then. A bulletin in doubt has no resolved lines, because an incident may have been
/// reopened meanwhile.
pub(crate) fn current(bulletin: &Rc<Bulletin>, doubted_since: Option<Time>) -> Rc<Bulletin> {
    // The server's doubt is the older one: it was there when the bulletin was fetched.
    let Some(since) = bulletin.unconfirmed_since.or(doubted_since) else { return Rc::clone(bulletin) };
    let mut bulletin = Bulletin::clone(bulletin);
    bulletin.unconfirmed_since = Some(since);
    bulletin.lines.retain(|line| line.level != Level::Resolved);
    Rc::new(bulletin)
}

/// The elements for a bulletin; `is_offline` if the device is, wherefore it is in doubt. A component that has other things to do calls this itself: each component costs 2 KB.
pub(crate) fn view(bulletin: &Bulletin, is_offline: bool, on_dismiss: Option<Callback<()>>) -> Html {
    let Some((line, phrases)) = bulletin.lines.first().zip(bulletin.phrases.as_ref()) else {
        return Html::default();
    };
    let clock = clock::clock(&bulletin.language);
    let others = bulletin.lines.len().saturating_sub(1);
    let doubt = bulletin.unconfirmed_since;
    let doubtful = if is_offline { &phrases.offline } else { &phrases.not_confirmed };
    Strip {
        label: &bulletin.label,
        line,
        page: bulletin.page.url.as_deref(),
        details: &phrases.details,
        dismiss: &phrases.dismiss,
        doubt: doubt.map(|since| filled(doubtful, &clock.emit((since, None)))),
        more: (others > 0).then(|| clock::more(others, phrases, &bulletin.language)).flatten(),
        clock: &clock,
        on_dismiss,
    }
    .view()
}

/// What a banner is drawn from.
pub(crate) struct Strip<'a> {
    /// What it is, for a screen reader.
    pub(crate) label: &'a str,
    pub(crate) line: &'a Line,
    /// The address of the page.
    pub(crate) page: Option<&'a str>,
    /// The text of the link.
    pub(crate) details: &'a str,
    /// The title of the close button.
    pub(crate) dismiss: &'a str,
    /// Why it is in doubt, in words.
    pub(crate) doubt: Option<String>,
    /// How many more lines there are, in words.
    pub(crate) more: Option<String>,
    pub(crate) clock: &'a Clock,
    pub(crate) on_dismiss: Option<Callback<()>>,
}

impl Strip<'_> {
    pub(crate) fn view(self) -> Html {
        let Self { label, line, clock, .. } = self;
        let mut facts = facts(line, clock);
        if let Some(doubt) = self.doubt {
            facts.insert(facts.len().min(1), node("em", "", &[], &[], vec![text(&doubt)]));
        }
        facts.extend(self.more.map(|more| match self.page.filter(|page| is_web(page)) {
            Some(page) => details_link(page, &more, false),
            None => text(&more),
        }));
        let url = line.url.as_deref().or(self.page);
        let close = self.on_dismiss.map(|dismiss| {
            let onclick = move |_: MouseEvent| dismiss.emit(());
            html! { <button key="c" type="button" class="c" title={self.dismiss.to_owned()} aria-label={self.dismiss.to_owned()} {onclick}>{ "×" }</button> }
        });
        let words = vec![
            node("span", "s", &[], &[], vec![texts(line, clock)]),
            small(facts, url, self.details, line.elsewhere),
        ];
        let mut all = vec![
            node("b", "b", &["aria-hidden"], &["true"], vec![text("!")]),
            node("div", "d", &[], &[], words),
        ];
        all.extend(close);
        node("section", "", &["class", "part", "aria-label"], &[class(line.level), "banner", label], all)
    }
}

/// What operators wrote: the level and the name, the text, who is affected. Each has a key, so that a text stays in place when
/// another one comes or goes.
pub(crate) fn texts(line: &Line, clock: &Clock) -> Html {
    let mut name = vec![node("b", "", &[], &[], vec![text(&line.label)])];
    if let Some(its) = &line.name {
        name.extend([text(" "), localized("strong", "", its, clock)]);
    }
    let mut all = vec![node("p", "name", &[], &[], name)];
    for (key, text) in [("body", &line.body), ("note", &line.note)] {
        all.extend(text.as_ref().map(|text| localized("p", key, text, clock)));
    }
    Html::from_iter(all)
}

/// The small print.
pub(crate) fn facts(line: &Line, clock: &Clock) -> Vec<Html> {
    line.facts.iter().map(|fact| painted(fact, clock)).collect()
}

/// Facts with a dot between them, and where a person reads more: on the page, or elsewhere. Only addresses of the web become links.
pub(crate) fn small(facts: Vec<Html>, url: Option<&str>, details: &str, elsewhere: bool) -> Html {
    let mut all = Vec::new();
    for fact in facts {
        if !all.is_empty() {
            all.push(text(DOT));
        }
        all.push(fact);
    }
    if let Some(url) = url.filter(|url| is_web(url)) {
        all.extend([text(" "), details_link(url, details, elsewhere)]);
    }
    node("small", "small", &[], &[], all)
}

/// Leads to the page, or opens the panel; if it leads elsewhere, it opens none.
fn details_link(url: &str, words: &str, elsewhere: bool) -> Html {
    let part = if elsewhere { "details elsewhere" } else { "details" };
    node("a", "", &["href", "part"], &[url, part], vec![text(words)])
}

/// Whether it is an address of the web.
pub(crate) fn is_web(url: &str) -> bool {
    let begins =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    begins("https://") || begins("http://")
}

/// What a screen reader says, once for each update.
#[cfg(feature = "csr")]
pub(crate) fn announcement(line: &Line) -> String {
    let texts = line.name.iter().chain(&line.body).map(crate::pieces::plain);
    format!("{}: {}", line.label, texts.collect::<Vec<_>>().join(" "))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::{drawn::drawn, sample};

    fn html(bulletin: &Rc<Bulletin>) -> String {
        drawn(html! { <Banner bulletin={Rc::clone(bulletin)} /> })
    }

    const UPDATED: &str = r#"Updated <time datetime="2026-01-01T10:12:00.000Z">1 Jan 2026, 10:12 UTC</time>"#;

    #[test]
    fn every_node_of_a_banner_is_as_agreed() {
        let expected = [
            r#"<section class="major" part="banner" aria-label="Service status"><b aria-hidden="true">!</b><div><span>"#,
            r#"<p><b>Major outage</b> <strong dir="auto">Check-ins are failing</strong></p>"#,
            "<p dir=\"auto\">We broke check-ins.\n\nWe are <strong>on it</strong>:\n• <em>look</em>\n• fix <code>x</code>, see ",
            r#"<a href="https://example.com/x" rel="noopener">https://example.com/x</a></p>"#,
            r#"<p dir="auto">Check-ins answer with an error.</p></span><small>"#,
            UPDATED,
            r#" · investigating · next update by <time datetime="2026-01-01T10:42:00.000Z">1 Jan 2026, 10:42 UTC</time>"#,
            r#" · <a href="https://status.example.com" part="details">2 more</a> <a href="https://status.example.com/incidents/checkins-down" part="details">Details</a></small></div></section>"#,
        ];
        assert_eq!(html(&Rc::new(sample::bulletin("en"))), expected.concat());
    }

    #[test]
    fn a_name_in_another_language_says_so() {
        let german = html(&Rc::new(sample::bulletin("de")));
        assert!(german.contains(r#"<strong dir="auto">Check-ins gehen nicht</strong>"#), "{german}");
        assert!(german.contains(r#"<p dir="auto" lang="en">We broke"#), "{german}");
    }

    #[test]
    fn doubt_stands_after_the_first_fact_and_nothing_is_over() {
        let mut bulletin = sample::bulletin("en");
        bulletin.lines[0].level = Level::Resolved;
        bulletin.unconfirmed_since = Some("2026-01-01T10:13:00Z".parse().unwrap());
        let html = html(&Rc::new(bulletin));
        assert!(html.contains("Database work") && !html.contains("Check-ins"), "{html}");
        let doubt = "<em>not confirmed since 1 Jan 2026, 10:13 UTC</em>";
        assert!(html.contains(&format!("{UPDATED} · {doubt} · scheduled")), "{html}");
    }

    #[test]
    fn failing_checks_do_not_make_a_doubt_younger() {
        let time = |text: &str| text.parse::<Time>().ok();
        let (before, after) = (time("2026-01-01T10:13:00Z"), time("2026-01-01T10:20:00Z"));
        let mut bulletin = Rc::new(sample::bulletin("en"));
        assert_eq!(current(&bulletin, None), bulletin);
        assert_eq!(current(&bulletin, after).unconfirmed_since, after);
        Rc::make_mut(&mut bulletin).unconfirmed_since = before;
        assert_eq!(current(&bulletin, after).unconfirmed_since, before);
    }

    #[test]
    fn without_a_name_there_is_no_space_for_it() {
        let mut bulletin = sample::bulletin("en");
        bulletin.lines.drain(..2);
        bulletin.lines[0].name = None;
        bulletin.lines[0].url = None;
        let html = html(&Rc::new(bulletin));
        assert!(
            html.contains(r#"<span><p><b>Notice</b></p><p dir="auto">We move house.</p></span>"#),
            "{html}"
        );
        assert!(
            html.contains(r#" <a href="https://status.example.com" part="details">Details</a>"#),
            "the page's: {html}"
        );
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (url, is_link) in
            [("HTTPS://a.example", true), ("http://a", true), ("javascript:alert(1)", false), ("//a", false)]
        {
            assert_eq!(
                drawn(small(Vec::new(), Some(url), "Details", false)).contains("<a"),
                is_link,
                "{url}"
            );
        }
    }

    #[test]
    fn nothing_to_say_is_nothing_to_show() {
        let mut bulletin = sample::bulletin("en");
        bulletin.lines.clear();
        assert_eq!(html(&Rc::new(bulletin)), "");
    }

    #[test]
    fn a_banner_that_can_be_closed_has_a_button() {
        let bulletin = sample::bulletin("en");
        let html = drawn(view(&bulletin, false, Some(Callback::from(|()| ()))));
        let button = r#"</div><button type="button" title="Dismiss" aria-label="Dismiss" class="c">×</button></section>"#;
        assert!(html.ends_with(button), "{html}");
    }
}
