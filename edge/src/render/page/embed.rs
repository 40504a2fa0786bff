//! `/embed`: a small page for frames, webviews and apps. It paints the bulletin.

use candor_shared::bulletin::{Bulletin, Level, Line, LocalizedText, Part};
use candor_shared::state::Page;
use candor_shared::text::{Block, Name, Piece};
use candor_shared::time::Time;
use candor_shared::words::{Count, Word, Words};
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, bare, markup_of_page, policy, render};
use super::part;
use crate::document::{Components, Document, HOME, Variant};
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words::overall_level;

/// Renders `/embed` in a variant, about some components or all. None if the page has none of these components.
///
/// # Errors
/// If yew renders nothing.
pub fn embed(source: &Source<'_>, variant: Variant, components: &Components) -> Result<Option<Rendered>> {
    let Source { state, words, version, .. } = *source;
    let Some((bulletin, part)) = source.bulletin_about(components.ids()) else { return Ok(None) };
    let is_unknown = part.as_ref().is_some_and(Part::is_unknown);
    let level = (!is_unknown).then(|| overall_level(part.as_ref().map_or(state, |part| &part.state)));
    let document = Document::Embed(variant, components.clone());
    let address = state.page.address_or_path(&source.in_chosen(HOME));
    let draft = Draft {
        path: &document.path(),
        title: state.page.title().to_owned(),
        description: bulletin.summary.clone(),
        level,
        version: Some(version),
        content: panel(words, &bulletin, variant, state.page.name.as_ref(), &address),
    };
    render(&document, source, draft).map(Some)
}

/// The HTML of an `/embed` about components that the page does not have, and its Content-Security-Policy: nobody knows how they are.
///
/// # Errors
/// If yew renders nothing.
pub fn embed_of_nothing(words: &Words, frame_ancestors: &str, now: Time) -> Result<(String, String)> {
    let page = Page::default();
    let unknown = words.get(Word::SummaryUnknown);
    let draft = Draft {
        path: "",
        title: unknown.to_owned(),
        description: unknown.to_owned(),
        level: None,
        version: None,
        content: html! { <div class="hero neutral"><h1 class="state">{ unknown }</h1></div> },
    };
    Ok((markup_of_page(bare(&page, words, &draft, (None, now)))?, policy(&page, frame_ancestors)))
}

fn panel(words: &Words, bulletin: &Bulletin, variant: Variant, name: Option<&Name>, address: &str) -> Html {
    let most = match variant {
        Variant::Badge => 0,
        Variant::Banner => 1,
        Variant::Inline => usize::MAX,
    };
    // The state stands for the first line.
    let left_out = bulletin.lines.len().saturating_sub(most.max(1));
    let said = localized("span", None, words, &bulletin.page.name);
    let page = match name {
        None => words.get(Word::PageStatusPage).into(),
        Some(name) if words.says_status(name.as_str()) => said,
        Some(_) => part::sentence(words, Word::PageStatusOf, &said),
    };
    let is_well =
        [Word::SummaryNone, Word::LevelResolved].iter().any(|word| bulletin.summary == words.get(*word));
    html! {
        <div class={classes!("hero", class(bulletin.level))}>
            <h1 class={classes!("state", is_well.then_some("well"))}>{ bulletin.summary.clone() }</h1>
            { for bulletin.lines.iter().take(most).map(|line| item(words, line)) }
            <p class="dim">
                <a href={address.to_owned()} target="_blank" rel="noopener">{ page }</a>
                if left_out > 0 { { " · " }{ words.count(Count::More, left_out) } }
            </p>
        </div>
    }
}

