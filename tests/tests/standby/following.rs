//! What the script hands over to a standby, and what it does not (`examples/standby/follow.sh`).

use crate::pair::{PATIENCE, Pair, built, output_of};
use candor_tests::eventually;
use candor_tests::sign::Key;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use xtask::group::Group;

fn edition(keys: &[&Key]) -> String {
    keys.iter().map(|key| json!({"id": key.id, "secret": key.secret})).collect::<Value>().to_string()
}

/// A new folder of the test.
fn folder(pair: &Pair, name: &str) -> PathBuf {
    let folder = pair.standby.folder().join(name);
    fs::create_dir(&folder).unwrap();
    folder
}

/// Waits until the script has ended by itself, and returns what it wrote.
#[track_caller]
fn failed((mut follow, log): (Group, PathBuf)) -> String {
    let status = follow.ended_within(PATIENCE).unwrap().expect("it ends");
    let written = fs::read_to_string(log).unwrap();
    assert!(!status.success(), "{written}");
    written
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn it_follows_keys_that_a_known_one_vouches_for() {
    let mut pair = Pair::start();
    let state = folder(&pair, "kept");
    let with = [("STATE_DIRECTORY", text(&state))];
    pair.first_page();
    let (old, new, other) =
        (pair.standby.keys.edition.clone(), Key::random_ed25519("2028"), Key::random_ed25519("2029"));
    let following = pair.follow_with(&with);
    pair.is_even();
    for keys in [edition(&[&old, &new]), edition(&[&new, &old]), edition(&[&new])] {
        pair.first.restart_set("CANDOR_EDITION_KEY", &keys);
        pair.accept(&pair.first, &json!({"type":"notice.post","body":format!("{} keys.", keys.len())}));
        pair.is_even();
    }
    // It knows them after a start too, and nobody vouched for this one.
    drop(following);
    let version = pair.standing()["version"].clone();
    pair.first.restart_set("CANDOR_EDITION_KEY", &edition(&[&other]));
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"Whose word is this?"}));
    let written = failed(pair.follow_with(&with));
    assert!(written.contains("not signed by a key that is known: 2029"), "{written}");
    assert_eq!(pair.standing()["version"], version);
}

#[test]
fn nothing_is_handed_over_that_the_page_did_not_sign() {
    let mut pair = Pair::start();
    pair.first_page();
    // The name ends no JSON.
    pair.accept(&pair.first, &json!({"type":"page.set","name":"Trail} mark"}));
    let right = pair.first.get("/.well-known/candor.json").expect(200).text();
    let x = right.split("\"x\":\"").nth(1).unwrap().split('"').next().unwrap();
    let (good, wrong) = (pair.standby.folder().join("good.json"), pair.standby.folder().join("wrong.json"));
    fs::write(&good, &right).unwrap();
    fs::write(&wrong, right.replace(x, &x.chars().rev().collect::<String>())).unwrap();
    let written = failed(pair.follow_with(&[("KEYS", text(&wrong))]));
    assert!(written.contains("not signed by a key that is known"), "{written}");
    assert_eq!(pair.standing()["state"], "empty");
    // A page that has keys and hides what it signed.
    pair.first.restart_set("CANDOR_EDITION_KEY", "");
    let written = failed(pair.follow_with(&[("KEYS", text(&good))]));
    assert!(written.contains("answers 404"), "{written}");
    assert_eq!(pair.standing()["state"], "empty");
    let setting = pair.standby.keys.edition_setting().to_string();
    pair.first.restart_set("CANDOR_EDITION_KEY", &setting);

    // The standby shows something else than what was signed: then nothing more is handed over, after a start neither.
    let state = folder(&pair, "kept");
    let path = pair.lying_curl("bin", &format!("*{}/status.json", pair.standby.url("")), "echo '{}'");
    let with = [("KEYS", text(&good)), ("STATE_DIRECTORY", text(&state))];
    let written = failed(pair.follow_with(&[&with[..], &[("PATH", path.as_str())]].concat()));
    assert!(written.contains("is not what the page has signed"), "{written}");
    let version = pair.standing()["version"].clone();
    assert_eq!(version, pair.first.version());
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"More."}));
    let written = failed(pair.follow_with(&with));
    assert!(written.contains("nothing is handed over"), "{written}");
    assert_eq!(pair.standing()["version"], version);
    fs::remove_file(state.join("refused")).unwrap();
    let _following = pair.follow_with(&with);
    pair.is_even();
}

/// Somebody restores a backup into the standby.
#[test]
fn what_somebody_else_restores_is_left_alone() {
    let pair = Pair::start();
    pair.first_page();
    let export = pair.signed_to(&pair.first, "GET", "/v1/export", "").expect(200).text();
    let half = export.lines().take(3).map(|line| line.len() + 1).sum::<usize>();
    let (begin, rest) = export.split_at(half);
    pair.signed_to(&pair.standby, "POST", "/v1/restore?from=0", begin).expect(200);
    let (_following, log) = pair.follow();
    eventually("the script waits", PATIENCE, || {
        fs::read_to_string(&log).unwrap().contains("somebody else restores").then_some(())
    });
    assert_eq!(pair.standing()["state"], "restoring");
    pair.signed_to(&pair.standby, "POST", &format!("/v1/restore?from={half}"), rest).expect(200);
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"More."}));
    pair.is_even();
}

