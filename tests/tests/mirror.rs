//! `examples/mirror`: a mirror takes what the page signed and nothing else, and anybody can check what it holds.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use candor_tests::sign::Key;
use candor_tests::{Edge, Reply, Settings, Site, eventually, paths};
use serde_json::json;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

const NAMES: [&str; 7] = [
    "/.well-known/candor.json",
    "/status.json",
    "/bulletin.json",
    "/history.atom",
    "/history.rss",
    "/feed.json",
    "/bulletin.json?lang=de",
];

fn script(name: &str, arguments: &[&str]) -> Output {
    Command::new(paths::root().join("examples/mirror").join(name))
        .args(arguments)
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .output()
        .expect("the scripts can be run")
}

/// Where a mirror holds a document.
fn file(folder: &Path, name: &str) -> PathBuf {
    let name = match name.split_once("?lang=") {
        Some((name, language)) => format!("{language}{name}"),
        None => name.trim_start_matches('/').to_owned(),
    };
    folder.join("signed").join(name)
}

/// A page behind a server that can hand over something else.
struct Page {
    edge: Edge,
    site: Site,
    folder: PathBuf,
}

impl Page {
    fn start() -> Self {
        let edge = Edge::start();
        let site = Site::files(&[], &[]);
        edge.set_up_page();
        edge.accept(&json!({"type":"page.set","url":site.url("")}));
        let folder = edge.folder().join("mirror");
        Self { edge, site, folder }
    }

    /// Hands over what the page has now, and returns it.
    fn relay(&self) -> [String; NAMES.len()] {
        let signed = NAMES.map(|name| self.signed(name));
        for (name, signed) in NAMES.iter().zip(&signed) {
            self.site.set(&format!("/signed{name}"), Reply::text(signed));
        }
        let keys = self.edge.get("/.well-known/candor.json").expect(200).body;
        self.site.set("/.well-known/candor.json", Reply::File(keys));
        signed
    }

    fn signed(&self, name: &str) -> String {
        self.edge.get(&format!("/signed{name}")).expect(200).text()
    }

    fn mirror(&self) -> Output {
        script("mirror.sh", &[&self.site.url(""), self.folder.to_str().unwrap(), "de"])
    }

    #[track_caller]
    fn takes_everything(&self) {
        let given = self.relay();
        let output = self.mirror();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for (name, given) in NAMES.iter().zip(given) {
            assert_eq!(self.held(name), given, "{name}");
        }
    }

    fn held(&self, name: &str) -> String {
        std::fs::read_to_string(file(&self.folder, name)).unwrap_or_default()
    }

    /// What `verify.sh` says of a text, by the keys that the mirror holds.
    fn verify(&self, text: &str, name: &str) -> Output {
        let held = self.edge.folder().join("held");
        std::fs::write(&held, text).unwrap();
        let keys = self.folder.join(".well-known/candor.json");
        script("verify.sh", &[held.to_str().unwrap(), keys.to_str().unwrap(), &self.site.url(""), name])
    }
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.contains(why), "{why}: {errors}");
}

#[test]
fn a_mirror_holds_what_the_page_signed() {
    let page = Page::start();
    // A document of many texts is long.
    let body = "We broke check-ins – überall. ".repeat(200);
    let open = |number: usize| json!({"type":"incident.open","id":format!("down-{number}"),"name":"Down","impact":"major","body":body});
    page.edge.accept(&(0..6).map(open).collect());
    page.takes_everything();
    page.takes_everything();
    for name in NAMES {
        let output = page.verify(&page.held(name), name);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, page.edge.get(name).expect(200).body, "{name}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("\"signed_at\":\"2"), "{name}");
    }
    let left: Vec<_> =
        std::fs::read_dir(&page.folder).unwrap().flatten().map(|one| one.file_name()).collect();
    assert_eq!(left.len(), 2, "only what it publishes: {left:?}");

    page.edge.accept(&json!({"type":"notice.post","body":"We move."}));
    page.takes_everything();
    assert!(
        String::from_utf8_lossy(&page.verify(&page.held("/status.json"), "/status.json").stdout)
            .contains("We move.")
    );
}