fn item(words: &Words, line: &Line) -> Html {
    let facts = line.facts.iter().map(|fact| pieces(words, fact));
    // What is over says so in its facts.
    let label = (line.level != Level::Resolved).then(|| Html::from(line.label.clone()));
    let small = label
        .into_iter()
        .chain(facts)
        .enumerate()
        .map(|(index, fact)| html! { <>{ if index > 0 { " · " } else { "" } }{ fact }</> });
    html! {
        <article class={class(line.level)}>
            if let Some(name) = &line.name { { localized("h2", None, words, name) } } else { <h2>{ line.label.clone() }</h2> }
            if let Some(body) = &line.body { { prose(words, body) } }
            if let Some(note) = &line.note { { localized("p", Some("text"), words, note) } }
            <p class="dim">{ for small }</p>
        </article>
    }
}

/// The class of a level.
fn class(level: Level) -> &'static str {
    match level {
        Level::None | Level::Resolved => "ok",
        Level::Notice => "neutral",
        Level::Maintenance => "maintenance",
        Level::Minor => "minor",
        Level::Major => "major",
        Level::Critical => "critical",
    }
}

/// An operator's words in one element.
fn localized(tag: &'static str, class: Option<&'static str>, words: &Words, text: &LocalizedText) -> Html {
    let lang = text.language.clone();
    html! { <@{tag} {class} dir="auto" {lang}>{ pieces(words, &text.text) }</@> }
}

/// An operator's text with its paragraphs, lines and lists.
fn prose(words: &Words, text: &LocalizedText) -> Html {
    let mut blocks: Vec<Html> = Vec::new();
    let mut items: Vec<Html> = Vec::new();
    let starts = |piece: &Piece| matches!(piece, Piece::Begin { begin: Block::Paragraph | Block::Item });
    let mut rest = text.text.as_slice();
    while let Some(first) = rest.first() {
        let is_item = matches!(first, Piece::Begin { begin: Block::Item });
        let inside = rest.get(usize::from(starts(first))..).unwrap_or_default();
        let end = inside.iter().position(starts).unwrap_or(inside.len());
        let (block, after) = inside.split_at(end);
        if is_item {
            items.push(html! { <li>{ pieces(words, block) }</li> });
        } else {
            close(&mut items, &mut blocks);
            blocks.push(html! { <p>{ pieces(words, block) }</p> });
        }
        rest = after;
    }
    close(&mut items, &mut blocks);
    html! { <div class="prose" dir="auto" lang={text.language.clone()}>{ for blocks }</div> }
}

/// Makes a list of the items, if there are any.
fn close(items: &mut Vec<Html>, blocks: &mut Vec<Html>) {
    if !items.is_empty() {
        let items = std::mem::take(items);
        blocks.push(html! { <ul>{ for items }</ul> });
    }
}

