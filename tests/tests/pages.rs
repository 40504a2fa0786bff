//! Pages, the Statuspage API, feeds, the badge and the log, as browsers and third-party programs see them.

use candor_tests::{Browser, Edge, chapters, node, paths, sign};
use serde_json::{Value, json};
use std::process::Command;

/// A page with incidents, a maintenance and a notice at once, and with history.
fn busy() -> Edge {
    let edge = Edge::start();
    let host = edge.url("");
    for (_, request) in chapters("marketplace-2010") {
        edge.accept(&request);
    }
    edge.set_up_page();
    edge.accept(&json!([
        {"type":"page.set","url":host,"support":"mailto:help@trailmark.example","brand":"#1f5f5b","time_zone":"Europe/Berlin"},
        {"type":"component.set","id":"web","name":"Website"},
    ]));
    edge.accept(&json!([
        {"type":"incident.open","id":"down","name":"Check-ins are failing","impact":"major","components":{"checkins":"major_outage"},
         "body":"We broke check-ins.\nWe are on it.","impact_note":"Four in ten.","next_update_in":"30m"},
        {"type":"incident.update","incident":"down","status":"identified","body":"A disk is full.","next_update_in":"30m"},
        {"type":"maintenance.schedule","id":"disks","name":"Larger disks","body":"We swap disks.","components":["api"],
         "scheduled_for":"2099-02-01T03:00:00Z","scheduled_until":"2099-02-01T04:00:00Z"},
        {"type":"notice.post","title":"Friday","body":"We talk about it on Friday.","details":"With **coffee**."},
    ]));
    edge
}

const PAGES: [&str; 8] = [
    "/",
    "/history",
    "/history/2010-10",
    "/incidents/down",
    "/maintenances/disks",
    "/embed?variant=inline",
    "/embed?components=api",
    "/nothing-here",
];

/// Runs a third-party client against the worker and returns the JSON that it prints.
fn client(program: &str, file: &str, edge: &Edge) -> Value {
    client_with(program, file, edge, &[])
}

fn client_with(program: &str, file: &str, edge: &Edge, arguments: &[&str]) -> Value {
    let mut command = match program {
        "node" => node::command("node").unwrap(),
        _ => Command::new(paths::python().join("bin/python")),
    };
    let output = command
        .arg(format!("clients/{file}"))
        .arg(edge.url(""))
        .args(arguments)
        .current_dir(paths::root().join("tests"))
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .output()
        .expect("the client is installed: run `cargo xtask test pages`");
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn third_party_clients_read_the_statuspage_api() {
    let edge = busy();
    let npm = client("node", "statuspage_io.mjs", &edge);
    assert_eq!(npm["indicator"], "major");
    let down = npm["unresolved"].as_array().unwrap().iter().find(|i| i["id"] == "down").unwrap();
    assert_eq!((&down["status"], &down["updates"]), (&json!("identified"), &json!(2)));
    assert_eq!(npm["upcoming"][0]["id"], "disks");
    let strict = client("python", "statuspage_arez.py", &edge);
    assert!(strict["unresolved"].to_string().contains("Check-ins are failing"), "{strict}");
    let exporter = client("python", "statuspage_exporter.py", &edge);
    assert_eq!(exporter["components"]["Check-ins"], false);
    assert_eq!(exporter["components"]["Maps"], true);

    let summary = edge.get("/api/v2/summary.json").expect(200).json();
    let update = &summary["incidents"][0]["incident_updates"][1];
    assert_eq!(update["affected_components"][0]["old_status"], "operational");
    assert_eq!(update["affected_components"][0]["new_status"], "major_outage");
    let past = edge.get("/api/v2/incidents.json").expect(200).json();
    let past = past["incidents"].as_array().unwrap();
    assert!(past.iter().any(|i| i["status"] == "postmortem" && i["postmortem_body"].is_string()));
    for path in [
        "incidents/unresolved",
        "scheduled-maintenances",
        "scheduled-maintenances/active",
        "components",
        "status",
    ] {
        let answer = edge.get(&format!("/api/v2/{path}.json")).expect(200);
        let etag = answer.header("etag").unwrap().to_owned();
        edge.send("GET", &format!("/api/v2/{path}.json"), &vec![("if-none-match".to_owned(), etag)], None)
            .expect(304);
    }
}

#[test]
fn feed_readers_see_each_update_once() {
    let edge = Edge::start();
    let host = edge.url("");
    edge.accept(&json!({"type":"page.set","name":"Trailmark","url":host}));
    let mut seen = Vec::new();
    for (_, request) in chapters("checkin-2010") {
        edge.accept(&request);
        let feed = edge.get("/feed.json").expect(200).json();
        for item in feed["items"].as_array().unwrap().iter().rev() {
            let key = (item["id"].clone(), item["date_published"].clone());
            if !seen.contains(&key) {
                seen.push(key);
            }
        }
    }
    let mut ids: Vec<String> = seen.iter().map(|(id, _)| id.to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), seen.len(), "each id has exactly one date");
    let xml = client("python", "feeds.py", &edge);
    let all = client("node", "feeds.mjs", &edge);
    for entries in [&xml["atom"], &xml["rss"], &all["atom"], &all["rss"], &all["json"]] {
        assert_eq!(entries["entries"].as_array().unwrap().len(), seen.len());
    }
    let first = edge.get("/history.atom").expect(200);
    assert_eq!(
        first.body,
        edge.get("/history.atom").body,
        "the feed does not depend on the time of the request"
    );
}

