//! Runs other programs: writes their output to a log, and shows the end of the log if they fail.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use xtask::group::Group;
use xtask::paths;

/// How often a running step prints its progress if the output is not a terminal.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Runs a step with its output in a log, and prints how long it took. If it fails, prints the end of the log and returns
/// an error with the step's name.
pub(crate) fn step(name: &str, command: &mut Command) -> Result<Duration> {
    let (took, result) = logged(name, command)?;
    match result {
        Ok(_) => Ok(took),
        Err(log) => {
            show_tail(&log, 60);
            bail!("{name} failed; its whole output is in {}", log.display())
        }
    }
}

/// As [`step`], but returns the log's path, because the caller can explain some failures better.
pub(crate) fn logged(name: &str, command: &mut Command) -> Result<(Duration, Result<PathBuf, PathBuf>)> {
    fs::create_dir_all(paths::logs())?;
    let log_path = paths::logs().join(format!("{}.log", name.replace(|c: char| !c.is_alphanumeric(), "-")));
    let log = File::create(&log_path).with_context(|| format!("cannot write {}", log_path.display()))?;
    let progress = Progress::start(name);
    let mut group = Group::spawn(command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log))
        .with_context(|| format!("{name}: cannot run {}", command.get_program().to_string_lossy()))?;
    let status = loop {
        if let Some(status) = group.ended()? {
            break status;
        }
        progress.tick();
        std::thread::sleep(Duration::from_millis(40));
    };
    let took = progress.end(status.success());
    Ok((took, if status.success() { Ok(log_path) } else { Err(log_path) }))
}

/// The last lines of a log, on stderr.
pub(crate) fn show_tail(log: &PathBuf, lines: usize) {
    let text = fs::read_to_string(log).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let skip = all.len().saturating_sub(lines);
    if skip > 0 {
        eprintln!("    … {skip} earlier lines");
    }
    for line in all.into_iter().skip(skip) {
        eprintln!("    {line}");
    }
}

/// Runs a program and returns its standard output, or `None` if it fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

thread_local! {
    static BACKGROUND: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// From now on, the steps of this thread print only their result, because another thread shows its progress.
pub(crate) fn in_background() {
    BACKGROUND.set(true);
}

struct Progress {
    name: String,
    started: Instant,
    printed: std::cell::Cell<Instant>,
    terminal: bool,
    silent: bool,
}

impl Progress {
    fn start(name: &str) -> Self {
        let now = Instant::now();
        let (terminal, silent) = (std::io::stdout().is_terminal(), BACKGROUND.get());
        if terminal && !silent {
            print!("{name} …");
            let _ = std::io::stdout().flush();
        }
        Self { name: name.to_owned(), started: now, printed: std::cell::Cell::new(now), terminal, silent }
    }

    fn tick(&self) {
        let every = if self.terminal { Duration::from_secs(1) } else { HEARTBEAT };
        if self.silent || self.printed.get().elapsed() < every {
            return;
        }
        self.printed.set(Instant::now());
        let seconds = self.started.elapsed().as_secs();
        if self.terminal {
            print!("\r{} … {seconds} s", self.name);
            let _ = std::io::stdout().flush();
        } else {
            println!("{} … {seconds} s so far", self.name);
        }
    }

    fn end(&self, well: bool) -> Duration {
        let took = self.started.elapsed();
        let start = if self.terminal { "\r" } else { "" };
        let word = if well { "" } else { " FAILED" };
        println!("{start}{} … {:.1} s{word}", self.name, took.as_secs_f64());
        took
    }
}
