//! Reads: caches, other origins, and the answers when the object or the settings are broken.

use candor_tests::{Edge, Settings, eventually, paths};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

fn header(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), value.to_owned())]
}

#[test]
fn the_status_is_cached_by_etag_and_open_to_every_origin() {
    let edge = Edge::start();
    let empty = edge.get("/status.json").expect(404);
    assert_eq!(empty.header("content-type"), Some("application/problem+json"));
    assert_eq!(
        empty.header("access-control-allow-origin"),
        Some("*"),
        "a script on another origin can read the problem"
    );

    edge.set_up_page();
    let answer = edge.get("/status.json").expect(200);
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    assert_eq!(
        answer.header("cache-control"),
        Some("public, max-age=5, stale-while-revalidate=30, stale-if-error=86400")
    );
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let etag = answer.header("etag").expect("an ETag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 4, "{etag} is strong");

    for matching in [etag.clone(), format!("\"other\", {etag}"), format!("W/{etag}"), "*".to_owned()] {
        let not_modified =
            edge.send("GET", "/status.json", &header("if-none-match", &matching), None).expect(304);
        assert!(not_modified.body.is_empty());
        assert_eq!(not_modified.header("etag"), Some(etag.as_str()), "{matching}");
        assert!(not_modified.header("cache-control").is_some());
        assert_eq!(not_modified.header("access-control-allow-origin"), Some("*"));
    }
    edge.send("GET", "/status.json", &header("if-none-match", "\"other\""), None).expect(200);

    let head = edge.send("HEAD", "/status.json", &Vec::new(), None).expect(200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("etag"), Some(etag.as_str()));

    let options = edge.send("OPTIONS", "/status.json", &header("origin", "https://example.com"), None);
    assert!(options.status == 204 || options.status == 200);
    assert_eq!(options.header("access-control-allow-origin"), Some("*"));
    assert!(options.header("access-control-allow-methods").is_some_and(|methods| methods.contains("GET")));
    edge.send("OPTIONS", "/healthz", &header("origin", "https://example.com"), None).expect(204);
    assert_eq!(edge.get("/healthz").header("access-control-allow-origin"), Some("*"));

    // An update changes the ETag at once.
    edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    let next = edge.send("GET", "/status.json", &header("if-none-match", &etag), None).expect(200);
    assert_ne!(next.header("etag"), Some(etag.as_str()));
    assert_eq!(next.json()["notice"]["body"], "Hello");
}

#[test]
fn hashed_widget_files_are_immutable_and_the_loader_is_not() {
    let edge = Edge::start();
    let loader = edge.get("/widget.js").expect(200);
    let cache = loader.header("cache-control").unwrap();
    assert!(cache.starts_with("public, max-age=300, s-maxage=5,") && !cache.contains("immutable"), "{cache}");
    let mut folders = std::fs::read_dir(paths::assets().join("candor")).unwrap().flatten();
    let folder = folders.next().expect("the folder of this build").path();
    assert!(folders.next().is_none(), "there is only the folder of this build");
    let hash = folder.file_name().unwrap().to_str().unwrap();
    assert!(loader.text().contains(hash), "the loader names {hash}");
    let mut seen = Vec::new();
    for file in std::fs::read_dir(&folder).unwrap().flatten() {
        let name = format!("{hash}/{}", file.file_name().into_string().unwrap());
        let answer = edge.get(&format!("/candor/{name}")).expect(200);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        if name.ends_with(".wasm") {
            assert_eq!(
                answer.header("content-type"),
                Some("application/wasm"),
                "otherwise browsers do not compile it while it streams"
            );
        }
        seen.push(file.file_name().into_string().unwrap());
    }
    for part in ["element.js", "widget.js", "widget.wasm"] {
        assert!(seen.iter().any(|name| name == part), "{seen:?}");
    }
}

/// A configuration of the built worker with an object that always fails.
fn config_with_broken_object(folder: &Path) -> std::path::PathBuf {
    let built = paths::candor().join("edge/entry.js");
    let entry = folder.join("broken.mjs");
    std::fs::write(
        &entry,
        format!(
            "export {{ default }} from {};\n\
             import {{ DurableObject }} from 'cloudflare:workers';\n\
             export class StatusPage extends DurableObject {{\n\
               fetch() {{ throw new Error('the object is broken by the test'); }}\n\
             }}\n",
            json!(built)
        ),
    )
    .unwrap();
    let config = std::fs::read_to_string(paths::root().join("edge/wrangler.toml")).unwrap();
    let main = "main = \"../target/candor/edge/entry.js\"";
    assert!(config.contains(main));
    let path = folder.join("broken.toml");
    std::fs::write(&path, config.replace(main, &format!("main = {}", json!(entry)))).unwrap();
    path
}

#[test]
fn the_last_known_good_copy_is_marked_unconfirmed() {
    let mut edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Check-ins are failing","impact":"major",
        "components":{"checkins":"major_outage"},"body":"We broke check-ins."}));
    let good = edge.status();
    // The worker writes the copy after the answer, so the runtime may have ended before. In that case a read from the
    // object writes the copy again.
    let broken = config_with_broken_object(edge.folder());
    let answer = eventually("the copy", Duration::from_secs(60), || {
        edge.restart_with(Some(&broken));
        // The data centre's cache outlives the restart, and for five seconds what it has is current.
        let answer = eventually("what is cached is old", Duration::from_secs(20), || {
            let answer = edge.get("/status.json");
            let current = answer.status == 200 && answer.header("candor-unconfirmed-since").is_none();
            (!current).then_some(answer)
        });
        if answer.status == 200 && answer.json()["version"] == good["version"] {
            return Some(answer);
        }
        edge.restart_with(None);
        edge.get("/status.json").expect(200);
        None
    });

    let since = answer
        .header("candor-unconfirmed-since")
        .expect("the header with the time of the last confirmation")
        .to_owned();
    let mut copy = answer.json();
    assert_eq!(
        copy["unconfirmed_since"], since,
        "the same time as a field, for clients that cannot read headers"
    );
    assert!(since.parse::<jiff::Timestamp>().is_ok(), "{since}");
    copy.as_object_mut().unwrap().remove("unconfirmed_since");
    assert_eq!(copy, good, "the copy is the newest version");

    // The worker refuses an update that it cannot store.
    let refused = edge.post(&json!({"type":"notice.post","body":"Hello"}));
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert!(refused.header("retry-after").is_some());

    // With a working object, the status is confirmed again.
    edge.restart();
    let back = edge.get("/status.json").expect(200);
    assert_eq!(back.header("candor-unconfirmed-since"), None);
    assert_eq!(back.json(), good);
}

