//! The alarm puts each edition into S3-compatible buckets of other people's servers, which check the signatures.

use candor_tests::s3::{BUCKET, Gate, KEY_ID, S3, SECRET, Server, names};
use candor_tests::{Browser, Edge, Reply, Settings, Site, eventually, paths};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;
use xtask::runtime;

const SOON: Duration = Duration::from_secs(60);
const STATUS: &str = "signed/status.json";

fn push_to(entries: &[Value]) -> (String, String) {
    ("CANDOR_PUSH".to_owned(), Value::from(entries).to_string())
}

fn edge(entries: &[Value], more: &[(String, String)]) -> Edge {
    let more = [&[push_to(entries)], more].concat();
    let edge = Edge::with(&Settings { more, ..Settings::default() });
    edge.set_up_page();
    edge
}

/// The payload of a signed object.
fn payload(signed: &str) -> Value {
    use base64::Engine;
    let payload = signed.split('.').nth(1).expect("a JWS");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap())
        .unwrap()
}

/// The version of the status that a bucket holds.
fn version(s3: &S3, name: &str) -> Option<u64> {
    s3.object(name).and_then(|signed| payload(&signed)["version"].as_u64())
}

/// What `/healthz` says of a mirror.
fn mirror(edge: &Edge, name: &str) -> Value {
    let health = edge.get("/healthz").expect(200).json();
    health["mirrors"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone()
}

/// Waits until a mirror has everything of the newest version.
fn follows(edge: &Edge, name: &str) -> Value {
    let newest = edge.version();
    eventually(&format!("{name} has version {newest}: {}", mirror(edge, name)), SOON, || {
        Some(mirror(edge, name)).filter(|one| one["mirrored_version"] == newest)
    })
}

#[test]
fn each_edition_reaches_every_bucket_and_proves_itself() {
    let (one, two) = (S3::start(Server::S3s), S3::start(Server::Rclone));
    let mut with_prefix = two.entry("two");
    with_prefix["prefix"] = "pages/trailmark".into();
    let mut forged = two.entry("forged");
    forged["secret"] = "not-the-secret".into();
    let edge = edge(&[one.entry("one"), with_prefix, forged], &[]);
    for language in ["de", "zh-Hant"] {
        edge.get(&format!("/bulletin.json?lang={language}")).expect(200);
    }
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Check-ins fail","impact":"major","components":{"checkins":"major_outage"},"body":"We look."}));
    for name in ["one", "two"] {
        let held = follows(&edge, name);
        assert_eq!((&held["lag"], &held["problem"]), (&json!(0.0), &Value::Null));
    }

    let below = |prefix: &str, names: Vec<String>| -> Vec<String> {
        names.into_iter().map(|name| name.strip_prefix(prefix).unwrap_or(&name).to_owned()).collect()
    };
    let held = names(&one.objects());
    for name in [
        ".well-known/candor.json",
        "index.html",
        "signed/.well-known/candor.json",
        "signed/bulletin.json",
        "signed/de/bulletin.json",
        "signed/en/bulletin.json",
        "signed/feed.json",
        "signed/history.atom",
        "signed/history.rss",
        STATUS,
        "signed/zh-Hant/bulletin.json",
        "widget.js",
    ] {
        assert!(held.iter().any(|known| known == name), "{name}: {held:?}");
    }
    // The loader with everything that it leads to.
    let folder = std::fs::read_dir(paths::assets().join("candor")).unwrap().next().unwrap().unwrap();
    let files = names(&folder.path());
    assert_eq!(names(&one.objects().join("candor").join(folder.file_name())), files);
    assert_eq!(held.len(), 12 + files.len());
    assert_eq!(below("pages/trailmark/", names(&two.objects())), held);
    let same = |name: &str| {
        std::fs::read(one.objects().join(name)).unwrap() == std::fs::read(paths::assets().join(name)).unwrap()
    };
    assert!(same("widget.js") && same(&format!("candor/{}/widget.wasm", folder.file_name().display())));

    // What the pull mirror's script would take.
    let verify = paths::root().join("examples/mirror/verify.sh");
    for (name, path) in [
        (STATUS, "/status.json"),
        ("signed/de/bulletin.json", "/bulletin.json?lang=de"),
        ("signed/history.atom", "/history.atom"),
    ] {
        let (file, keys) = (one.objects().join(name), one.objects().join(".well-known/candor.json"));
        let output = Command::new(&verify)
            .arg(file)
            .arg(keys)
            .args(["https://trailmark.example", path])
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, edge.get(path).expect(200).body, "{name}");
    }
    // The page says how old it is, nothing on it says that all is well, and it leads to the page itself.
    let page = one.object("index.html").unwrap();
    assert!(page.contains("We look.") && page.contains("<p class=\"stale\" role=\"status\">"), "{page}");
    assert!(page.contains("<base href=\"https://trailmark.example\"") && !page.contains("<script"), "{page}");
    assert!(!page.contains("Operational"), "{page}");
    let put = |name: &str| one.requests(&format!("PUT /mirror/{name} ")).pop().unwrap().to_ascii_lowercase();
    for (name, kind, cache) in [
        (STATUS, "application/jose", "public, max-age=5, "),
        ("index.html", "text/html; charset=utf-8", "public, max-age=5, "),
        ("widget.js", "text/javascript; charset=utf-8", "public, max-age=300\r\n"),
    ] {
        let head = put(name);
        assert!(head.contains(&format!("content-type: {kind}\r\n")), "{head}");
        assert!(head.contains(&format!("cache-control: {cache}")), "{head}");
    }

    // Only what has changed is put again: no loader, no feed where only the notice is new.
    let before = one.requests("PUT").len();
    edge.accept(&json!({"type":"notice.post","body":"We move."}));
    follows(&edge, "one");
    let again = one.requests("PUT").split_off(before).join("");
    assert!(again.contains(STATUS) && !again.contains("widget.js"), "{again}");

    // The servers check signatures, and nobody reads the secrets.
    let refused = eventually("the wrong secret is refused", SOON, || {
        Some(mirror(&edge, "forged")).filter(|one| one["problem"].is_string())
    });
    assert!(refused["problem"].as_str().unwrap().starts_with("status 403"), "{refused}");
    assert_eq!((&refused["mirrored_version"], &refused["lag"]), (&Value::Null, &Value::Null));
    for text in [edge.get("/healthz").text(), edge.log()] {
        assert!(
            !text.contains(SECRET) && !text.contains("not-the-secret") && !text.contains(&two.endpoint()),
            "{text}"
        );
    }
}

