//! The frame of every page: head, header, footer, style and Content-Security-Policy.

use base64ct::{Base64, Encoding};
use candor_shared::state::{Indicator, Page};
use candor_shared::time::Time;
use candor_shared::words::{Word, Words};
use sha2::{Digest, Sha256};
use worker::{Error, Result};
use yew::prelude::*;

use super::chosen::keep_language;
use super::written::{Written, WrittenIn};
use crate::document::{Document, Feed, in_language};
use crate::render::color::color;
use crate::render::markup::markup;
use crate::render::rendered::Rendered;
use crate::render::source::Source;

/// The style sheet of every page. It is inline, so that the page needs no second request to look right.
const STYLE: &str = include_str!("page.css");
/// The tag behind which an unconfirmed copy gets its notice.
const MAIN: &str = "<main>";
/// The attribute of `<body>` that holds the version.
const VERSION: &str = "data-version=\"";
/// Where the head of a page begins.
const HEAD: &str = "<head>";
/// The script that keeps a page current.
const SCRIPT: &str = "<script src=\"/page.js\" defer=\"defer\"></script>";
/// Where the head of a page ends.
const BODY: &str = "<body";
/// How the heading begins that says that all is well.
const WELL: &str = "<h1 class=\"state well\">";
/// What is green, and the same in grey.
const OK_HERO: &str = "<div class=\"hero ok\">";
const NEUTRAL_HERO: &str = "<div class=\"hero neutral\">";
const OK_ARTICLE: &str = "<article class=\"ok\">";
const NEUTRAL_ARTICLE: &str = "<article class=\"neutral\">";

/// What is particular to one page.
pub(super) struct Draft<'a> {
    /// The path, for the canonical URL.
    pub(super) path: &'a str,
    /// The title.
    pub(super) title: String,
    /// The page in one sentence, for search engines and previews.
    pub(super) description: String,
    /// The level that the icon shows; none if nobody knows it.
    pub(super) level: Option<Indicator>,
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
        Document::Embed(..) => (
            bare(page, source.words, &draft, (source.chosen, source.now)),
            policy(page, source.frame_ancestors),
        ),
        _ => (whole(page, source.words, &draft, (source.chosen, Some(source.now))), policy(page, "'none'")),
    };
    let context = WrittenIn::new(&page.language(), source.words);
    let body = html! { <ContextProvider<WrittenIn> {context}>{ body }</ContextProvider<WrittenIn>> };
    let body = markup_of_page(body)?;
    let body = source.chosen.map_or_else(|| body.clone(), |language| keep_language(&body, language));
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
/// names the sites that may show the page in a frame, unless all may.
pub(super) fn policy(page: &Page, frame_ancestors: &str) -> String {
    let hash = Base64::encode_string(&Sha256::digest(style(page)));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self' data:; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
    );
    match frame_ancestors {
        // `*` means all that come by a network scheme: not an app's `file:`, `capacitor:` or `ionic:`, nor a sandboxed frame.
        "*" => policy,
        sites => format!("{policy}; frame-ancestors {sites}"),
    }
}

/// The style sheet, with the page's brand colour if one is set.
fn style(page: &Page) -> String {
    match &page.brand {
        Some(brand) => format!("{STYLE}:root{{--brand:{brand}}}"),
        None => STYLE.to_owned(),
    }
}

