//! Export and restore with the scripts of `examples/backup/`: one worker's page in another worker.

use candor_tests::{Answer, Edge, Key, chapters, paths, sign};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// A page with two outages, everything that operators can send, ids that the worker made, and more than two mebibytes.
fn page() -> Edge {
    let edge = Edge::start();
    edge.set_up_page();
    for story in ["checkin-2010", "marketplace-2010"] {
        for (_, request) in chapters(story) {
            edge.accept(&request);
        }
    }
    edge.accept(&json!([
        {"type":"page.set","time_zone":"Asia/Kolkata","support":"mailto:help@trailmark.example","brand":"#225577"},
        {"type":"template.set","id":"down","body":"We broke {{what}}."},
        {"type":"incident.open","name":"Maps are slow","impact":"minor","components":{"maps":"degraded_performance"},
         "body":{"en":"We are on it.","de":"Wir sind dran."},"next_update_in":"30m"},
        {"type":"maintenance.schedule","name":"Larger disks","body":"We swap disks.","components":["api"],"change":{"kind":"disk"},
         "scheduled_for":"2099-02-01T03:00:00Z","scheduled_until":"2099-02-01T04:00:00Z"},
        {"type":"notice.post","title":"Friday","body":"We talk about it on Friday.","details":"With **coffee**."},
    ]));
    // No loss of uptime today: its ratio would depend on the second in which it is asked for.
    edge.post_as(
        &edge.keys.probe,
        "msg_probe",
        br#"{"type":"component.set","id":"checkins","status":"degraded_performance"}"#,
    )
    .expect(201);
    let long = "Nothing new yet. ".repeat(580);
    for n in 0..20 {
        let updates: Vec<Value> = (0..6)
            .map(|m| json!({"type":"incident.update","status":"investigating","body":format!("{n}.{m} {long}")}))
            .collect();
        edge.accept(&Value::from(updates));
    }
    edge
}

fn script(edge: &Edge, name: &str, argument: &str, path: Option<&Path>) -> Output {
    let mut command = Command::new(paths::root().join("examples/backup").join(name));
    command
        .arg(argument)
        // A slash at its end does no harm.
        .env("CANDOR_URL", edge.url("/"))
        .env("KEY_ID", &edge.keys.ops.id)
        .env("SECRET", &edge.keys.ops.secret)
        .env("NO_PROXY", "*");
    if let Some(path) = path {
        command.env("PATH", format!("{}:{}", path.display(), std::env::var("PATH").unwrap()));
    }
    command.output().unwrap()
}

fn output_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", output_of(output));
    output_of(output)
}

/// A folder with a `curl` that fails after so many calls.
fn failing_curl(folder: &Path, calls: u32) -> PathBuf {
    let bin = folder.join(format!("bin-{calls}"));
    std::fs::create_dir(&bin).unwrap();
    let count = bin.join("count");
    let real = Command::new("sh").args(["-c", "command -v curl"]).output().unwrap().stdout;
    let script = format!(
        "#!/bin/sh\necho call >>'{0}'\n[ \"$(wc -l <'{0}')\" -le {calls} ] || exit 56\nexec {1} \"$@\"\n",
        count.display(),
        String::from_utf8_lossy(&real).trim()
    );
    std::fs::write(bin.join("curl"), script).unwrap();
    std::fs::set_permissions(bin.join("curl"), std::fs::Permissions::from_mode(0o755)).unwrap();
    bin
}

/// Sends a part of an export as this key.
fn restore(edge: &Edge, key: &Key, from: usize, part: &[u8]) -> Answer {
    let headers = sign::webhook(key, &sign::unique_id(), jiff::Timestamp::now(), part);
    edge.send("POST", &format!("/v1/restore?from={from}"), &headers, Some(part))
}

#[track_caller]
fn refused(answer: Answer, status: u16, expected: &str) {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert!(answer.text().contains(expected), "{}", answer.text());
}

