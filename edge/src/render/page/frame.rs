//! The frame of every page: head, header, footer, style and Content-Security-Policy.

use base64ct::{Base64, Encoding};
use candor_shared::state::{Indicator, Page};
use candor_shared::time::Time;
use sha2::{Digest, Sha256};
use worker::{Error, Result};
use yew::prelude::*;

use super::part;
use super::written::{Written, WrittenIn};
use crate::document::{Document, Feed};
use crate::render::color::color;
use crate::render::markup::markup;
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words::UNKNOWN;

/// The style sheet of every page. It is inline, so that the page needs no second request to look right.
const STYLE: &str = include_str!("page.css");
/// The tag behind which an unconfirmed copy gets its notice.
const MAIN: &str = "<main>";
/// The attribute of `<body>` that holds the version.
const VERSION: &str = "data-version=\"";
/// How the status begins on a page when all is well.
const WELL: &str = "<div class=\"hero ok\"><h1 class=\"state\">";

/// What is particular to one page.
pub(super) struct Draft<'a> {
    /// The path, for the canonical URL.
    pub(super) path: &'a str,
    /// The title.
    pub(super) title: String,
    /// The page in one sentence, for search engines and previews.
    pub(super) description: String,
    /// The level that the icon shows.
    pub(super) level: Indicator,
    /// The version, if the page changes with it. The page's script then polls for a newer one.
    pub(super) version: Option<u64>,
    /// The content of `<main>`.
    pub(super) content: Html,
}

/// Renders a page in its frame.
///
/// # Errors
/// If yew renders nothing.
pub(super) fn render(document: &Document, source: &Source<'_>, draft: Draft<'_>) -> Result<Rendered> {
    let page = &source.state.page;
    let (body, policy) = match document {
        Document::Embed(_) => (bare(page, &draft, source.now), policy(page, source.frame_ancestors)),
        _ => (whole(page, &draft, Some(source.now)), policy(page, "'none'")),
    };
    let context = WrittenIn::new(&page.language());
    let body = html! { <ContextProvider<WrittenIn> {context}>{ body }</ContextProvider<WrittenIn>> };
    let body = markup_of_page(body)?;
    Ok(Rendered { policy: Some(policy), ..Rendered::new(document, source.version, body) })
}

/// The HTML of a whole page, with the doctype.
pub(super) fn markup_of_page(page: Html) -> Result<String> {
    let text = markup(page);
    if !text.contains(MAIN) {
        return Err(Error::RustError("a page was not rendered completely".to_owned()));
    }
    Ok(format!("<!doctype html>{text}"))
}

/// The Content-Security-Policy of a page (Level 3): own scripts, the inline style by its hash, own images and data URLs. It
/// names the sites that may show the page in a frame.
pub(super) fn policy(page: &Page, frame_ancestors: &str) -> String {
    let hash = Base64::encode_string(&Sha256::digest(style(page)));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self' data:; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {frame_ancestors}"
    )
}

/// The style sheet, with the page's brand colour if one is set.
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

/// The icon as a data URL: the mark of the level on a disc of its colour.
fn icon(level: Indicator) -> String {
    let mark = match level {
        Indicator::None => "M4.5 8.5l2.5 2.5 4.5-5",
        Indicator::Maintenance => "M8 4v4.5l3 1.5",
        Indicator::Minor => "M4.5 8h7",
        Indicator::Major => "M8 4v5M8 11v1",
        Indicator::Critical => "M5.5 5.5l5 5M10.5 5.5l-5 5",
    };
    let color = color(level).replace('#', "%23");
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='8' fill='{color}'/%3E%3Cpath d='{mark}' fill='none' stroke='white' stroke-width='1.8'/%3E%3C/svg%3E"
    )
}

/// A page with header and footer. A page that changes states when it was rendered, because a cache may show it later.
pub(super) fn whole(page: &Page, draft: &Draft<'_>, now: Option<Time>) -> Html {
    let confirmed = draft.version.and(now);
    let logo = page.logo.as_ref().map(|logo| html! { <img src={logo.to_string()} alt="" /> });
    let support = page.support.as_ref().map(|link| html! { <a href={link.to_string()}>{ "Get help" }</a> });
    html! {
        <html lang="en">
            { head(page, draft) }
            <body data-version={text(draft.version)} data-confirmed={text(confirmed)}>
                <header>
                    <a class="brand" href="/">{ logo }<Written>{ page.title().to_owned() }</Written></a>
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

/// A page for a frame: the content only. Without JavaScript it reloads every minute. The attributes of `<body>` hold what
/// its script sends to the host page.
fn bare(page: &Page, draft: &Draft<'_>, now: Time) -> Html {
    html! {
        <html lang="en">
            { head(page, draft) }
            <body class="embed" data-version={text(draft.version)} data-confirmed={now.to_string()} data-indicator={draft.level.as_str()}>
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

/// The HTML of a page with a notice: when it was last confirmed to be current. If it is `in_doubt`, nothing on it is green
/// or says that all is well at present, and its script reads it anew as soon as somebody knows.
pub fn unconfirmed(page: &str, since: Time, in_doubt: bool) -> String {
    let notice = markup(html! {
        <p class="stale" role="status">
            { "We cannot check right now. What you see was last confirmed on " }{ part::moment(since) }{ "." }
        </p>
    });
    let page = page.replacen(MAIN, &format!("{MAIN}{notice}"), 1);
    if !in_doubt {
        return page;
    }
    let page = page.replacen("<body", "<body data-doubt=\"\"", 1);
    // Version 0 is older than any that the script can find.
    let page = match page.split_once(VERSION) {
        Some((before, after)) => {
            let rest = after.split_once('"').map_or(after, |(_, rest)| rest);
            format!("{before}{VERSION}0\"{rest}")
        }
        None => page,
    };
    let unknown = format!("<span class=\"state neutral\">{UNKNOWN}</span>");
    let page = page.replace("<span class=\"state ok\">Operational</span>", &unknown);
    // The page of an incident says what happened, which stays true; but nothing is green.
    let page = page.replace(&icon(Indicator::None), &icon(Indicator::Maintenance));
    let Some((before, after)) = page.split_once(WELL) else { return page.replace("hero ok", "hero neutral") };
    let rest = after.split_once("</h1>").map_or(after, |(_, rest)| rest);
    let before = before
        .replace(Indicator::None.description(), UNKNOWN)
        .replace("data-indicator=\"none\"", "data-indicator=\"unknown\"");
    format!("{before}<div class=\"hero neutral\"><h1 class=\"state\">{UNKNOWN}</h1>{rest}")
}