#[test]
fn a_mirror_takes_nothing_else() {
    let page = Page::start();
    page.takes_everything();
    let name = "/status.json";
    let older = page.held(name);
    page.edge.accept(&json!({"type":"notice.post","body":"We move."}));
    page.takes_everything();
    let good = page.held(name);

    // The same key, but another page.
    let more = vec![("CANDOR_EDITION_KEY".to_owned(), page.edge.keys.edition_setting().to_string())];
    let other = Edge::with(&Settings { more, ..Settings::default() });
    other.set_up_page();
    let foreign = other.get("/signed/status.json").expect(200).text();
    // The same page and the same name of the key, but another key.
    let forger = Edge::start();
    forger.accept(&json!({"type":"page.set","name":"Trailmark","url":page.site.url("")}));
    let forged = forger.get("/signed/status.json").expect(200).text();

    let parts: Vec<&str> = good.split('.').collect();
    let swap = |part: &str| part.replace(&part[30..31], if &part[30..31] == "A" { "B" } else { "A" });
    let [header, payload, signature] = [swap(parts[0]), swap(parts[1]), swap(parts[2])];
    let not_known = "not signed by a key that is known";
    for (copy, why) in [
        (format!("{}.{payload}.{}", parts[0], parts[2]), not_known),
        (format!("{header}.{}.{}", parts[1], parts[2]), "not a signed document"),
        (format!("{}.{}.{signature}", parts[0], parts[1]), not_known),
        (forged, not_known),
        (foreign, "signed as something else"),
        (page.signed("/bulletin.json"), "signed as something else"),
        (format!("{good}\n{good}"), "not a signed document"),
        (page.edge.get(name).text(), "not a signed document"),
        (format!("{}.{}.", parts[0], parts[1]), "not a signed document"),
        (String::new(), "not a signed document"),
    ] {
        refused(&page.verify(&copy, name), why);
        page.site.set("/signed/status.json", Reply::text(&copy));
        refused(&page.mirror(), why);
        assert_eq!(page.held(name), good, "{why}");
    }
    // What is older is well signed.
    assert!(page.verify(&older, name).status.success());
    page.site.set("/signed/status.json", Reply::text(&older));
    refused(&page.mirror(), "older than what is here");
    page.site.set("/signed/status.json", Reply::Status(503));
    refused(&page.mirror(), "not there");
    assert_eq!(page.held(name), good);

    // One document that is refused does not hold up the others.
    page.edge.accept(&json!({"type":"notice.post","body":"We have moved."}));
    page.relay();
    page.site.set("/signed/status.json", Reply::text(&older));
    let bulletin = page.held("/bulletin.json");
    refused(&page.mirror(), "older than what is here");
    assert_ne!(page.held("/bulletin.json"), bulletin);
}