/// The head of a page, in a language that was chosen, if one was: then the page is another one than that of the path alone.
/// `reload`: what reloads it where there are no scripts.
fn head(page: &Page, draft: &Draft<'_>, chosen: Option<&str>, reload: Html) -> Html {
    let title = draft.title.clone();
    let description = draft.description.clone();
    let address = page.address(draft.path);
    let own = address.clone().map(|address| match chosen {
        Some(language) => in_language(&address, language),
        None => address,
    });
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
            if let Some((address, own)) = address.zip(own) {
                <meta property="og:url" content={own.clone()} />
                <link rel="canonical" href={own} />
                { for Words::languages().map(|(tag, _)| html! { <link rel="alternate" hreflang={tag} href={in_language(&address, tag)} /> }) }
                <link rel="alternate" hreflang="x-default" href={address} />
            }
            <link rel="icon" href={icon(draft.level.unwrap_or(Indicator::Maintenance))} />
            { for feeds.map(|(feed, kind)| html! {
                <link rel="alternate" type={kind} title={page.title().to_owned()} href={feed.path()} />
            }) }
            <style>{ style(page) }</style>
            <script src="/page.js" defer=true></script>
            { reload }
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
pub(super) fn whole(
    page: &Page,
    words: &Words,
    draft: &Draft<'_>,
    (chosen, now): (Option<&str>, Option<Time>),
) -> Html {
    let confirmed = draft.version.and(now);
    let logo = page.logo.as_ref().map(|logo| html! { <img src={logo.to_string()} alt="" /> });
    let support = page
        .support
        .as_ref()
        .map(|link| html! { <a href={link.ascii()}>{ words.get(Word::PageGetHelp) }</a> });
    html! {
        <html lang={words.tag()} dir={words.direction()}>
            { head(page, draft, chosen, Html::default()) }
            <body data-version={text(draft.version)} data-confirmed={text(confirmed)} data-stale={words.get(Word::PageStale)} data-unknown={words.get(Word::SummaryUnknown)} data-changed={words.get(Word::PageChanged)}>
                <header>
                    <a class="brand" href="/">{ logo }<Written>{ page.title().to_owned() }</Written></a>
                    <nav aria-label={words.get(Word::PageHelpAndFeeds)}>{ support }<a href="#feeds">{ words.get(Word::PageSubscribe) }</a></nav>
                </header>
                <main>{ draft.content.clone() }</main>
                <footer>
                    <nav id="feeds" aria-label={words.get(Word::PageMore)}>
                        <a href="/">{ words.get(Word::PageCurrentStatus) }</a>
                        <a href="/history">{ words.get(Word::PageHistory) }</a>
                        <a href={Feed::Atom.path()}>{ "Atom" }</a>
                        <a href={Feed::Rss.path()}>{ "RSS" }</a>
                        <a href={Feed::Json.path()}>{ "JSON Feed" }</a>
                        <a href="/openapi.json">{ "API" }</a>
                        <a href="/badge.svg">{ words.get(Word::PageBadge) }</a>
                    </nav>
                    { languages(words, draft.path) }
                </footer>
            </body>
        </html>
    }
}

/// The page in the other languages. Each is named in its own language, so that whoever reads only that one finds it.
fn languages(words: &Words, path: &str) -> Html {
    let others = Words::languages().map(|(tag, name)| {
        let current = (tag == words.tag()).then_some("true");
        let dir = Words::direction_of(tag);
        html! { <li><a lang={tag} hreflang={tag} {dir} href={in_language(path, tag)} aria-current={current}>{ name }</a></li> }
    });
    html! {
        <details id="languages">
            <summary>{ words.get(Word::PageLanguage) }</summary>
            <ul role="list">{ for others }</ul>
        </details>
    }
}

/// A page for a frame: the content only. Without JavaScript it reloads every minute. The attributes of `<body>` hold what
/// its script sends to the host page.
pub(super) fn bare(
    page: &Page,
    words: &Words,
    draft: &Draft<'_>,
    (chosen, now): (Option<&str>, Time),
) -> Html {
    let reload = html! { <noscript><meta http-equiv="refresh" content="60" /></noscript> };
    html! {
        <html lang={words.tag()} dir={words.direction()}>
            { head(page, draft, chosen, reload) }
            <body class="embed" data-version={text(draft.version).unwrap_or_default()} data-confirmed={now.to_string()} data-indicator={draft.level.map_or("unknown", Indicator::as_str)} data-stale={words.get(Word::PageStale)} data-unknown={words.get(Word::SummaryUnknown)} data-changed={words.get(Word::PageChanged)}>
                <main>{ draft.content.clone() }</main>
                <script src="/host.js" defer=true></script>
            </body>
        </html>
    }
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

/// The HTML of a page with a notice: when it was last confirmed to be current. If it is `in_doubt`, nothing on it is green
/// or says that all is well at present, and its script reads it anew as soon as somebody knows. The words are in the page, in
/// its language.
pub fn unconfirmed(page: &str, since: Time, in_doubt: bool) -> String {
    let (head, body) = page.split_once(BODY).unwrap_or((page, ""));
    let english = Words::default();
    // A page of an earlier deployment has no words.
    let word = |name: &str, word: Word| attribute(body, name).unwrap_or_else(|| english.get(word).to_owned());
    let (stale, unknown) = (word("data-stale", Word::PageStale), word("data-unknown", Word::SummaryUnknown));
    let moment = format!("<time datetime=\"{since}\">{}</time>", english.moment(since));
    let notice = format!("<p class=\"stale\" role=\"status\">{}</p>", stale.replace("{time}", &moment));
    let body = body.replacen(MAIN, &format!("{MAIN}{notice}"), 1);
    if !in_doubt {
        return format!("{head}{BODY}{body}");
    }
    // Version 0 is older than any that the script can find.
    let body = match body.split_once(VERSION) {
        Some((before, after)) => {
            let rest = after.split_once('"').map_or(after, |(_, rest)| rest);
            format!("{before}{VERSION}0\"{rest}")
        }
        None => body,
    };
    let body =
        nobody_is_well(&body, &unknown).replace(OK_HERO, NEUTRAL_HERO).replace(OK_ARTICLE, NEUTRAL_ARTICLE);
    // The page of an incident says what happened, which stays true; but nothing is green.
    let head = head.replace(&icon(Indicator::None), &icon(Indicator::Maintenance));
    let Some((before, after)) = body.split_once(WELL) else {
        return format!("{head}{BODY} data-doubt=\"\"{body}");
    };
    let (well, rest) = after.split_once("</h1>").unwrap_or((after, ""));
    let head = head.replace(well, &unknown);
    let before = before.replace("data-indicator=\"none\"", "data-indicator=\"unknown\"");
    format!("{head}{BODY} data-doubt=\"\"{before}<h1 class=\"state\">{unknown}</h1>{rest}")
}

/// The HTML of a page as a mirror shows it, which hears of nothing that happens later: what it says was so at a time, nothing on it is
/// green, and its links lead to the page's own address.
pub fn mirrored(page: &str, address: Option<&str>, now: Time) -> String {
    let page = unconfirmed(page, now, true).replacen(SCRIPT, "", 1);
    let base = markup(address.map(|href| html! { <base href={href.to_owned()} /> }).unwrap_or_default());
    page.replacen(HEAD, &format!("{HEAD}{base}"), 1)
}

/// The value of an attribute of `<body>`, escaped as it stands there.
fn attribute(body: &str, name: &str) -> Option<String> {
    let (_, after) = body.split_once(&format!("{name}=\""))?;
    after.split_once('"').map(|(value, _)| value.to_owned())
}

/// The page with "unknown" in place of each good status of a component.
fn nobody_is_well(page: &str, unknown: &str) -> String {
    const OPERATIONAL: &str = "<span class=\"state ok\">";
    let mut parts = page.split(OPERATIONAL);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.split_once("</span>").map_or(part, |(_, rest)| rest);
        text.push_str(&format!("<span class=\"state neutral\">{unknown}</span>{rest}"));
    }
    text
}