const DOCUMENTS: &[&str] = &[
    "/status.json",
    "/bulletin.json?lang=en",
    "/bulletin.json?lang=de",
    "/panel.json?lang=en",
    "/panel.json?lang=de",
    "/metrics.json",
    "/notice.json",
    "/api/v2/summary.json",
    "/api/v2/status.json",
    "/api/v2/components.json",
    "/api/v2/incidents.json",
    "/api/v2/incidents/unresolved.json",
    "/api/v2/scheduled-maintenances.json",
    "/api/v2/scheduled-maintenances/upcoming.json",
    "/api/v2/scheduled-maintenances/active.json",
    "/history.atom",
    "/history.rss",
    "/feed.json",
    "/feed.json?lang=de",
    "/badge.svg",
    "/badge.svg?component=maps",
    "/?lang=en",
    "/?lang=de",
    "/history?lang=en",
    "/history/2010-10?lang=en",
    "/embed?variant=inline&lang=en",
];

/// The paths of all documents.
fn paths_of(edge: &Edge) -> Vec<String> {
    let mut paths: Vec<String> = DOCUMENTS.iter().map(|path| (*path).to_owned()).collect();
    let log = read_log(edge);
    for id in log.split("\"id\":\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        for path in
            [format!("/incidents/{id}"), format!("/maintenances/{id}"), format!("/postmortems/{id}.json")]
        {
            if !paths.contains(&path) && edge.get(&path).status == 200 {
                paths.push(path);
            }
        }
    }
    paths
}

/// A document without the time at which it was rendered, which is the only one after `since`.
fn document(edge: &Edge, path: &str, since: &str) -> String {
    let answer = edge.get(path).expect(200);
    assert_eq!(answer.header("candor-unconfirmed-since"), None, "{path}");
    let mut text = String::new();
    let body = answer.text();
    let mut rest = body.as_str();
    while let Some(at) = rest.find(&since[..8]) {
        let (before, time) = rest.split_at(at);
        text.push_str(before);
        let end = time.find('Z').map_or(time.len(), |end| end + 1);
        let is_now = end <= 24 && time[..end] > *since;
        let (time, after) = time.split_at(if is_now { end } else { 8 });
        text.push_str(if is_now { "NOW" } else { time });
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Both edges give the same document, once both have rendered it within the same minute: pages say how long something has lasted.
#[track_caller]
fn is_the_same(new: &Edge, old: &Edge, path: &str, since: &str) {
    let started = Instant::now();
    loop {
        let (copy, original) = (document(new, path, since), document(old, path, since));
        if copy == original {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(15), "{path}:\n{copy}\n{original}");
        std::thread::sleep(Duration::from_millis(500));
    }
}

fn read_log(edge: &Edge) -> String {
    let (mut path, mut all) = ("/v1/log?limit=100".to_owned(), String::new());
    loop {
        let headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), jiff::Timestamp::now(), b"");
        let page = edge.send("GET", &path, &headers, None).expect(200).json();
        all.push_str(&page["entries"].to_string());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => return all,
        }
    }
}

#[test]
fn a_page_is_restored_in_another_deployment() {
    let old = page();
    let folder = old.folder().to_path_buf();
    let file = folder.join("candor.ndjson");
    let name = file.to_str().unwrap();
    // The network fails after the first part; the next run goes on.
    let broken = script(&old, "backup.sh", name, Some(&failing_curl(&folder, 1)));
    assert!(!broken.status.success() && !file.exists(), "{}", output_of(&broken));
    let printed = succeeded(&script(&old, "backup.sh", name, None));
    assert!(printed.contains("going on after"), "{printed}");
    assert!(printed.contains(&format!("version {},", old.version())), "{printed}");
    // The page knows that it is backed up, and a backup of another page does not count.
    assert_eq!(old.get("/healthz").expect(200).json()["export"]["exported_version"], old.version());
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("candor.ndjson.")), "{left:?}");
    let export = std::fs::read(&file).unwrap();
    assert!(export.len() > 2 << 20, "{} bytes", export.len());
    let text = String::from_utf8(export.clone()).unwrap();
    for key in [&old.keys.ops, &old.keys.probe, &old.keys.signer] {
        let secret = key.secret.split_once('_').unwrap().1;
        assert!(text.contains(&format!("\"id\":\"{}\"", key.id)) && !text.contains(secret));
    }
    assert!(!text.contains(&old.keys.signer.public()));

    let mut new = Edge::start();
    // Interrupted, killed, and gone on with.
    let broken = script(&new, "restore.sh", name, Some(&failing_curl(&folder, 2)));
    assert!(!broken.status.success(), "{}", output_of(&broken));
    new.kill_hard();
    new.restart();
    assert_eq!(new.version(), 0);
    new.get("/status.json").expect(404);
    refused(new.post(&json!({"type":"notice.post","body":"Hello."})), 409, "A restore is under way");
    let printed = succeeded(&script(&new, "restore.sh", name, None));
    assert!(printed.contains("\"done\":true"), "{printed}");

    let since = jiff::Timestamp::now().to_string();
    assert_eq!(new.version(), old.version());
    let paths = paths_of(&old);
    assert!(paths.len() > DOCUMENTS.len() + 4, "with pages of incidents, of maintenance, and post-mortems");
    assert_eq!(paths_of(&new), paths);
    for path in &paths {
        is_the_same(&new, &old, path, &since);
    }
    assert_eq!(new.get("/status.json").header("etag"), old.get("/status.json").header("etag"));
    assert_eq!(read_log(&new), read_log(&old));
    // Both go on alike: the next made-up id is the same.
    let opened = |edge: &Edge| {
        edge.accept(&json!({"type":"incident.open","name":"Next","impact":"minor","body":"b"}))["results"][0]
            ["id"]
            .clone()
    };
    assert_eq!(opened(&new), opened(&old));
    assert_eq!(new.get("/healthz").expect(200).json()["export"], Value::Null);
    let foreign = script(&new, "confirm.sh", name, None);
    assert!(
        !foreign.status.success() && output_of(&foreign).contains("No export of this page"),
        "{}",
        output_of(&foreign)
    );
    let twice = script(&new, "restore.sh", name, None);
    assert!(!twice.status.success() && output_of(&twice).contains("in use"), "{}", output_of(&twice));
}