/// There is one way to read a header, with the true key too, and what nobody has verified writes nothing to a terminal.
#[test]
fn only_a_plain_header_is_believed() {
    let page = Page::start();
    page.takes_everything();
    let (name, url) = ("/status.json", page.site.url(""));
    let held = page.held(name);
    let header = held.split('.').next().unwrap();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let its_page = format!("\"page\":\"{url}\"");
    assert!(header.contains("\"alg\":\"EdDSA\"") && header.contains(&its_page), "{header}");
    let key = &page.edge.keys.edition;
    let verify = |header: &str| page.verify(&key.jws(header, "{}"), name);
    assert!(verify(&header).status.success());
    // An address that has a slash at its end is the same page.
    assert!(verify(&header.replace(&its_page, &format!("\"page\":\"{url}/\""))).status.success());
    let other = header.replace(&its_page, "\"page\":\"https://other.example\"");
    for wrong in [
        header.replace("EdDSA", "none"),
        header.replace("EdDSA", "HS256"),
        header.replace("\"alg\":\"EdDSA\",", ""),
        header.replacen('{', "{\"crit\":[\"exp\"],", 1),
        header.replacen('{', &format!("{{{its_page},"), 1),
        other.replace('}', &format!(",\"x\":{{{its_page}}}}}")),
        other.replace('}', &format!(",\"x\":\"\\\"{its_page}\"}}")),
        format!("{header}\n{header}"),
    ] {
        let output = verify(&wrong);
        assert!(!output.status.success() && output.stdout.is_empty(), "{wrong}");
    }
    let stranger = Key::random_ed25519("\x1b[31m");
    let output = page.verify(&stranger.jws(&header.replace(&key.id, &stranger.id), "{}"), name);
    assert!(!output.status.success() && !output.stderr.contains(&0x1b), "{output:?}");
}

#[test]
fn a_first_run_keeps_no_keys_that_do_not_sign() {
    let page = Page::start();
    page.relay();
    let stranger = Edge::start();
    stranger.set_up_page();
    let stranger = stranger.get("/.well-known/candor.json").expect(200).text();
    for named in ["<html>Sign in</html>", r#"{"schema":1,"keys":[],"mirrors":[]}"#, &stranger] {
        page.site.set("/.well-known/candor.json", Reply::text(named));
        assert!(!page.mirror().status.success(), "{named}");
    }
    // What an earlier script has kept.
    std::fs::write(page.folder.join(".well-known/candor.json"), "<html>Sign in</html>").unwrap();
    page.takes_everything();
}

#[test]
fn a_mirror_that_is_ended_leaves_nothing_behind() {
    let page = Page::start();
    page.takes_everything();
    page.site.set("/signed/status.json", Reply::Silence);
    let names = || -> Vec<_> {
        std::fs::read_dir(&page.folder).unwrap().flatten().map(|one| one.file_name()).collect()
    };
    let mut mirror = Command::new(paths::root().join("examples/mirror/mirror.sh"))
        .args([&page.site.url(""), page.folder.to_str().unwrap()])
        .envs([("NO_PROXY", "*"), ("no_proxy", "*")])
        .process_group(0)
        .spawn()
        .unwrap();
    eventually("it waits", Duration::from_secs(20), || (names().len() == 3).then_some(()));
    let group = format!("-{}", mirror.id());
    assert!(Command::new("kill").args(["-TERM", "--", &group]).status().unwrap().success());
    assert!(!mirror.wait().unwrap().success());
    assert_eq!(names().len(), 2, "only what it publishes: {:?}", names());
}

#[test]
fn a_mirror_follows_keys_that_a_known_one_vouches_for() {
    let mut page = Page::start();
    page.takes_everything();
    let entry = |key: &Key| json!({"id": key.id, "secret": key.secret});
    let (old, new) = (page.edge.keys.edition.clone(), Key::random_ed25519("2028"));
    for keys in [json!([entry(&old), entry(&new)]), json!([entry(&new)])] {
        page.edge.restart_set("CANDOR_EDITION_KEY", &keys.to_string());
        page.takes_everything();
    }
    // Nobody vouched for this one.
    page.edge.restart_set("CANDOR_EDITION_KEY", &json!([entry(&Key::random_ed25519("2029"))]).to_string());
    page.relay();
    let good = page.held("/status.json");
    refused(&page.mirror(), "not signed by a key that is known: 2029");
    assert_eq!(page.held("/status.json"), good);
    // A key that was pinned is not replaced by what the page says of itself.
    let pinned = page.folder.join(".well-known/candor.json");
    assert!(std::fs::read_to_string(&pinned).unwrap().contains("2028"));
    std::fs::remove_file(pinned).unwrap();
    page.takes_everything();
}