/// The export with another text in it, and with the hash that belongs to it.
fn forged(export: &str, text: &str, another: &str) -> String {
    let mut lines: Vec<String> = export.lines().map(|line| line.replace(text, another)).collect();
    assert_ne!(lines, export.lines().collect::<Vec<_>>());
    let end = lines.pop().unwrap();
    let before: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let hash = end.split("\"sha256\":\"").nth(1).unwrap().split('"').next().unwrap();
    format!("{before}{}\n", end.replace(hash, &sha256(before.as_bytes())))
}

fn sha256(bytes: &[u8]) -> String {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256", "-r"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()[..64].to_owned()
}

/// Somebody between the script and the page changes what status.json does not show, or hands over what is older than what it shows.
#[test]
fn an_export_that_the_page_did_not_sign_is_not_handed_over() {
    let pair = Pair::start();
    pair.first_page();
    pair.accept(
        &pair.first,
        &json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"It broke."}),
    );
    pair.accept(&pair.first, &json!({"type":"incident.update","incident":"down","body":"We look."}));
    let export = pair.signed_to(&pair.first, "GET", "/v1/export", "").expect(200).text();
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"The page is past what was forged."}));
    let newest = pair.signed_to(&pair.first, "GET", "/v1/export", "").expect(200).text();
    let keys = pair.standby.folder().join("keys.json");
    fs::write(&keys, pair.first.get("/.well-known/candor.json").expect(200).text()).unwrap();
    let unsigned = |export: &str| {
        let (before, jws) = export.rsplit_once(",\"signature\":\"").unwrap();
        format!("{before}{}", jws.split_once('"').unwrap().1)
    };
    let bent = forged(&newest, "It broke.", "All is well.");
    let older = forged(&export, "It broke.", "All is well.");
    for (name, handed_over, expected) in [
        ("bent", bent.clone(), "the signature is that of another export"),
        ("older", older, "the signature is that of another export"),
        ("unsigned", unsigned(&bent), "the page has not signed it"),
        ("genuine but unsigned", unsigned(&newest), "the page has not signed it"),
    ] {
        let file = pair.standby.folder().join(format!("{name}.ndjson"));
        fs::write(&file, handed_over).unwrap();
        let answer = format!("cat '{}' >\"$out\"; : >\"$(dirname \"$out\")/head\"", text(&file));
        let path = pair.lying_curl(name, &format!("*{}/v1/export*", pair.first.url("")), &answer);
        let written = failed(pair.follow_with(&[("KEYS", text(&keys)), ("PATH", path.as_str())]));
        assert!(written.contains(expected), "{name}: {written}");
        assert_eq!(pair.standing()["state"], "empty", "{name}");
    }
    // A restore by hand looks as well, if it is told the keys.
    let file = pair.standby.folder().join("bent.ndjson");
    let mut restore = Command::new(built("backup/restore.sh"));
    restore.arg(&file).env("CANDOR_URL", pair.standby.url("")).env("KEYS", &keys);
    let refused = output_of(&pair.environment(&mut restore).output().unwrap());
    assert!(refused.contains("the signature is that of another export"), "{refused}");
    assert_eq!(pair.standing()["state"], "empty");
    let _following = pair.follow_with(&[("KEYS", text(&keys))]);
    pair.is_even();
}

/// The document in which the old key still stood comes once more. It was signed by a key that is known.
#[test]
fn a_key_that_was_taken_away_is_not_learned_again() {
    let mut pair = Pair::start();
    pair.first_page();
    let (old, new) = (pair.standby.keys.edition.clone(), Key::random_ed25519("2028"));
    let state = folder(&pair, "kept");
    let with = [("STATE_DIRECTORY", text(&state))];
    let mut replayed = String::new();
    for keys in [edition(&[&old, &new]), edition(&[&new, &old]), edition(&[&new])] {
        pair.first.restart_set("CANDOR_EDITION_KEY", &keys);
        pair.accept(&pair.first, &json!({"type":"notice.post","body":format!("{} keys.", keys.len())}));
        let document = pair.first.get("/signed/.well-known/candor.json").expect(200).text();
        let following = pair.follow_with(&with);
        pair.is_even();
        drop(following);
        if keys != edition(&[&new]) {
            replayed = document;
        }
    }
    let known = || fs::read_to_string(state.join("keys.json")).unwrap();
    assert!(known().contains("\"kid\":\"2028\"") && !known().contains("\"kid\":\"2027\""), "{}", known());
    let file = pair.standby.folder().join("replayed");
    fs::write(&file, replayed).unwrap();
    let answer = format!("cat '{}' >\"$out\"; printf 200", text(&file));
    let asked = format!("*{}/signed/.well-known/candor.json", pair.first.url(""));
    let path = pair.lying_curl("bin", &asked, &answer);
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"Once more."}));
    let _following = pair.follow_with(&[&with[..], &[("PATH", path.as_str())]].concat());
    pair.is_even();
    assert!(known().contains("\"kid\":\"2028\"") && !known().contains("\"kid\":\"2027\""), "{}", known());
}

/// The page's name leads to the standby before that is promoted: it is not confirmed by itself.
#[test]
fn a_standby_that_finds_itself_says_so() {
    let pair = Pair::start();
    pair.first_page();
    let (following, _) = pair.follow();
    pair.is_even();
    drop(following);
    let before = pair.standing()["confirmed_at"].clone();
    let (_following, log) = pair.follow_from(&pair.standby, &[]);
    eventually("the script says so", PATIENCE, || {
        fs::read_to_string(&log).unwrap().contains("it leads to its standby").then_some(())
    });
    assert_eq!(pair.standing()["confirmed_at"], before);
    eventually("the standby says that it is unconfirmed", PATIENCE, || {
        pair.standby.get("/status.json").header("candor-unconfirmed-since").map(|_| ())
    });
}
