//! Runs tests in parallel, each in a process of its own, so that files with few tests leave no core idle, a test that
//! hangs or crashes does not affect others, and the time of each test is known.
//!
//! Browsers and runtimes that share two cores with those of other tests are sometimes slower than a test is patient. So what has failed runs
//! once more when all others have ended; what passes then is named as unsteady, and is no failure.

use crate::process;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use xtask::group::Group;
use xtask::{node, paths};

/// How many tests run at a time. Most of the time a test waits for a browser or a runtime, which use the same cores.
const AT_A_TIME: usize = 4;
/// The files whose tests wait for limits to pass and use hardly any processor: some of them run beside the others.
const WAITING: [&str; 1] = ["faults"];
const WAITING_AT_A_TIME: usize = 2;
/// The files with the tests that take minutes, which begin first on a machine that does not know the times of any.
const SLOWEST: [&str; 3] = ["dev", "openapi", "durability"];
/// The longest, which sends thousands of requests, took seven minutes on a machine with much else to do.
const LIMIT: Duration = Duration::from_secs(1_200);

pub(super) struct Case {
    pub(super) file: String,
    pub(super) name: String,
    pub(super) program: PathBuf,
    /// Whether workers run on workerd alone. Otherwise the environment decides.
    pub(super) standalone: bool,
}

impl Case {
    fn title(&self) -> String {
        let place = if self.standalone { " on workerd alone" } else { "" };
        format!("{} {}{place}", self.file, self.name)
    }

    /// Runs the test with its output in a log. The inner error is the reason and the log's path.
    fn run(&self) -> Result<Result<(), (String, PathBuf)>> {
        let title = self.title().replace(|c: char| !c.is_alphanumeric(), "-");
        let path = paths::logs().join("tests").join(format!("{title}.log"));
        fs::create_dir_all(paths::logs().join("tests"))?;
        let log = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut command = Command::new(&self.program);
        command.args(["--exact", &self.name]).current_dir(paths::root().join("tests"));
        command.env("PATH", node::path()?);
        if self.standalone {
            command.env("CANDOR_TEST_RUNTIME", "workerd");
        }
        let command = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut group = Group::spawn(command).with_context(|| format!("cannot run {}", self.title()))?;
        Ok(match group.ended_within(LIMIT)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err((status.to_string(), path)),
            None => Err((format!("did not end within {} s", LIMIT.as_secs()), path)),
        })
    }
}

/// Runs all tests, the slowest of the last run first.
pub(super) fn run(mut cases: Vec<Case>) -> Result<()> {
    let file = paths::candor().join("test-times.json");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let mut times: BTreeMap<String, f64> = serde_json::from_str(&text).unwrap_or_default();
    // New tests count as the slowest. Sorted ascending, because workers take from the end.
    let time = |case: &Case| times.get(&case.title()).copied().unwrap_or(f64::INFINITY);
    let is_slow = |case: &Case| SLOWEST.contains(&case.file.as_str());
    cases.sort_by(|a, b| time(a).total_cmp(&time(b)).then(is_slow(a).cmp(&is_slow(b))));
    let all = cases.len();
    let (waiting, busy): (Vec<_>, Vec<_>) =
        cases.into_iter().partition(|case| WAITING.contains(&case.file.as_str()));
    let (waiting, busy) = (Mutex::new(waiting), Mutex::new(busy));
    let (ended, failed) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let take = |queue: &Mutex<Vec<Case>>| queue.lock().ok().and_then(|mut queue| queue.pop());
    let worker = |next: &dyn Fn() -> Option<Case>| -> Result<()> {
        while let Some(case) = next() {
            let started = Instant::now();
            let result = case.run()?;
            let seconds = started.elapsed().as_secs_f64();
            let Ok(mut ended) = ended.lock() else { break };
            ended.push((case.title(), seconds));
            let word = if result.is_ok() { "ok" } else { "FAILED" };
            println!("  {word:<6} {:>6.1} s  {}/{all} {}", seconds, ended.len(), case.title());
            if let Err((why, log)) = result {
                process::show_tail(&log, 40);
                println!("  {}: {why}; its whole output is in {}", case.title(), log.display());
                drop(ended);
                let Ok(mut failed) = failed.lock() else { break };
                failed.push(case);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let (worker, take, busy, waiting) = (&worker, &take, &busy, &waiting);
        let any = move || worker(&|| take(busy).or_else(|| take(waiting)));
        let beside = move || worker(&|| take(waiting));
        let mut workers: Vec<_> = (0..AT_A_TIME).map(|_| scope.spawn(any)).collect();
        workers.extend((0..WAITING_AT_A_TIME).map(|_| scope.spawn(beside)));
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| bail!("a thread that runs tests panicked: its message is above"))
        })
    })?;
    let ended = ended.into_inner().unwrap_or_default();
    times.extend(ended);
    fs::write(&file, serde_json::to_string_pretty(&times)?)?;
    let (failed, unsteady) = again(failed.into_inner().unwrap_or_default())?;
    if !unsteady.is_empty() {
        println!("  unsteady: failed at first, and passed alone: {}", unsteady.join(", "));
    }
    if !failed.is_empty() {
        bail!("{} of {all} tests failed: {}", failed.len(), failed.join(", "));
    }
    println!("  {all} tests passed");
    Ok(())
}

/// The most tests that run once more: if more have failed, that is not because the machine was busy.
const AGAIN: usize = 5;

/// Runs what has failed once more, one test at a time. Returns what failed again, and what did not.
fn again(failed: Vec<Case>) -> Result<(Vec<String>, Vec<String>)> {
    if failed.len() > AGAIN {
        return Ok((failed.iter().map(Case::title).collect(), Vec::new()));
    }
    let (mut still, mut unsteady) = (Vec::new(), Vec::new());
    for case in failed {
        let well = case.run()?.is_ok();
        println!("  {:<6} again, alone: {}", if well { "ok" } else { "FAILED" }, case.title());
        if well { &mut unsteady } else { &mut still }.push(case.title());
    }
    Ok((still, unsteady))
}