/// Cloudflare's free plan permits 50 requests for one alarm.
#[test]
fn many_languages_take_several_alarms() {
    let one = S3::start(Server::Rclone);
    let edge = edge(&[one.entry("one")], &[]);
    let panel = edge.get("/panel.json").expect(200).json();
    let languages = panel["languages"].as_array().unwrap().clone();
    for language in &languages {
        edge.get(&format!("/bulletin.json?lang={}", language["language"].as_str().unwrap())).expect(200);
    }
    edge.accept(&json!({"type":"notice.post","body":"We move."}));
    follows(&edge, "one");
    let newest = edge.version();
    for language in &languages {
        let name = format!("signed/{}/bulletin.json", language["language"].as_str().unwrap());
        assert_eq!(version(&one, &name), Some(newest), "{name}");
    }
    // Each round begins with a question.
    let all = one.requests("");
    let rounds: Vec<_> = all.split(|head| head.starts_with("HEAD")).map(<[_]>::len).collect();
    assert!(rounds.len() > 2 && rounds.iter().all(|puts| *puts < 40), "{rounds:?}");
}

#[test]
fn a_dead_and_a_full_mirror_delay_neither_writes_nor_another_one() {
    let (dead, full, well) = (S3::start(Server::S3s), S3::start(Server::S3s), S3::start(Server::Rclone));
    let mut edge = edge(&[dead.entry("dead"), full.entry("full"), well.entry("well")], &[]);
    for name in ["dead", "full", "well"] {
        follows(&edge, name);
    }
    let first = edge.version();
    dead.set(Gate::Silence);
    full.set(Gate::Status(507));
    for number in 0..3 {
        edge.accept(&json!({"type":"notice.post","body":format!("We move {number}.")}));
    }
    // The dead one has not even been given up yet.
    follows(&edge, "well");
    assert_eq!(mirror(&edge, "dead")["mirrored_version"], first);
    let held = eventually("the full one is noticed", SOON, || {
        Some(mirror(&edge, "full")).filter(|one| one["problem"].is_string())
    });
    assert_eq!(held["problem"], "status 507: it is full");
    assert_eq!(held["mirrored_version"], first);
    let held = eventually("the dead one is noticed", SOON, || {
        Some(mirror(&edge, "dead")).filter(|one| one["problem"].is_string())
    });
    assert!(held["problem"].as_str().unwrap().starts_with("no answer within"), "{held}");
    assert!(held["lag"].as_f64().unwrap() > 0.0, "{held}");

    // What is known of the mirrors outlives the process: nothing of what they hold is put again.
    let before = well.requests("PUT").len();
    edge.kill_hard();
    dead.set(Gate::Open);
    full.set(Gate::Open);
    edge.restart();
    edge.status();
    for name in ["dead", "full", "well"] {
        follows(&edge, name);
        let s3 =
            [&dead, &full, &well][["dead", "full", "well"].iter().position(|known| *known == name).unwrap()];
        assert_eq!(version(s3, STATUS), Some(edge.version()), "{name}");
    }
    // Unless five minutes were over just then.
    let again = well.requests("PUT").split_off(before).join("");
    assert!(!again.contains("widget.js"), "{again}");
}

