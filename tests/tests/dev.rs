//! `cargo xtask dev`: it starts, the commands that it prints work, and it leaves no process behind.

use candor_tests::{eventually, paths};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;
use xtask::runtime::free_port;

/// A command for xtask itself, as built for these tests.
fn xtask() -> Command {
    let here = std::env::current_exe().expect("a test has a path");
    let folder = here.parent().and_then(Path::parent).expect("target/debug/deps");
    let program = folder.join("xtask");
    assert!(program.exists(), "cargo xtask has been built");
    let mut command = Command::new(program);
    command.current_dir(paths::root()).stdin(Stdio::null()).env_remove("CARGO");
    command
}

struct Dev {
    child: Child,
    lines: Vec<String>,
    folder: PathBuf,
    /// Kept open, because `dev` continues to print.
    _output: BufReader<ChildStdout>,
}

impl Dev {
    /// Starts `dev` and reads its output up to the line that explains how to stop it.
    fn start(folder: &Path, port: u16, options: &[&str]) -> Self {
        let mut child = xtask()
            .args(["dev", "--port", &port.to_string()])
            .args(options)
            .env("CANDOR_LOCAL", folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut lines: Vec<String> = Vec::new();
        while !lines.last().is_some_and(|line| line.contains("Ctrl-C")) {
            let mut line = String::new();
            assert!(output.read_line(&mut line).unwrap() > 0, "dev ended early: {lines:#?}");
            lines.push(line.trim_end().to_owned());
        }
        let ready = format!("ready http://127.0.0.1:{port}");
        assert!(lines.contains(&ready), "{lines:#?}");
        Self { child, lines, folder: folder.to_path_buf(), _output: output }
    }

    fn curl_lines(&self) -> Vec<&str> {
        self.lines.iter().map(|line| line.trim()).filter(|line| line.starts_with("curl ")).collect()
    }

    /// Sends SIGINT, as Ctrl-C does, and expects success.
    fn interrupt(self) {
        assert!(self.signal(Signal::SIGINT).success());
    }

    /// Sends a signal, waits for the end, and checks that no process with the folder in its command line is left.
    fn signal(mut self, signal: Signal) -> ExitStatus {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
        let status = self.child.wait().unwrap();
        let folder = self.folder.to_string_lossy().into_owned();
        eventually("no process is left behind", Duration::from_secs(5), || {
            let left = std::fs::read_dir("/proc").unwrap().flatten().any(|process| {
                std::fs::read_to_string(process.path().join("cmdline"))
                    .is_ok_and(|line| line.contains(&folder))
            });
            (!left).then_some(())
        });
        status
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        // For a test that failed half-way. On SIGTERM, `dev` ends the runtime before itself.
        if let Ok(pid) = self.child.id().try_into() {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
    }
}

fn status(port: u16) -> serde_json::Value {
    let answer = ureq::get(format!("http://127.0.0.1:{port}/status.json")).call().unwrap();
    serde_json::from_str(&answer.into_body().read_to_string().unwrap()).unwrap()
}

#[test]
fn dev_prints_working_commands_keeps_its_state_and_leaves_no_process_behind() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port().unwrap();
    let dev = Dev::start(folder.path(), port, &[]);
    assert!(status(port)["version"].as_u64() > Some(0), "the demo page is loaded");
    let page = ureq::get(format!("http://127.0.0.1:{port}/demo/")).call().unwrap();
    assert!(page.into_body().read_to_string().unwrap().contains("widget.js"));
    let [open, resolve] = dev.curl_lines()[..] else { panic!("{:#?}", dev.lines) };
    let paste = |line: &str| {
        let output = Command::new("bash").args(["-c", line]).env("NO_PROXY", "*").output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(paste(open).contains("\"version\""), "{open}");
    assert_eq!(status(port)["incidents"][0]["name"], "Check-ins are failing");
    assert!(paste(resolve).contains("\"version\""), "{resolve}");
    assert_eq!(status(port)["indicator"], "none");
    let version = status(port)["version"].clone();
    let signed = ureq::get(format!("http://127.0.0.1:{port}/signed/status.json")).call().unwrap();
    assert_eq!(signed.headers()["content-type"], "application/jose");
    let stored = || {
        ["keys.json", "edition-key.json"]
            .map(|name| std::fs::read_to_string(folder.path().join(name)).unwrap())
    };
    let keys = stored();
    dev.interrupt();

    // A second start keeps the state and the keys.
    let dev = Dev::start(folder.path(), port, &[]);
    assert_eq!(status(port)["version"], version);
    assert_eq!(stored(), keys);
    dev.interrupt();

    // `--fresh --no-demo` starts without state.
    let dev = Dev::start(folder.path(), port, &["--fresh", "--no-demo"]);
    let answer = ureq::get(format!("http://127.0.0.1:{port}/status.json")).call();
    assert!(matches!(answer, Err(ureq::Error::StatusCode(404))), "{answer:?}");
    // After SIGKILL, `dev` itself cannot end the runtime.
    dev.signal(Signal::SIGKILL);
}

/// The lines on standard error of a start that fails.
fn error_lines(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect()
}

#[test]
fn a_failed_start_prints_one_line_with_the_cause() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let lines = error_lines(xtask().args(["dev", "--port", &port]));
    assert!(lines.len() == 1 && lines[0].contains(&format!("port {port} is taken")), "{lines:#?}");

    let nothing = tempfile::tempdir().unwrap();
    let lines = error_lines(xtask().arg("dev").env("PATH", nothing.path()));
    assert!(lines.len() == 1 && lines[0].contains("Node"), "{lines:#?}");

    // No cached tools, and no network to fetch them.
    let lines = error_lines(
        xtask()
            .args(["dev", "--port", &free_port().unwrap().to_string()])
            .env("CANDOR_TOOLS", nothing.path())
            .env("CARGO_NET_RETRY", "0")
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env("https_proxy", "http://127.0.0.1:9")
            .env("CARGO_HTTP_PROXY", "http://127.0.0.1:9"),
    );
    assert!(lines.iter().filter(|line| line.starts_with("error")).count() == 1, "{lines:#?}");
    assert!(lines.last().is_some_and(|line| line.contains("no network")), "{lines:#?}");
}
