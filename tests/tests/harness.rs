//! Tests of the harness itself.

use candor_tests::{Browser, Edge, Session, Site, eventually};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;
use xtask::group::Group;

/// The page has a closed shadow root, as the widget does, and loads a script from another origin.
#[test]
fn the_browser_sees_closed_shadow_roots_the_network_and_the_console() {
    let other = Site::files(&[("/other.js", "document.title = 'loaded'")], &[]);
    let page = Site::page(
        &format!(
            "<!doctype html><title>…</title><div id=host></div><script async src={}></script>
            <script>
              const root = document.getElementById('host').attachShadow({{ mode: 'closed' }});
              root.innerHTML = '<p>inside</p>';
              setTimeout(() => {{ throw new Error('escaped'); }});
            </script>",
            other.url("/other.js")
        ),
        &[("content-security-policy", "img-src 'none'")],
    );
    let browser = Browser::start();
    browser.open(&page.url("/"));
    browser.until("the script from the other origin runs", "return document.title === 'loaded'");
    assert_eq!(browser.eval("return document.getElementById('host').shadowRoot"), serde_json::Value::Null);
    assert_eq!(browser.eval_in_shadow("#host", "return root.querySelector('p').textContent"), "inside");
    assert_eq!(browser.eval_in_shadow("#nobody", "return 1"), serde_json::Value::Null);

    let script = browser.requests().into_iter().find(|request| request.url == other.url("/other.js"));
    assert_eq!(script.expect("the network log has the request").status, Some(200));
    assert!(browser.console().iter().any(|line| line.starts_with("SEVERE") && line.contains("escaped")));

    browser.size(360, 640);
    browser.prefers(&[("prefers-color-scheme", "dark")]);
    assert_eq!(browser.eval("return innerWidth"), 360);
    assert_eq!(browser.eval("return matchMedia('(prefers-color-scheme: dark)').matches"), true);
    browser.eval("document.body.innerHTML = '<img src=/x.png>'");
    browser.until("the policy's refusal", "return true");
}

/// `Drop` does not run in a process that is killed. The test starts itself again in another process and kills that.
#[test]
fn a_killed_run_leaves_no_process_behind() {
    const ROLE: &str = "CANDOR_TEST_IS_KILLED";
    const ALL_RUN: &str = "everything runs";
    if std::env::var_os(ROLE).is_some() {
        let _all = (Edge::start(), Browser::start(), Session::firefox());
        #[cfg(target_os = "linux")]
        let _webkit = Session::webkit();
        println!("{ALL_RUN}");
        std::thread::sleep(Duration::from_secs(120));
        return;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "a_killed_run_leaves_no_process_behind", "--nocapture"]);
    command.env(ROLE, "1").stdin(Stdio::null()).stdout(Stdio::piped());
    let mut run = Group::spawn(&mut command).unwrap();
    let mut lines = BufReader::new(run.stdout().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains(ALL_RUN)), "the run ended early");

    let started = started_by(run.program());
    let mut expected = vec!["workerd", "chromedriver", "chrom", "geckodriver", "firefox"];
    if cfg!(target_os = "linux") {
        expected.extend(["WebKitWebDriver", "MiniBrowser", "WebKitWebProces", "Xvfb"]);
    }
    for program in expected {
        assert!(started.values().any(|name| name.contains(program)), "{program} is not in {started:#?}");
    }
    kill(Pid::from_raw(run.program().try_into().unwrap()), Signal::SIGKILL).unwrap();
    eventually("every process that the run has started ends", Duration::from_secs(8), || {
        let mut left = processes();
        left.retain(|id, (_, name)| started.get(id) == Some(name));
        println!("left: {left:?}");
        left.is_empty().then_some(())
    });
}

/// The running processes by id, each with its parent's id and its program's name.
fn processes() -> BTreeMap<u32, (u32, String)> {
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid=,stat=,comm="]).output().unwrap();
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    let process = |line: &str| {
        let mut words = line.split_whitespace();
        let (id, parent) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        // A zombie is not running.
        let runs = !words.next()?.starts_with('Z');
        runs.then(|| (id, (parent, words.collect::<Vec<_>>().join(" "))))
    };
    list.lines().filter_map(process).collect()
}

/// The descendants of a process.
fn started_by(process: u32) -> BTreeMap<u32, String> {
    let all = processes();
    let mut found = BTreeMap::new();
    let mut parents = vec![process];
    while let Some(parent) = parents.pop() {
        for (id, (parent_id, name)) in &all {
            if *parent_id == parent {
                found.insert(*id, name.clone());
                parents.push(*id);
            }
        }
    }
    found
}
