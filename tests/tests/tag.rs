//! What the script tag of a host page loads: the loader, called with the current bulletin.

use candor_tests::{Answer, Edge, Settings, eventually, node, paths};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The loader as a file: a function that is called with 0.
fn file() -> String {
    let file = fs::read_to_string(paths::assets_dev().join("widget.js")).unwrap();
    assert!(file.ends_with("(0);"), "…{}", &file[file.len().saturating_sub(40)..]);
    file
}

/// What the loader in an answer is called with, as node evaluates it; and checks that node can compile the whole.
fn called_with(edge: &Edge, answer: &Answer) -> (Value, Option<u64>) {
    let file = file();
    let script = String::from_utf8(answer.body.clone()).expect("UTF-8");
    let hinted = script.strip_prefix("//# allFunctionsCalledOnLoad\n");
    let loader = hinted.unwrap_or(&script);
    let call = loader.strip_prefix(file.strip_suffix("(0);").unwrap()).expect("the loader, unchanged");
    let (whole, end) = (edge.folder().join("whole.js"), edge.folder().join("call.js"));
    fs::write(&whole, &script).unwrap();
    fs::write(&end, call).unwrap();
    let check = "const { readFileSync: read } = require('fs'); new Function(read(process.argv[1], 'utf8'));
        console.log(JSON.stringify(new Function('return ((...all) => all)' + read(process.argv[2], 'utf8'))()))";
    let output =
        node::command("node").unwrap().args(["-e", check]).arg(&whole).arg(&end).output().expect("node");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let all: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    // With something to tell comes what paints it.
    let arguments = match &all[0]["lines"] {
        Value::Null if all[0] == 0 => 1,
        Value::Null => 2,
        _ => 3,
    };
    assert_eq!((all.len(), hinted.is_some()), (arguments, arguments == 3), "{all:?}");
    (all[0].clone(), all.get(1).and_then(Value::as_u64))
}

fn asked(edge: &Edge, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    edge.send(method, path, &headers, None)
}

/// An incident in two languages.
fn outage(edge: &Edge) {
    edge.set_up_page();
    edge.accept(&json!({"type":"incident.open","id":"slow","name":{"en":"Maps are slow","de":"Karten sind langsam"},
        "impact":"minor","body":{"en":"We look.","de":"Wir schauen."},"components":{"maps":"degraded_performance"}}));
}

/// A configuration of the worker with another entry.
fn config(folder: &Path, entry: &Path) -> PathBuf {
    let config = fs::read_to_string(paths::root().join("edge/wrangler.toml")).unwrap();
    let main = "main = \"../target/candor/edge/entry.js\"";
    assert!(config.contains(main));
    let path = folder.join("tag.toml");
    fs::write(&path, config.replace(main, &format!("main = {}", json!(entry)))).unwrap();
    path
}

#[test]
fn the_loader_has_the_bulletin_of_its_reader_inside() {
    let edge = Edge::start();
    outage(&edge);
    for (query, accept, language) in
        [("", "de-CH, en;q=0.5", "de"), ("?lang=de", "ja", "de"), ("?lang=tlh", "", "en"), ("", "el", "el")]
    {
        let headers = [("accept-language", accept)];
        let loader = asked(&edge, "GET", &format!("/widget.js{query}"), &headers).expect(200);
        let (bulletin, served) = called_with(&edge, &loader);
        assert_eq!(bulletin["language"], language, "{query} {accept}");
        let own = asked(&edge, "GET", &format!("/bulletin.json{query}"), &headers).expect(200);
        assert_eq!(bulletin, own.json(), "{query} {accept}");
        assert!(loader.text().contains(&own.text()), "the very bytes");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let age = now.abs_diff(u128::from(served.expect("the server's time")));
        assert!(age < 60_000, "{age} ms");
        if language == "de" {
            assert_eq!(bulletin["lines"][0]["name"], json!({"text":["Karten sind langsam"]}));
            assert_eq!(bulletin["unknown"], "Status unbekannt");
            let styles = fs::read_to_string(paths::root().join("widget/css/banner.css")).unwrap();
            assert_eq!(bulletin["styles"], styles, "an embed can paint at once");
        }
    }
    // News is inside at once.
    edge.accept(&json!({"type":"incident.update","incident":"slow","status":"resolved","body":{"en":"Over.","de":"Vorbei."}}));
    let (bulletin, _) = called_with(&edge, &edge.get("/widget.js?lang=de"));
    assert_eq!(bulletin["summary"], "Behoben");
}

#[test]
fn without_a_bulletin_the_loader_is_as_it_is() {
    let edge = Edge::start();
    let loader = edge.get("/widget.js").expect(200);
    assert_eq!(loader.text(), file());
    assert_eq!(called_with(&edge, &loader), (json!(0), None));
    // It is another answer than the one with the first bulletin.
    edge.set_up_page();
    let tag = loader.header("etag").unwrap().to_owned();
    let next = asked(&edge, "GET", "/widget.js", &[("if-none-match", &tag)]).expect(200);
    let (bulletin, _) = called_with(&edge, &next);
    assert_eq!((&bulletin["level"], &bulletin["styles"]), (&json!("none"), &Value::Null));
}

