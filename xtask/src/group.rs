//! A program and all that it starts, as a process group that does not outlive who started it.
//!
//! `Drop` ends the group in order, but nothing runs it when this process is killed. So each group has a watcher: a
//! shell that waits for the end of a pipe whose other end only this process holds. However this process ends, the
//! system closes the pipe, and the watcher ends the group. Unlike Linux's parent-death signal this reaches what the
//! program starts, does not depend on the thread that started it, and works on macOS too.

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The signals that it sends to the group are not for the watcher itself, except the last one.
const WATCH: &str = "trap '' HUP INT TERM; read -r _; kill -s TERM 0; sleep 1; kill -s KILL 0";

/// How long a program may take to end in order.
const PATIENCE: Duration = Duration::from_secs(5);

/// A started program. Dropping the value ends every process of the group, and so does the end of this process.
#[derive(Debug)]
pub struct Group {
    program: Child,
    /// Leads the group, so that the program belongs to it from its first instruction on.
    watcher: Child,
    id: Pid,
    gentle: bool,
    ended: bool,
}

impl Group {
    /// Starts a program, its streams as the command has them.
    ///
    /// # Errors
    /// When the program (or a shell) cannot be started.
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

    /// Dropping it lets the program end in order: some remove what else stays on the disk.
    #[must_use]
    pub fn gentle(mut self) -> Self {
        self.gentle = true;
        self
    }

    /// The program's process.
    #[must_use]
    pub fn program(&self) -> u32 {
        self.program.id()
    }

    /// The program's output, if it is piped; once.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.program.stdout.take()
    }

    /// How the program ended, once it has.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.program.try_wait()
    }

    /// Waits for the program, and returns how it ended.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.program.wait()
    }

    /// SIGKILL to every process at once, as a power cut would. Does not wait for it.
    pub fn kill(&self) {
        self.signal(Signal::SIGKILL);
    }

    /// The same, and waits until nothing is left. Returns whether that is so.
    pub fn kill_hard(&mut self) -> bool {
        if self.ended {
            return true;
        }
        self.kill();
        let _ = self.program.wait();
        // Until here the watcher kept the group's number from being given to others.
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

    /// Asks the program to end; kills what has not ended after five seconds. Returns whether nothing is left.
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

/// Whether a process of the group is still running. An ended one that nobody has reaped yet is not.
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
        // "pid (name) state parent group …"; a name may hold spaces and brackets.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let state = fields.next();
        fields.nth(1) == Some(&group) && state != Some("Z")
    })
}
