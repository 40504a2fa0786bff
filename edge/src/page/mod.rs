//! The pages: rendered by yew, complete without JavaScript, with no request to anybody else.
//!
//! yew escapes whatever an operator wrote, in texts and in attributes; only the Markdown of post-mortems
//! comes as HTML, from `candor_shared::text::markdown`. A link's address is checked when it comes in.

mod embed;
mod history;
mod home;
mod incident;
mod maintenance;
mod part;
mod refusal;
pub mod words;

use base64ct::{Base64, Encoding};
use candor_shared::state::{Indicator, Page};
use candor_shared::text::Language;
use candor_shared::time::Time;
use futures_util::FutureExt;
use sha2::{Digest, Sha256};
use yew::prelude::*;

use crate::badge;
use crate::document::{Document, Feed};
use crate::edition::Rendered;
use crate::publish::Source;

pub use embed::embed;
pub use history::history;
pub use home::{home, nothing_yet};
pub use incident::incident;
pub use maintenance::maintenance;
pub use refusal::refusal;

/// What every page looks like. Inside the page, so that it is there with the first bytes.
const STYLE: &str = include_str!("page.css");
/// Where a page says that it is old.
const MAIN: &str = "<main>";

#[derive(Clone, PartialEq, Properties)]
struct WholeProps {
    content: Html,
}

#[component]
fn Whole(props: &WholeProps) -> Html {
    props.content.clone()
}

/// The text of elements. Nothing in a page waits for anything, so it is whole at once.
pub fn markup(content: Html) -> String {
    let renderer = yew::LocalServerRenderer::<Whole>::with_props(WholeProps { content });
    renderer.hydratable(false).render().now_or_never().unwrap_or_default()
}

/// A page, but for what all pages have.
struct Draft<'a> {
    /// Its path.
    path: &'a str,
    /// What it is called.
    title: String,
    /// What it says in a sentence.
    description: String,
    /// The colour of its icon.
    level: Indicator,
    /// The version that it shows, if it changes with it: the page's script then looks whether there is a newer one.
    version: Option<u64>,
    /// What is in `main`.
    content: Html,
}

/// Renders a page.
///
/// # Errors
/// If it comes out empty.
fn render(document: &Document, source: &Source<'_>, draft: Draft<'_>) -> worker::Result<Rendered> {
    let page = &source.state.page;
    let (body, policy) = match document {
        Document::Embed(_) => (bare(page, &draft, source.now), policy(page, source.frame_ancestors)),
        _ => (whole(page, &draft, Some(source.now)), policy(page, "'none'")),
    };
    let body = said_in(&page.language(), markup_of_page(body)?);
    Ok(Rendered { policy: Some(policy), ..Rendered::new(document, source.version, body) })
}

/// What an operator wrote is in the page's language; our own words are English. Whatever an operator wrote
/// stands in an element with `dir="auto"`. Only tags are looked at: a text holds no `<`, it is escaped.
fn said_in(language: &Language, markup: String) -> String {
    if language.is_english() {
        return markup;
    }
    let said = format!(" dir=\"auto\" lang=\"{language}\"");
    let mut parts = markup.split('<');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        whole.push('<');
        whole.push_str(&tag.replace(" dir=\"auto\"", &said));
        whole.push('>');
        whole.push_str(text);
    }
    whole
}

fn markup_of_page(page: Html) -> worker::Result<String> {
    let text = markup(page);
    match text.contains(MAIN) {
        true => Ok(format!("<!doctype html>{text}")),
        false => Err(worker::Error::RustError("a page was not rendered whole".to_owned())),
    }
}

/// What a page may load and who may frame it (Content Security Policy Level 3).
fn policy(page: &Page, frame_ancestors: &str) -> String {
    let hash = Base64::encode_string(&Sha256::digest(style(page)));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self' data:; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {frame_ancestors}"
    )
}

fn style(page: &Page) -> String {
    match &page.brand {
        Some(brand) => format!("{STYLE}:root{{--brand:{brand}}}"),
        None => STYLE.to_owned(),
    }
}

