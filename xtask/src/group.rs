//! Runs a program and its descendants as a process group that ends with this process.
//!
//! `Drop` ends the group, but it does not run if this process is killed. So each group has a watcher: a shell that
//! reads from a pipe whose other end only this process holds. When this process ends in any way, the system closes the
//! pipe, and the watcher ends the group. Unlike Linux's parent-death signal, this reaches descendants, does not depend
//! on the thread that started the program, and works on macOS too.

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The watcher's script. The watcher is in the group itself, so it ignores the signals except for the final SIGKILL.
const WATCH: &str = "trap '' HUP INT TERM; read -r _; kill -s TERM 0; sleep 1; kill -s KILL 0";

/// How long a program may take to end after SIGTERM.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running program. Every process of the group ends when the value is dropped or this process ends.
#[derive(Debug)]
pub struct Group {
    program: Child,
    /// Leads the group, so that the program is in the group from its start.
    watcher: Child,
    id: Pid,
    gentle: bool,
    ended: bool,
}

impl Group {
    /// Starts a program with the streams that the command sets.
    ///
    /// # Errors
    /// If the program or the watcher's shell cannot be started.
    pub fn spawn(command: &mut Command) -> io::Result<Self> {
        let mut watcher = Command::new("/bin/sh")
            .args(["-c", WATCH])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let leader = i32::try_from(watcher.id()).map_err(io::Error::other)?;
        match command.process_group(leader).spawn() {
            Ok(program) => {
                Ok(Self { program, watcher, id: Pid::from_raw(leader), gentle: false, ended: false })
            }
            Err(error) => {
                let _ = watcher.kill();
                let _ = watcher.wait();
                Err(error)
            }
        }
    }

    /// Makes `Drop` send SIGTERM first, for programs that have to clean up the disk.
    #[must_use]
    pub fn gentle(mut self) -> Self {
        self.gentle = true;
        self
    }

    /// The program's process id.
    #[must_use]
    pub fn program(&self) -> u32 {
        self.program.id()
    }

    /// The program's standard output, if it is piped. `None` from the second call on.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.program.stdout.take()
    }

    /// The program's exit status. `None` while it runs.
    ///
    /// # Errors
    /// If the system cannot report the status.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.program.try_wait()
    }

    /// Waits for a limited time until the program ends. `None`: it still runs.
    ///
    /// # Errors
    /// If the system cannot report the status.
    pub fn ended_within(&mut self, limit: Duration) -> io::Result<Option<ExitStatus>> {
        let began = Instant::now();
        loop {
            let ended = self.ended()?;
            if ended.is_some() || began.elapsed() > limit {
                return Ok(ended);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the program to end and returns its exit status.
    ///
    /// # Errors
    /// If the system cannot report the status.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.program.wait()
    }

    /// Sends SIGKILL to every process at once, as a power cut would end them. Does not wait.
    pub fn kill(&self) {
        self.signal(Signal::SIGKILL);
    }

    /// As [`Group::kill`], but waits. Returns whether every process has ended.
    pub fn kill_hard(&mut self) -> bool {
        if self.ended {
            return true;
        }
        self.kill();
        let _ = self.program.wait();
        // Until it is reaped, the watcher keeps the system from reusing the group's id.
        let _ = self.watcher.wait();
        self.ended = true;
        let started = Instant::now();
        while alive(self.id) {
            if started.elapsed() > PATIENCE {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }

    /// Sends SIGTERM, and SIGKILL after five seconds. Returns whether every process has ended.
    pub fn end(&mut self) -> bool {
        self.signal(Signal::SIGTERM);
        let started = Instant::now();
        let runs = |program: &mut Child| program.try_wait().is_ok_and(|status| status.is_none());
        while runs(&mut self.program) && started.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.kill_hard()
    }

    fn signal(&self, signal: Signal) {
        if !self.ended {
            let _ = killpg(self.id, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.gentle && !self.ended {
            self.end();
        }
        self.kill_hard();
    }
}

/// Whether a process of the group is still running. A zombie is not.
fn alive(group: Pid) -> bool {
    if killpg(group, None).is_err() {
        return false;
    }
    let Ok(processes) = fs::read_dir("/proc") else {
        return true;
    };
    let group = group.to_string();
    processes.flatten().any(|process| {
        let stat = fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        // "pid (name) state parent group …". The name may contain spaces and parentheses.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let state = fields.next();
        fields.nth(1) == Some(&group) && state != Some("Z")
    })
}