/// The pieces of a line. Links leave the frame.
fn pieces(words: &Words, pieces: &[Piece]) -> Html {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => Html::from(text.clone()),
        Piece::Link { link, to } => {
            html! { <a href={to.clone()} target="_blank" rel="noopener">{ link.clone() }</a> }
        }
        Piece::Strong { strong } => html! { <strong>{ strong.clone() }</strong> },
        Piece::Emphasis { emphasis } => html! { <em>{ emphasis.clone() }</em> },
        Piece::Code { code } => html! { <code>{ code.clone() }</code> },
        Piece::Begin { .. } => html! { <br /> },
        Piece::Time { time, until: None } => part::moment(words, *time),
        Piece::Time { time, until: Some(until) } => part::window(words, *time, *until),
    };
    pieces.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use candor_shared::bulletin::bulletin;
    use candor_shared::rules::{Moment, advance, apply, next_change};
    use candor_shared::state::State;
    use candor_shared::update::parse;

    use super::*;
    use crate::render::markup::markup;

    fn shown(state: &State, now: Time, variant: Variant) -> String {
        let words = Words::default();
        markup(panel(&words, &bulletin(state, &words, 1, now, now), variant, state.page.name.as_ref(), "/"))
    }

    #[test]
    fn the_link_says_status_once() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        for (name, language, link) in [
            ("Acme", "en", "<span dir=\"auto\">Acme</span> status"),
            ("Status", "en", "<span dir=\"auto\">Status</span>"),
            ("Acme Status", "en", "<span dir=\"auto\">Acme Status</span>"),
            ("Statuspage", "en", "<span dir=\"auto\">Statuspage</span>"),
            ("Status", "de", "<span dir=\"auto\">Status</span>"),
            ("Acme", "de", "Status von <span dir=\"auto\">Acme</span>"),
            ("Estado de Acme", "es", "<span dir=\"auto\">Estado de Acme</span>"),
            ("アクメの稼働状況", "ja", "<span dir=\"auto\">アクメの稼働状況</span>"),
        ] {
            let mut state = State::default();
            send(&mut state, now, &format!(r#"{{"type":"page.set","name":"{name}"}}"#));
            let words = Words::of(language).unwrap();
            let bulletin = bulletin(&state, &words, 1, now, now);
            for variant in [Variant::Badge, Variant::Banner, Variant::Inline] {
                let html = markup(panel(&words, &bulletin, variant, state.page.name.as_ref(), "/"));
                assert!(html.contains(&format!("rel=\"noopener\">{link}</a>")), "{language}: {html}");
            }
        }
    }

    fn send(state: &mut State, now: Time, updates: &str) {
        for update in parse(updates.as_bytes()).unwrap() {
            apply(state, &update, Moment { now, version: 1 }).unwrap();
        }
    }

    #[test]
    fn a_resolved_incident_is_shown_for_an_hour_unless_another_is_open() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut state = State::default();
        send(
            &mut state,
            now,
            r#"[{"type":"incident.open","id":"a","name":"Maps are slow","impact":"minor","body":"We look."},
                {"type":"incident.open","id":"b","name":"Search fails","impact":"major","body":"We look."},
                {"type":"incident.update","incident":"a","status":"resolved","body":"Maps are back."},
                {"type":"notice.post","body":"We move house."}]"#,
        );
        assert!(!shown(&state, now, Variant::Inline).contains("Maps are back."), "another incident is open");

        send(
            &mut state,
            now,
            r#"{"type":"incident.update","incident":"b","status":"resolved","body":"It works again."}"#,
        );
        let resolved = "resolved <time datetime=\"2026-03-01T12:00:00.000Z\">1 Mar 2026, 12:00 UTC</time>";
        for (variant, articles) in [(Variant::Badge, 0), (Variant::Banner, 1), (Variant::Inline, 3)] {
            let page = shown(&state, now, variant);
            assert!(page.contains("<h1 class=\"state well\">Resolved</h1>"), "{page}");
            assert_eq!(page.matches("<article").count(), articles, "{page}");
            assert_eq!(page.matches(resolved).count(), articles.min(2), "{page}");
            assert_eq!(page.matches("<article class=\"ok\">").count(), articles.min(2), "{page}");
        }

        let until = next_change(&state).unwrap();
        assert_eq!(
            advance(&mut state, until).len(),
            2,
            "the end of the hour makes a version, for which the page is rendered again"
        );
        let page = shown(&state, until, Variant::Banner);
        assert!(page.contains("All systems operational") && page.contains("We move house."), "{page}");
    }

    #[test]
    fn a_text_keeps_its_paragraphs_lines_and_lists() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut state = State::default();
        send(
            &mut state,
            now,
            r#"{"type":"notice.post","body":"One.\nTwo **now**.\n\n- a <b>\n- https://a.example\n\nThree."}"#,
        );
        let page = shown(&state, now, Variant::Banner);
        let expected = "<p>One.<br>Two <strong>now</strong>.</p><ul><li>a &lt;b&gt;</li><li><a href=\"https://a.example\" target=\"_blank\" rel=\"noopener\">https://a.example</a></li></ul><p>Three.</p>";
        assert!(page.contains(expected), "{page}");
    }
}