/// What is known of a bucket is no proof of what it holds.
#[test]
fn a_bucket_that_keeps_nothing_is_noticed() {
    let one = S3::start(Server::S3s);
    let edge = edge(&[one.entry("one")], &[]);
    follows(&edge, "one");
    let held = names(&one.objects());
    assert!(held.iter().any(|name| name == "widget.js"), "{held:?}");
    std::fs::remove_dir_all(one.objects()).unwrap();
    std::fs::create_dir(one.objects()).unwrap();
    edge.accept(&json!({"type":"notice.post","body":"We move."}));
    follows(&edge, "one");
    assert_eq!(names(&one.objects()), held);
    // It says yes to everything.
    one.set(Gate::Status(200));
    edge.accept(&json!({"type":"notice.post","body":"We have moved."}));
    let noticed = eventually("it is noticed", SOON, || {
        Some(mirror(&edge, "one")).filter(|one| one["problem"].is_string())
    });
    assert_eq!(noticed["problem"], "it answers, but what was put there is not there");
    one.set(Gate::Open);
    follows(&edge, "one");
    assert_eq!(names(&one.objects()), held);
}

#[test]
fn an_older_edition_never_overwrites_a_newer_one() {
    let one = S3::start(Server::S3s);
    let older = edge(&[], &[]);
    let newer = edge(&[one.entry("one")], &[]);
    newer.accept(&json!({"type":"notice.post","body":"We moved."}));
    follows(&newer, "one");
    let held = one.object(STATUS).unwrap();
    newer.kill_hard();
    // Another deployment of the page, which was left behind.
    let mut older = older;
    older.restart_set("CANDOR_PUSH", &Value::from(vec![one.entry("one")]).to_string());
    older.status();
    let refused = eventually("it is noticed", SOON, || {
        Some(mirror(&older, "one")).filter(|one| one["problem"].is_string())
    });
    assert!(refused["problem"].as_str().unwrap().contains("newer edition"), "{refused}");
    assert_eq!(one.object(STATUS).unwrap(), held);
}

#[test]
fn the_banner_outlives_its_edge_in_a_bucket() {
    let one = S3::start(Server::Rclone);
    let port = runtime::free_port().unwrap();
    let _public = one.public(port);
    let address = format!("http://127.0.0.1:{port}/{}", BUCKET);
    let edge = edge(&[one.entry("one")], &[("CANDOR_MIRRORS".to_owned(), json!([address]).to_string())]);
    let site = Site::page("", &[]);
    site.set(
        "/",
        Reply::text(&format!(
            "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'><script>
            Object.defineProperty(navigator, 'onLine', {{ value: true }});
            const attach = Element.prototype.attachShadow;
            Element.prototype.attachShadow = function (init) {{ return window.root = attach.call(this, init); }};
            window.text = () => document.querySelector('candor-status') ? root.querySelector('section')?.textContent || '' : '';</script>
            <p>Hello</p><script async src={}></script></html>",
            edge.url("/widget.js")
        )),
    );
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until(
        "what turns to mirrors is here",
        "return performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/mirror.js')) && localStorage.length > 0",
    );
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Check-ins fail","impact":"major","components":{"checkins":"major_outage"},"body":"We look."}));
    follows(&edge, "one");
    edge.kill_hard();
    browser.eval("candor.refresh()");
    browser.until(
        "the banner from the bucket",
        "return text().includes('We look.') && text().includes('not confirmed since')",
    );
    // The page that people read there.
    browser.open(&format!("{address}/index.html"));
    browser.until("the page from the bucket", "return document.body.textContent.includes('We look.')");
}

/// The line with which `docs/backup.md` puts a backup into a bucket, with another address.
#[test]
fn the_line_in_the_documents_puts_a_backup_into_a_bucket() {
    let document = std::fs::read_to_string(paths::root().join("docs/backup.md")).unwrap();
    let block =
        document.split("```\n").find(|block| block.contains("$S3_KEY_ID")).expect("the block is there");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("candor-2026-11-27.ndjson");
    std::fs::write(&file, "{\"end\":{}}\n".repeat(10_000)).unwrap();
    for server in [Server::S3s, Server::Rclone] {
        let s3 = S3::start(server);
        let script = block.replace("/var/backups/candor-2026-11-27.ndjson", file.to_str().unwrap()).replace(
            "https://ACCOUNT.r2.cloudflarestorage.com/BUCKET/",
            &format!("{}/{BUCKET}/", s3.endpoint()),
        );
        assert!(script.contains(&s3.endpoint()) && script.contains(file.to_str().unwrap()), "{script}");
        let run = |secret: &str| {
            let mut command = Command::new("sh");
            command
                .args(["-c", &script])
                .env("S3_KEY_ID", KEY_ID)
                .env("S3_SECRET", secret)
                .env("NO_PROXY", "*");
            command.output().unwrap()
        };
        assert!(!run("another").status.success(), "{server:?} checks signatures");
        assert_eq!(s3.object("candor-2026-11-27.ndjson"), None);
        let output = run(SECRET);
        assert!(output.status.success(), "{server:?}: {}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(s3.object("candor-2026-11-27.ndjson").unwrap().len(), 110_000);
    }
}