#[test]
fn a_wrong_setting_is_named_in_the_answer_and_in_the_log() {
    let secret = "whsec_dGhpcyBpcyBub3Qgc2VjcmV0";
    let wrong = [
        ("CANDOR_KEYS", "not json".to_owned()),
        ("CANDOR_KEYS", format!(r#"[{{"id":"ops","secret":"{secret}","role":"king"}}]"#)),
        ("CANDOR_KEYS", String::new()),
    ];
    for (name, keys) in wrong {
        let edge = Edge::with(&Settings { keys: Some(keys.clone()), ..Settings::default() });
        for answer in [edge.get("/healthz"), edge.post(&json!({"type":"page.set","name":"x"}))] {
            assert_eq!(answer.status, 503, "{keys}: {}", answer.text());
            assert!(answer.text().contains(name), "{keys}: {}", answer.text());
            assert!(!answer.text().contains(secret), "the answer contains a secret");
        }
        eventually("the log names the setting", Duration::from_secs(10), || {
            edge.log().contains(name).then_some(())
        });
        assert!(!edge.log().contains(secret), "the log contains a secret");
    }
}

#[test]
fn a_key_over_its_rate_limit_gets_429_with_retry_after() {
    let edge = Edge::with(&Settings {
        more: vec![("CANDOR_WRITES_PER_MINUTE".to_owned(), "5".to_owned())],
        ..Settings::default()
    });
    let answers: Vec<_> =
        (0..8).map(|n| edge.post(&json!({"type":"page.set","name":format!("Name {n}")}))).collect();
    let refused = answers.iter().find(|answer| answer.status == 429).expect("a request over the limit");
    let wait: u64 = refused.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    let accepted = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(edge.version(), u64::try_from(accepted).unwrap());
    // Each key has its own limit.
    let update = json!({"type":"page.set","name":"Other"}).to_string();
    edge.post_as(&edge.keys.signer, "msg_other", update.as_bytes()).expect(201);
}