#[test]
fn what_is_no_whole_export_is_refused() {
    let old = Edge::start();
    old.set_up_page();
    let file = old.folder().join("candor.ndjson");
    succeeded(&script(&old, "backup.sh", file.to_str().unwrap(), None));
    let export = std::fs::read(&file).unwrap();
    let edge = Edge::start();
    let ops = &edge.keys.ops.clone();
    let text = String::from_utf8(export.clone()).unwrap();
    let end = text.rfind("{\"end\"").unwrap();

    // Who may, and how much.
    edge.send("POST", "/v1/restore", &Vec::new(), Some(&export)).expect(401);
    edge.send("GET", "/v1/export", &Vec::new(), None).expect(401);
    refused(restore(&edge, &edge.keys.probe, 0, &export), 403, "operator's key may restore");
    let headers = sign::webhook(&old.keys.probe, &sign::unique_id(), jiff::Timestamp::now(), b"");
    refused(old.send("GET", "/v1/export", &headers, None), 403, "operator's key may export");
    refused(restore(&edge, ops, 0, &vec![b'x'; (1 << 20) + 1]), 413, "1048576 bytes");
    edge.get("/v1/restore").expect(405);
    edge.send("PUT", "/v1/export", &Vec::new(), Some(b"x")).expect(405);
    edge.send("POST", "/v1/export", &Vec::new(), Some(b"x")).expect(401);

    // What.
    refused(restore(&edge, ops, 0, b"{\"type\":\"notice.clear\"}\n"), 422, "first line of an export");
    refused(restore(&edge, ops, 0, text.replacen("API", "APE", 1).as_bytes()), 422, "SHA-256");
    refused(restore(&edge, ops, 5, &export), 409, "from its beginning");
    let headers = sign::webhook(ops, &sign::unique_id(), jiff::Timestamp::now(), b"");
    refused(edge.send("GET", "/v1/export", &headers, None), 404, "nothing to export");
    assert_eq!(edge.version(), 0);

    // A half is nothing, and can be given up.
    restore(&edge, ops, 0, &text.as_bytes()[..end]).expect(200);
    edge.get("/status.json").expect(404);
    refused(edge.post(&json!({"type":"notice.post","body":"Hello."})), 409, "A restore is under way");
    let half = edge.folder().join("half.ndjson");
    std::fs::write(&half, &text[..end]).unwrap();
    let printed = script(&edge, "restore.sh", half.to_str().unwrap(), None);
    assert!(
        !printed.status.success() && output_of(&printed).contains("the end is missing"),
        "{}",
        output_of(&printed)
    );
    succeeded(&script(&edge, "restore.sh", "--abort", None));
    edge.accept(&json!({"type":"notice.post","body":"Hello."}));
    refused(restore(&edge, ops, 0, &export), 409, "in use, at version 1");
    assert_eq!(edge.status()["notice"]["body"], "Hello.");
}
