//! `GET /widget.js`: the loader, called with the bulletin that its reader would get, so that a page that shows the status asks one
//! question and not two.
//!
//! The static file ends with a call, `(0);`. In its place stands `(BULLETIN,SERVED,PAINT);`: the body of `bulletin.json`, the time
//! of this answer in milliseconds since 1970, and, if the bulletin tells something, the program that paints it. Without a bulletin
//! the file goes out as it is, and the loader asks for itself.

use candor_shared::time::Time;
use futures_util::future::join;
use worker::{Context, Env, Headers, Response, Result};

use super::copy::DocumentCopy;
use super::get::{Found, Refresh, current, found};
use super::ladder::LEAD_MILLIS;
use crate::assets::{Asset, LOADER, PAINTER, asset, remembered};
use crate::clock;
use crate::document::{Document, Kind};
use crate::http;
use crate::log;
use crate::meter::{self, Rung};
use crate::render::{Rendered, etag_of, none_match};
use crate::wait::within;

/// The call at the end of the file, of which the bulletin takes the place.
const CALL: &str = "(0);";
/// How the module begins that paints.
const MODULE: &str = "export default ";
/// Tells V8 to compile each function of a script while it arrives, since each is called, instead of at its first call: the picture is
/// there earlier by 5 of 37 milliseconds on a slow phone. It stands first (Explicit JavaScript Compile Hints). Where nothing is
/// painted, most functions are not called.
const HINT: &str = "//# allFunctionsCalledOnLoad\n";
/// How long the loader waits for a bulletin of which there is no current copy: as long as a reader does where an old copy is at hand,
/// and a tenth of a second more, so that it gets that one. Its reader can ask again, and a page that waits for the loader has not
/// finished loading.
const BULLETIN_MILLIS: i64 = LEAD_MILLIS + 100;
/// How long all of it may take: 2 seconds, in milliseconds, as a static file may.
const LIMIT_MILLIS: i64 = 2_000;
/// Browsers keep the loader for five minutes, because a page that is opened asks for news anyway; caches that answer many visitors
/// keep it for seconds, because it tells the status. All of them may use an old one while they ask, and while nobody answers.
const CACHE: &str = "public, max-age=300, s-maxage=5, stale-while-revalidate=604800, stale-if-error=604800";

/// Answers from memory if the loader and a current copy of the bulletin are there, as [`from_memory`](super::from_memory) does.
/// `bulletin`: its name.
pub fn loader_from_memory(
    bulletin: &str,
    request: &web_sys::Request,
) -> Option<(web_sys::Response, Option<Refresh>)> {
    let loader = remembered(LOADER)?;
    let (copy, refresh) = current(bulletin, clock::now())?;
    let painter = remembered(PAINTER);
    if tells(&copy.rendered) && painter.is_none() {
        return None;
    }
    let response = answer(&loader, painter.as_deref(), Some(&copy.rendered), request).ok()?;
    meter::count(Kind::Loader, Rung::Memory);
    Some((response.into(), refresh))
}

/// Answers a GET or HEAD of the loader; none if the file cannot be read. `bulletin`: the document to hand over, if any can be had.
///
/// # Errors
/// Only if the runtime fails.
pub async fn loader(
    bulletin: Option<&Document>,
    request: &web_sys::Request,
    env: &Env,
    ctx: &Context,
) -> Result<Option<Response>> {
    let rendered = async {
        match bulletin {
            Some(document) => within(BULLETIN_MILLIS, rendered(document, env, ctx)).await.flatten(),
            None => None,
        }
    };
    let began = clock::now();
    let (loader, rendered) = join(asset(LOADER, env), rendered).await;
    let Some(loader) = loader else { return Ok(None) };
    let painter = match &rendered {
        // A painter that comes later is left out, and the loader asks for it.
        Some(rendered) if tells(rendered) => {
            let left = LIMIT_MILLIS.saturating_sub(clock::now().millis_since(began)).clamp(0, LIMIT_MILLIS);
            within(left, asset(PAINTER, env)).await.flatten()
        }
        _ => None,
    };
    answer(&loader, painter.as_deref(), rendered.as_ref(), request).map(Some)
}

/// Whether a bulletin has anything to paint in an embed that shows nothing otherwise. Within a string of JSON each quotation mark is
/// escaped, so this is the name of its field.
fn tells(bulletin: &Rendered) -> bool {
    bulletin.body.contains("\"lines\":[")
}