#[test]
fn caches_may_keep_it_for_seconds_and_browsers_for_minutes() {
    let edge = Edge::start();
    outage(&edge);
    let loader = edge.get("/widget.js").expect(200);
    let tag = loader.header("etag").unwrap().to_owned();
    assert!(tag.starts_with('"'), "{tag} is strong");
    let known = asked(&edge, "GET", "/widget.js", &[("if-none-match", &tag)]).expect(304);
    let head = asked(&edge, "HEAD", "/widget.js", &[]).expect(200);
    for answer in [&loader, &known, &head] {
        for (name, value) in [
            (
                "cache-control",
                "public, max-age=300, s-maxage=5, stale-while-revalidate=604800, stale-if-error=604800",
            ),
            ("etag", tag.as_str()),
            ("vary", "accept-language"),
            ("timing-allow-origin", "*"),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{} {name}", answer.status);
        }
    }
    assert_eq!(loader.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(known.body.is_empty() && head.body.is_empty());
    // The time alone makes no other answer, a bulletin does.
    asked(&edge, "GET", "/widget.js?lang=de", &[("if-none-match", &tag)]).expect(200);
    edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    asked(&edge, "GET", "/widget.js", &[("if-none-match", &tag)]).expect(200);

    let preflight = asked(&edge, "OPTIONS", "/widget.js", &[("origin", "https://shop.example")]).expect(204);
    assert_eq!(preflight.header("access-control-allow-methods"), Some("GET, HEAD, OPTIONS"));
    let refused = edge.send("POST", "/widget.js", &Vec::new(), Some(b"x")).expect(405);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(edge.get("//widget.js/?lang=de").expect(308).header("location"), Some("/widget.js?lang=de"));
}

#[test]
fn it_is_a_script_whatever_an_operator_writes() {
    let edge = Edge::start();
    edge.set_up_page();
    let hostile =
        "</script><!-- ]]> ' \" ` \\ \\\" ${x} \u{2028}\u{2029} 🧯 \u{fe0f} é *b* (0); });({},1);//";
    edge.accept(&json!([
        {"type":"page.set","name":"Tom's \"Maps\" \\ </script>"},
        {"type":"incident.open","id":"a","name":"a'\"\\</script>🧯","impact":"major","body":hostile,
         "impact_note":hostile,"components":{"maps":"major_outage"}},
        {"type":"notice.post","body":hostile},
    ]));
    let loader = edge.get("/widget.js").expect(200);
    assert!(!loader.text().contains(['\u{2028}', '\u{2029}']), "they ended a line before ECMAScript 2019");
    let (bulletin, _) = called_with(&edge, &loader);
    assert_eq!(bulletin, edge.get("/bulletin.json").json());
    let body = bulletin["lines"][0]["body"].to_string();
    assert!(body.contains("\u{2028}") && body.contains("</script>") && body.contains("🧯"), "{body}");
}

#[test]
fn an_old_bulletin_says_so_and_a_missing_one_holds_nothing_up() {
    let mut edge = Edge::start();
    outage(&edge);
    edge.get("/bulletin.json?lang=de").expect(200);
    let entry = edge.folder().join("broken.mjs");
    let built = json!(paths::candor().join("edge/entry.js"));
    fs::write(
        &entry,
        format!(
            "export {{ default }} from {built};\n\
             import {{ DurableObject }} from 'cloudflare:workers';\n\
             export class StatusPage extends DurableObject {{ fetch() {{ throw new Error('broken by the test'); }} }}\n"
        ),
    )
    .unwrap();
    let broken = config(edge.folder(), &entry);
    edge.restart_with(Some(&broken));
    let bulletin = eventually("what is cached is old", Duration::from_secs(30), || {
        let (bulletin, _) = called_with(&edge, &edge.get("/widget.js?lang=de").expect(200));
        (!bulletin["unconfirmed_since"].is_null()).then_some(bulletin)
    });
    assert_eq!(bulletin["lines"][0]["name"], json!({"text":["Karten sind langsam"]}));
    assert_eq!(bulletin["unconfirmed_since"], edge.get("/bulletin.json?lang=de").json()["unconfirmed_since"]);
    // Nobody has read this one before: a copy in the page's own language, if KV has it by now, or none.
    let (other, _) = called_with(&edge, &edge.get("/widget.js?lang=ja").expect(200));
    assert!(other == 0 || (other["language"] == "en" && other["unconfirmed_since"].is_string()), "{other}");
}

#[test]
fn a_module_that_traps_does_not_take_the_loader_along() {
    let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
    let entry = folder.path().join("entry.js");
    for name in ["entry.js", "files.js", "sums.js"] {
        fs::copy(paths::candor().join("edge").join(name), folder.path().join(name)).unwrap();
    }
    fs::write(
        folder.path().join("candor_edge.js"),
        "export const fetch = () => { throw new WebAssembly.RuntimeError('unreachable') };\n\
         export const __wbg_reset_state = () => {};\n\
         export class StatusPage {}\n",
    )
    .unwrap();
    let start =
        || Edge::with(&Settings { config: Some(config(folder.path(), &entry)), ..Settings::default() });
    let edge = start();
    edge.get("/status.json").expect(503);
    let loader = edge.get("/widget.js").expect(200);
    assert_eq!(loader.text(), file());
    assert_eq!(loader.header("access-control-allow-origin"), Some("*"));
    assert_eq!(loader.header("content-type"), Some("text/javascript; charset=utf-8"));
    edge.get("/openapi.json").expect(503);
    // A file that is not the one of this build is not handed on.
    fs::write(folder.path().join("sums.js"), "export default {};\n").unwrap();
    let edge = start();
    let none = edge.get("/widget.js").expect(503);
    assert_eq!(none.header("retry-after"), Some("5"));
    assert_eq!(none.header("content-type"), Some("application/problem+json"));
}