#[test]
fn feeds_are_valid_before_the_page_has_an_address() {
    let edge = Edge::start();
    for (_, request) in chapters("checkin-2010") {
        edge.accept(&request);
    }
    edge.accept(&json!({"type":"page.set","url":null}));
    let feeds = client_with("python", "feeds.py", &edge, &["without-address"]);
    let json = edge.get("/feed.json").expect(200).json();
    for entries in [&feeds["atom"]["entries"], &feeds["rss"]["entries"], &json["items"]] {
        assert!(!entries.as_array().unwrap().is_empty());
    }
    assert_eq!(
        (&json["home_page_url"], &json["feed_url"], &json["items"][0]["url"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
}

/// Every document that is text, and what its path may look like.
const TEXTS: [&str; 13] = [
    "/status.json",
    "/bulletin.json",
    "/panel.json",
    "/metrics.json",
    "/api/v2/summary.json",
    "/history",
    "/history.atom",
    "/feed.json",
    "/badge.svg",
    "/embed?variant=inline",
    "/openapi.json",
    "/postmortems/template.json",
    "/postmortems/template.md",
];

#[test]
fn every_text_has_an_etag_and_redirects_stray_slashes() {
    let edge = busy();
    for path in TEXTS {
        let answer = edge.get(path).expect(200);
        let etag = answer.header("etag").unwrap_or_else(|| panic!("{path}")).to_owned();
        for tags in [etag.clone(), format!("\"x\", W/{etag}"), "*".to_owned()] {
            let known = edge.send("GET", path, &vec![("if-none-match".to_owned(), tags)], None).expect(304);
            assert!(known.body.is_empty(), "{path}");
        }
        let other = vec![("if-none-match".to_owned(), "\"x\"".to_owned())];
        assert_eq!(edge.send("GET", path, &other, None).expect(200).body, answer.body, "{path}");
        let (bare, query) =
            path.split_once('?').map_or((path, String::new()), |(path, query)| (path, format!("?{query}")));
        for stray in [
            format!("{bare}/{query}"),
            format!("/{bare}{query}"),
            format!("{}//{query}", bare.replacen('/', "//", 1)),
        ] {
            let moved = edge.get(&stray).expect(308);
            assert_eq!(moved.header("location"), Some(path), "{stray}");
        }
    }
    for (path, right) in
        [("/v1/updates/", "/v1/updates"), ("//v1/log", "/v1/log"), ("/v1/export/", "/v1/export")]
    {
        let named = edge.get(path).expect(404).json();
        assert!(named["detail"].as_str().unwrap().contains(&format!("The path is {right}.")), "{named}");
    }
    for (path, first) in [
        ("/history/2010-10/1", "/history/2010-10"),
        ("//history/2010-10/1/?lang=de", "/history/2010-10?lang=de"),
        ("/signed/history/2010-10/1", "/signed/history/2010-10"),
    ] {
        assert_eq!(edge.get(path).expect(308).header("location"), Some(first), "{path}");
    }
    for path in ["//evil.example/", "/nothing-here/", "/incidents//"] {
        edge.get(path).expect(404);
    }
    let cache = |path: &str| edge.get(path).expect(200).header("cache-control").unwrap().to_owned();
    assert!(cache("/").contains("stale-if-error"));
    for badge in ["/badge.svg", "/badge.svg?component=checkins"] {
        assert!(!cache(badge).contains("stale-if-error"), "{}", cache(badge));
    }
}

#[test]
fn a_missing_document_is_a_page_for_browsers_and_a_problem_for_programs() {
    let browsed = |edge: &Edge, path: &str| {
        let html = vec![("accept".to_owned(), "text/html,*/*;q=0.8".to_owned())];
        edge.send("GET", path, &html, None).expect(404)
    };
    let missing = |edge: &Edge, path: &str, heading: &str| {
        let page = browsed(edge, path);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(page.text().contains(&format!("<h1>{heading}</h1>")), "{path}: {}", page.text());
        let problem = edge.get(path).expect(404);
        assert_eq!(problem.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(problem.json()["status"], 404, "{path}");
    };
    let edge = Edge::start();
    for path in ["/history", "/status.json", "/badge.svg", "/history.rss", "/api/v2/status.json"] {
        missing(&edge, path, "Nothing has been published yet");
    }
    missing(&edge, "/incidents/a", "There is nothing on record here");
    // The frame of an app shows neither an error page nor green.
    let frame = browsed(&edge, "/embed?variant=inline").text();
    assert!(frame.contains("data-indicator=\"unknown\"") && frame.contains("Status unknown"), "{frame}");
    edge.set_up_page();
    for path in ["/history/2010-10", "/history/1999-12", "/history/2010-10/2"] {
        missing(&edge, path, "There is nothing on record in this month");
    }
    for path in [
        "/incidents/a",
        "/maintenances/a",
        "/nothing",
        "/postmortems/a.json",
        "/notice.json",
        "/badge.svg?component=x",
    ] {
        missing(&edge, path, "There is nothing on record here");
    }
}

#[test]
fn bodies_are_rendered_as_markdown() {
    let edge = Edge::start();
    let body = "We look into:\r\n\r\n- search\r- maps\r\n\r\nMore at https://help.example/a_b?x=1&y=2, or [ask](mailto:help@trailmark.example).\rThank you.";
    let stored = body.replace("\r\n", "\n").replace('\r', "\n");
    edge.accept(&json!([
        {"type":"page.set","name":"Trailmark","url":edge.url("")},
        {"type":"incident.open","id":"a","name":"Search fails","impact":"minor","body":body},
        {"type":"maintenance.schedule","id":"m","name":"Disks","body":body,"scheduled_for":"2099-01-01T01:00:00Z","scheduled_until":"2099-01-01T03:00:00Z"},
    ]));
    let link = "href=\"https://help.example/a_b?x=1&amp;y=2\"";
    let holds = |text: &str, path: &str| {
        for part in [
            "<li>search</li>",
            "<li>maps</li>",
            link,
            "href=\"mailto:help@trailmark.example\"",
            "<br",
            "Thank you.</p>",
        ] {
            assert!(text.contains(part), "{path} without {part}: {text}");
        }
    };
    for path in ["/", "/incidents/a", "/maintenances/m", "/embed?variant=inline"] {
        holds(&edge.get(path).expect(200).text(), path);
    }
    assert!(
        edge.get("/embed?variant=inline")
            .expect(200)
            .text()
            .contains(&format!("{link} target=\"_blank\" rel=\"noopener\""))
    );
    assert!(
        edge.get("/incidents/a")
            .expect(200)
            .text()
            .contains("<meta name=\"description\" content=\"Investigating: We look into:\"")
    );
    let item = edge.get("/feed.json").expect(200).json()["items"][0].clone();
    holds(item["content_html"].as_str().unwrap(), "/feed.json");
    assert_eq!(item["content_text"], stored);
    assert_eq!(edge.status()["incidents"][0]["body"], stored);
    let window = edge.get("/maintenances/m").expect(200).text();
    assert!(window.contains(">1 Jan 2099, 01:00 – 03:00 UTC</time>"), "{window}");
    let browser = Browser::start();
    browser.open(&edge.url("/embed?variant=inline"));
    assert_eq!(browser.eval("return [...document.querySelectorAll('article a')].every(link => link.target === '_blank') && document.querySelectorAll('article li').length > 0"), true);
}

#[test]
fn badges_share_no_id_and_fit_their_texts() {
    let edge = Edge::start();
    let names = ["iiii", "WWWW", "Поиск и карты", "خرائط وبحث", "الخدمة متاحة", "מפות", "Größe (v2)"];
    edge.accept(&json!({"type":"page.set","name":"Trailmark"}));
    for (index, name) in names.iter().enumerate() {
        edge.accept(&json!({"type":"component.set","id":format!("c{index}"),"name":name}));
    }
    let badges: String = (0..names.len())
        .map(|index| edge.get(&format!("/badge.svg?component=c{index}")).expect(200).text())
        .collect();
    let browser = Browser::start();
    browser.open(&edge.url("/"));
    let ratios = browser.eval(&format!(
        "document.querySelector('main').innerHTML = {};
        return [...document.querySelectorAll('main svg text')].map(node => {{
            const said = +node.getAttribute('textLength');
            node.removeAttribute('textLength');
            return [node.textContent, said / node.getComputedTextLength()];
        }})",
        json!(badges)
    ));
    assert_eq!(ratios.as_array().unwrap().len(), 2 * names.len());
    for ratio in ratios.as_array().unwrap() {
        assert!((0.85..1.15).contains(&ratio[1].as_f64().unwrap()), "{ratio}");
    }
    assert_eq!(browser.eval("return document.querySelectorAll('main svg [id]').length"), 0);
}

#[test]
fn every_page_sends_strict_security_headers() {
    let edge = busy();
    for path in PAGES {
        let answer = edge.send("GET", path, &vec![("accept".to_owned(), "text/html".to_owned())], None);
        let header =
            |name: &str| answer.header(name).unwrap_or_else(|| panic!("{path}: no {name}")).to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
        if path.starts_with("/embed") {
            // Anybody may show it in a frame: also an app's `file:`, which no source of the directive names.
            assert!(!policy.contains("frame-ancestors"), "{path}: {policy}");
            assert_eq!(header("cross-origin-embedder-policy"), "require-corp");
        } else {
            assert!(policy.ends_with("frame-ancestors 'none'"), "{path}: {policy}");
        }
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        header("permissions-policy");
        assert!(answer.text().starts_with("<!doctype html><html lang=\"en\" dir=\"ltr\">"), "{path}");
    }
    // So may a frame about components that do not exist, which says that nobody knows.
    let html = vec![("accept".to_owned(), "text/html".to_owned())];
    let unknown = edge.send("GET", "/embed?components=nothing&lang=de", &html, None).expect(404);
    assert!(!unknown.header("content-security-policy").unwrap().contains("frame-ancestors"));
    assert_eq!(unknown.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert!(unknown.text().contains("<h1 class=\"state\">Status unbekannt</h1>"), "{}", unknown.text());
    let part = edge.send("GET", "/embed?components=checkins+nothing", &html, None).expect(200).text();
    assert!(part.contains("Check-ins are failing") && !part.contains("Larger disks"), "{part}");
    for path in [
        "/embed?components=A",
        "/embed?variant=Banner",
        "/badge.svg?component=WEB",
        "/badge.svg?component=",
        "/bulletin.json?components=WEB",
        "/events?components=WEB",
    ] {
        let told = edge.get(path).expect(404).text();
        assert!(told.contains("The path exists, but a parameter is wrong"), "{path}: {told}");
    }
    let nothing_yet = Edge::start().send("GET", "/embed", &html, None).expect(404);
    assert!(!nothing_yet.header("content-security-policy").unwrap().contains("frame-ancestors"));
    let missing = edge.get("/nothing-here").expect(404);
    assert_eq!(missing.header("content-type"), Some("application/problem+json"));
    let badge = edge.get("/badge.svg?component=checkins").expect(200);
    assert!(badge.text().contains("<title>Trailmark: Check-ins: major outage</title>"));
    edge.get("/badge.svg?component=nothing").expect(404);
    let head = edge.send("HEAD", "/", &Vec::new(), None).expect(200);
    assert!(head.body.is_empty() && head.header("etag").is_some());
}

#[test]
fn hostile_texts_are_escaped_everywhere() {
    const HOSTILE: [&str; 10] = [
        "<script>window.hacked=1</script>",
        "\"><img src=x onerror=window.hacked=1>",
        "]]></title></style><script>window.hacked=1</script>",
        "{{constructor}} ' onmouseover='window.hacked=1",
        "javascript:window.hacked=1 & &amp; &#60;",
        "\u{202e}<b>\u{2066}</main><main>\u{ffff}",
        "[x](javascript:window.hacked=1) ![x](https://evil.example/x) <javascript:window.hacked=1>",
        "https://evil.example/\"onmouseover=\"window.hacked=1 https://evil.example/'><img src=x onerror=window.hacked=1>",
        "[x]: javascript:window.hacked=1 [y](https://evil.example \"><img src=x onerror=window.hacked=1>\")",
        "```<script>window.hacked=1</script>``` https://evil.example/<script>window.hacked=1</script>",
    ];
    let edge = Edge::start();
    let host = edge.url("");
    edge.accept(&json!({"type":"page.set","name":HOSTILE[0],"url":host}));
    for (index, text) in HOSTILE.iter().enumerate() {
        edge.accept(&json!([
            {"type":"component.set","id":format!("c{index}"),"name":text,"description":text},
            {"type":"incident.open","id":format!("i{index}"),"name":text,"impact":"minor","body":text,"impact_note":text,"components":{format!("c{index}"):"partial_outage"}},
            {"type":"maintenance.schedule","id":format!("m{index}"),"name":text,"body":text,"scheduled_for":"2099-01-01T00:00:00Z","scheduled_until":"2099-01-01T01:00:00Z"},
            {"type":"notice.post","title":text,"body":text,"details":text},
        ]));
    }
    // Third-party parsers read the JSON and XML.
    client("node", "feeds.mjs", &edge);
    client("python", "feeds.py", &edge);
    let api = edge.get("/api/v2/summary.json").expect(200).json();
    let names: Vec<&str> =
        api["incidents"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap()).collect();
    assert!(HOSTILE.iter().all(|text| names.contains(text)));
    let browser = Browser::start();
    let pages = [
        "/",
        "/history",
        "/embed?variant=inline",
        "/embed?variant=banner",
        "/badge.svg",
        "/badge.svg?component=c1",
    ];
    let more = (0..HOSTILE.len())
        .flat_map(|index| [format!("/incidents/i{index}"), format!("/maintenances/m{index}")]);
    for path in pages.map(str::to_owned).into_iter().chain(more) {
        browser.open(&edge.url(&path));
        assert_eq!(browser.eval("return window.hacked || document.querySelectorAll('script:not([src=\"/page.js\"], [src=\"/host.js\"]), img, [onmouseover], [onerror], a[href^=javascript]').length"), 0, "{path}");
        if path == "/" {
            let text = browser.eval("return document.querySelector('main').textContent").to_string();
            let wanted = json!(HOSTILE[1]).to_string();
            assert!(text.contains(wanted.trim_matches('"')), "{text}");
            assert_eq!(browser.eval("return document.querySelectorAll('main').length"), 1);
        }
    }
}

/// Checks that axe-core finds no violation and that the page does not scroll sideways: light and dark, at the widths of
/// a desktop and a phone, left-to-right and right-to-left. Saves screenshots under a name.
fn check_accessible(browser: &Browser, url: &str, name: &str) {
    let axe = std::fs::read_to_string(paths::root().join("tests/node_modules/axe-core/axe.min.js")).unwrap();
    browser.size(1440, 900);
    browser.open(url);
    browser.eval(&format!("{axe}; return 1"));
    for scheme in ["light", "dark"] {
        browser.prefers(&[("prefers-color-scheme", scheme)]);
        for width in [1440, 320] {
            browser.size(width, 900);
            assert_eq!(
                browser.eval("return document.documentElement.scrollWidth <= innerWidth"),
                true,
                "{name} scrolls sideways at {width}"
            );
            browser
                .screenshot(&paths::candor().join(format!("screenshots/page-{name}-{scheme}-{width}.png")));
        }
        browser.eval(&format!(
            "{axe}; window.found = 0; axe.run().then(r => window.found = JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))); return 1"
        ));
        assert_eq!(browser.until("axe", "return window.found"), "[]", "{name} {scheme}");
    }
    browser.eval("document.documentElement.dir = 'rtl'; return 1");
    assert_eq!(browser.eval("return document.documentElement.scrollWidth <= innerWidth"), true, "{name} rtl");
}

/// Also: no page requests a third party or logs an error.
#[test]
fn every_page_is_accessible() {
    let edge = busy();
    let browser = Browser::start();
    for path in PAGES {
        let name = path.trim_matches('/').replace(['/', '?', '='], "-");
        let name = if name.is_empty() { "home" } else { &name };
        check_accessible(&browser, &edge.url(path), name);
    }
    edge.accept(&json!({"type":"incident.update","incident":"down","status":"resolved","body":"It is over: nothing was lost."}));
    for variant in ["banner", "inline", "badge"] {
        // `&over` makes the URL new to the browser's cache.
        let url = edge.url(&format!("/embed?variant={variant}&over"));
        check_accessible(&browser, &url, &format!("embed-resolved-{variant}"));
        assert_eq!(browser.eval("return document.querySelector('h1').textContent"), "Resolved");
    }
    let foreign = browser
        .requests()
        .into_iter()
        .filter(|request| !request.url.starts_with(&edge.url("/")) && request.url.starts_with("http"));
    assert_eq!(foreign.count(), 0, "a page requested a third party");
    let errors: Vec<String> = browser
        .console()
        .into_iter()
        .filter(|line| line.starts_with("SEVERE") && !line.contains("404"))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn operator_texts_carry_their_language() {
    let edge = Edge::start();
    edge.accept(&json!([
        {"type":"page.set","name":"Trailmark","url":edge.url(""),"language":"de"},
        {"type":"incident.open","id":"weg","name":{"de":"Anmeldung gestört","en":"Sign-in fails"},"impact":"minor",
         "body":{"de":"Wir sind dran. dir=\"auto\">","en":"We are on it."}},
    ]));
    let browser = Browser::start();
    // In French, which the operator did not write: as it was written, and marked as German.
    for path in ["/?lang=fr", "/incidents/weg?lang=fr", "/embed?variant=inline&lang=fr"] {
        browser.open(&edge.url(path));
        let is_marked =
            "const all = [...document.querySelectorAll('[lang=de]')].map(element => element.textContent);
            return document.documentElement.lang == 'fr' && all.includes('Anmeldung gestört') && all.includes('Wir sind dran. dir=\"auto\">')
                && !document.body.textContent.includes('We are on it.')";
        assert_eq!(browser.eval(is_marked), true, "{path}");
    }
    // In English and in German nothing of it is foreign.
    for (language, text) in [("en", "Sign-in fails"), ("de", "Anmeldung gestört")] {
        for path in ["/?", "/incidents/weg?", "/embed?variant=inline&"] {
            browser.open(&edge.url(&format!("{path}lang={language}")));
            let is_native = format!(
                "return document.querySelector('main').textContent.includes('{text}') && !document.querySelector('main [lang=de], main [lang=en]')"
            );
            assert_eq!(browser.eval(&is_native), true, "{path}{language}");
        }
    }
    assert!(edge.get("/history.atom").expect(200).text().contains("xml:lang=\"de\""));
    assert!(edge.get("/history.rss").expect(200).text().contains("<language>de</language>"));
    assert_eq!(edge.get("/feed.json").expect(200).json()["language"], "de");
    let status = edge.status();
    assert_eq!(status["page"]["language"], "de");
    assert_eq!(status["incidents"][0]["translations"]["en"]["body"], "We are on it.");
    edge.accept(&json!({"type":"incident.update","status":"resolved","body":{"de":"Vorbei.","en":"Over."}}));
    let resolved = edge.status()["resolved"][0].clone();
    assert_eq!(
        (&resolved["id"], &resolved["translations"]["en"]["name"]),
        (&json!("weg"), &json!("Sign-in fails"))
    );
}

#[test]
fn an_open_page_updates_without_a_reload() {
    let edge = busy();
    let browser = Browser::start();
    browser.open(&edge.url("/"));
    browser.eval("window.same = 1; document.querySelector('details').open = true; return 1");
    edge.accept(&json!({"type":"incident.update","incident":"down","status":"resolved","body":"Over."}));
    // Polls at once. Otherwise the page polls after half a minute.
    browser.eval("dispatchEvent(new Event('online')); return 1");
    browser.until(
        "the new state",
        "return document.querySelector('h1').textContent === 'All systems operational'",
    );
    assert_eq!(browser.eval("return window.same && document.querySelector('details').open && document.title.startsWith('All systems')"), true);
    assert_eq!(browser.eval("return document.querySelector('.say').textContent"), "All systems operational");
}

#[test]
fn a_page_without_updates_shows_that_nothing_is_published() {
    let edge = Edge::start();
    let text = edge.get("/").expect(200).text();
    assert!(text.contains("Nothing has been published yet") && !text.contains("Operational"), "{text}");
}

#[test]
fn an_operator_reads_the_log() {
    let edge = Edge::start();
    edge.set_up_page();
    let read = |key: &sign::Key, path: &str| {
        let headers = sign::webhook(key, &sign::unique_id(), jiff::Timestamp::now(), b"");
        edge.send("GET", path, &headers, None)
    };
    let first = read(&edge.keys.ops, "/v1/log?limit=2").expect(200);
    assert_eq!(first.header("cache-control"), Some("no-store"));
    let first = first.json();
    assert_eq!((&first["entries"][0]["version"], &first["entries"][0]["key"]), (&json!(5), &json!("ops")));
    assert_eq!(first["next"], "/v1/log?before=4&limit=2");
    let rest = read(&edge.keys.ops, "/v1/log?before=4&limit=100").expect(200).json();
    assert_eq!((rest["entries"].as_array().unwrap().len(), &rest["next"]), (3, &Value::Null));
    assert_eq!(rest["entries"][2]["update"]["type"], "page.set");
    edge.get("/v1/log").expect(401);
    read(&edge.keys.probe, "/v1/log").expect(403);
    read(&edge.keys.ops, "/v1/log?limit=0").expect(400);
}