/// The document as a reader would get it: current, or labelled as unconfirmed.
async fn rendered(document: &Document, env: &Env, ctx: &Context) -> Option<Rendered> {
    let unconfirmed = |copy: &DocumentCopy, doubt| {
        copy.unconfirmed(doubt, clock::now())
            .map_err(|error| log::error("a copy could not be labelled", &[("error", &error.to_string())]))
            .ok()
    };
    match found(document, 0, Kind::Loader, env, ctx).await {
        Found::Current(copy) => Some(copy.rendered.clone()),
        Found::Unconfirmed(copy, doubt) => unconfirmed(&copy, doubt),
        Found::Absent | Found::Unavailable => None,
    }
}

fn answer(
    loader: &Asset,
    painter: Option<&Asset>,
    bulletin: Option<&Rendered>,
    request: &web_sys::Request,
) -> Result<Response> {
    let served = clock::now();
    let painter = painter.filter(|_| bulletin.is_some_and(tells));
    let called = bulletin.and_then(|bulletin| {
        let paint = painter.and_then(|painter| painter.text.trim_end().strip_prefix(MODULE));
        Some((called_with(&loader.text, &bulletin.body, served, paint)?, &bulletin.etag))
    });
    // The time would make every answer another one, although nothing has changed.
    let etag = match &called {
        Some((_, bulletin)) => {
            let painter = painter.map_or("", |painter| &painter.etag);
            etag_of(&[loader.etag.as_str(), bulletin, painter].concat())
        }
        None => loader.etag.clone(),
    };
    let headers = Headers::new();
    http::public(&headers)?;
    headers.set("content-type", "text/javascript; charset=utf-8")?;
    headers.set("cache-control", CACHE)?;
    headers.set("vary", "accept-language")?;
    headers.set("timing-allow-origin", "*")?;
    headers.set("etag", &etag)?;
    let known = request.headers().get("if-none-match")?.is_some_and(|tags| none_match(&tags, &etag));
    let response = Response::builder().with_headers(headers);
    Ok(match request.method().as_str() {
        _ if known => response.with_status(304).empty(),
        "HEAD" => response.empty(),
        _ => {
            let text = called.map_or_else(|| loader.text.clone(), |(text, _)| text);
            response.fixed(text.into_bytes())
        }
    })
}

/// The loader, called with this JSON, time and program; none if it does not end with the call.
fn called_with(loader: &str, json: &str, served: Time, paint: Option<&str>) -> Option<String> {
    let function = loader.strip_suffix('\n').unwrap_or(loader).strip_suffix(CALL)?;
    // Line ends in the strings of a script until ECMAScript 2019.
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let (hint, paint) = paint.map_or_else(Default::default, |paint| (HINT, format!(",{paint}")));
    Some(format!("{hint}{function}({json},{}{paint});", served.as_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_is_called_with_the_bulletin_and_the_time() {
        let served = Time::from_millis(1_795_757_367_750).unwrap();
        for loader in ["((B,S)=>{f(0);})(0);", "((B,S)=>{f(0);})(0);\n"] {
            assert_eq!(
                called_with(loader, r#"{"schema":1}"#, served, None).as_deref(),
                Some("((B,S)=>{f(0);})({\"schema\":1},1795757367750);")
            );
            assert_eq!(
                called_with(loader, "{}", served, Some("(()=>1)().default")).as_deref(),
                Some("//# allFunctionsCalledOnLoad\n((B,S)=>{f(0);})({},1795757367750,(()=>1)().default);")
            );
        }
        // Another file is not touched.
        for loader in ["", "(()=>{})();", "((B,S)=>{})(0)", "((B,S)=>{})(0); ", "((B,S)=>{})(0);\n\n"] {
            assert_eq!(called_with(loader, "{}", served, None), None, "{loader}");
        }
    }

    #[test]
    fn what_ended_a_line_of_a_script_is_escaped() {
        let json = serde_json::to_string("a\u{2028}b\u{2029}c</script>\\\"\n").unwrap();
        let called = called_with("f(0);", &json, Time::EPOCH, None).unwrap();
        assert_eq!(called, "f(\"a\\u2028b\\u2029c</script>\\\\\\\"\\n\",0);");
        let inside = called.strip_prefix("f(").unwrap().strip_suffix(",0);").unwrap();
        assert_eq!(
            serde_json::from_str::<String>(inside).unwrap(),
            serde_json::from_str::<String>(&json).unwrap()
        );
    }
}