fn head(page: &Page, draft: &Draft<'_>) -> Html {
    let title = draft.title.clone();
    let description = draft.description.clone();
    let address = page.address(draft.path);
    let feeds = [
        (Feed::Atom, "application/atom+xml"),
        (Feed::Rss, "application/rss+xml"),
        (Feed::Json, "application/feed+json"),
    ];
    html! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover" />
            <meta name="color-scheme" content="light dark" />
            <title>{ title.clone() }</title>
            <meta name="description" content={description.clone()} />
            <meta property="og:type" content="website" />
            <meta property="og:site_name" content={page.title().to_owned()} />
            <meta property="og:title" content={title} />
            <meta property="og:description" content={description} />
            <meta name="twitter:card" content="summary" />
            if let Some(address) = address {
                <meta property="og:url" content={address.clone()} />
                <link rel="canonical" href={address} />
            }
            <link rel="icon" href={icon(draft.level)} />
            { for feeds.map(|(feed, kind)| html! {
                <link rel="alternate" type={kind} title={page.title().to_owned()} href={feed.path()} />
            }) }
            <style>{ style(page) }</style>
            <script src="/page.js" defer=true></script>
        </head>
    }
}

/// A mark in the colour of the state, and with its shape.
fn icon(level: Indicator) -> String {
    let mark = match level {
        Indicator::None => "M4.5 8.5l2.5 2.5 4.5-5",
        Indicator::Maintenance => "M8 4v4.5l3 1.5",
        Indicator::Minor => "M4.5 8h7",
        Indicator::Major => "M8 4v5M8 11v1",
        Indicator::Critical => "M5.5 5.5l5 5M10.5 5.5l-5 5",
    };
    let color = badge::color(level).replace('#', "%23");
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='8' fill='{color}'/%3E%3Cpath d='{mark}' fill='none' stroke='white' stroke-width='1.8'/%3E%3C/svg%3E"
    )
}

/// A page with its header and footer. A page that changes says when it was true: a cache may show it later.
fn whole(page: &Page, draft: &Draft<'_>, now: Option<Time>) -> Html {
    let confirmed = draft.version.and(now);
    let logo = page.logo.as_ref().map(|logo| html! { <img src={logo.to_string()} alt="" /> });
    let support = page.support.as_ref().map(|link| html! { <a href={link.to_string()}>{ "Get help" }</a> });
    html! {
        <html lang="en">
            { head(page, draft) }
            <body data-version={text(draft.version)} data-confirmed={text(confirmed)}>
                <header>
                    <a class="brand" href="/">{ logo }<span dir="auto">{ page.title().to_owned() }</span></a>
                    <nav aria-label="Help and feeds">{ support }<a href="#feeds">{ "Subscribe" }</a></nav>
                </header>
                <main>{ draft.content.clone() }</main>
                <footer>
                    <nav id="feeds" aria-label="More">
                        <a href="/">{ "Current status" }</a>
                        <a href="/history">{ "History" }</a>
                        <a href={Feed::Atom.path()}>{ "Atom" }</a>
                        <a href={Feed::Rss.path()}>{ "RSS" }</a>
                        <a href={Feed::Json.path()}>{ "JSON Feed" }</a>
                        <a href="/openapi.json">{ "API" }</a>
                        <a href="/badge.svg">{ "Badge" }</a>
                    </nav>
                </footer>
            </body>
        </html>
    }
}

/// A page for a frame: nothing but what is shown. Without JavaScript it loads itself again every minute.
/// What its host is told of it is in the body's attributes.
fn bare(page: &Page, draft: &Draft<'_>, now: Time) -> Html {
    html! {
        <html lang="en">
            { head(page, draft) }
            <body class="embed" data-version={text(draft.version)} data-confirmed={now.to_string()} data-state={draft.level.as_str()}>
                <main>{ draft.content.clone() }</main>
                <script src="/host.js" defer=true></script>
                <noscript><meta http-equiv="refresh" content="60" /></noscript>
            </body>
        </html>
    }
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

/// The page, saying since when nobody could confirm that it is current.
pub fn unconfirmed(page: &str, since: Time) -> String {
    let notice = markup(html! {
        <p class="stale" role="status">
            { "We cannot check right now. What you see was last confirmed on " }{ part::moment(since) }{ "." }
        </p>
    });
    page.replacen(MAIN, &format!("{MAIN}{notice}"), 1)
}
