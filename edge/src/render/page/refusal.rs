//! A problem as an HTML page, for people.

use candor_shared::state::Page;
use candor_shared::words::{Word, Words};
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, markup_of_page, policy, whole};
use crate::http::{Missing, Problem};

/// The HTML of the page for a problem with what was requested, and the Content-Security-Policy of the page. The page states that the status of the
/// service is unknown, so that nobody takes an error for good or bad news.
///
/// # Errors
/// If yew renders nothing.
pub fn refusal(problem: &Problem, words: &Words) -> Result<(String, String)> {
    let page = Page::default();
    let (title, lede) = match (problem.status, problem.missing) {
        (404, Missing::Page) => (words.get(Word::PageNothingYet), words.get(Word::RefusalNothingYetText)),
        (404, Missing::Month) => (words.get(Word::RefusalMonth), words.get(Word::RefusalMonthText)),
        (404, Missing::Path) => (words.get(Word::RefusalMissing), words.get(Word::RefusalMissingText)),
        (503, _) => (words.get(Word::RefusalUnknown), words.get(Word::RefusalUnknownText)),
        _ => (problem.title, problem.detail.as_str()),
    };
    let draft = Draft {
        path: "",
        title: title.to_owned(),
        description: lede.to_owned(),
        level: None,
        version: None,
        content: html! {
            <div class="hero neutral">
                <p class="dim">{ problem.status }</p>
                <h1>{ title }</h1>
                <svg class="bar" viewBox="0 0 90 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect width="61" height="10"></rect>
                    <rect class="none" x="61" width="1" height="10"></rect>
                    <rect x="62" width="28" height="10"></rect>
                </svg>
                <p class="lede">{ lede.to_owned() }</p>
                <nav aria-label={words.get(Word::RefusalWhere)}><a href="/">{ words.get(Word::PageCurrentStatus) }</a>{ " " }<a href="/history">{ words.get(Word::PageHistory) }</a></nav>
            </div>
        },
    };
    Ok((markup_of_page(whole(&page, words, &draft, (None, None)))?, policy(&page, "'none'")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn a_path_without_an_id_says_what_an_id_is() {
        for (path, says) in [
            ("/incidents/MD", true),
            ("/maintenances/a_b", true),
            ("/postmortems/A.json", true),
            ("/signed/incidents/%61", true),
            ("/incident/a", false),
            ("/wp-login.php", false),
        ] {
            let detail = Problem::nothing_at(path).detail;
            assert_eq!(detail.contains("1 to 64 characters of a-z, 0-9 and '-'"), says, "{path}: {detail}");
        }
    }

    #[test]
    fn a_page_says_what_is_missing() {
        for (path, status, title) in [
            ("/history/2010-10", 404, "There is nothing on record in this month"),
            ("/history/2010-10/7", 404, "There is nothing on record in this month"),
            ("/history", 404, "Nothing has been published yet"),
            ("/status.json", 404, "Nothing has been published yet"),
            ("/history.atom", 404, "Nothing has been published yet"),
            ("/incidents/a", 404, "There is nothing on record here"),
            ("/wp-login.php", 404, "There is nothing on record here"),
            ("/history", 503, "We cannot tell right now"),
        ] {
            let problem = match Document::at(path, "") {
                _ if status == 503 => Problem::unavailable("x"),
                Some(document) => Problem::no_document(&document),
                None => Problem::not_found("x"),
            };
            let (html, _) = refusal(&problem, &Words::default()).unwrap();
            assert!(html.contains(&format!("<h1>{title}</h1>")), "{path}: {html}");
        }
    }
}
