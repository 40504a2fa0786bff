//! A stream of server-sent events, as curl reads it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;
use xtask::group::Group;

/// How long an event may take: longer than the longest pause of a stream.
const PATIENCE: Duration = Duration::from_secs(30);

/// An event (WHATWG HTML, 9.2.6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its id, if it has one.
    pub id: Option<String>,
    /// Its data.
    pub data: String,
}

impl Event {
    /// The data as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.data))
    }
}

/// What a stream sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// An event.
    Event(Event),
    /// A comment, or another line that is part of no event.
    Line(String),
    /// The end.
    End,
}

/// An open stream. Dropping the value ends it.
#[derive(Debug)]
pub struct Listener {
    lines: Receiver<String>,
    _curl: Group,
}

impl Listener {
    /// Opens a stream, with further arguments for curl.
    pub fn open(url: &str, further: &[&str]) -> Self {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--no-buffer", "--noproxy", "*"])
            .args(further)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut curl = Group::spawn(&mut curl).expect("curl is installed");
        let output = BufReader::new(curl.stdout().expect("piped and read once"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { lines, _curl: curl }
    }

    /// What comes next. Panics if it takes long.
    #[track_caller]
    pub fn next(&self) -> Heard {
        let mut event = Event::default();
        loop {
            let line = match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => line,
                Err(RecvTimeoutError::Disconnected) => return Heard::End,
                Err(RecvTimeoutError::Timeout) => panic!("nothing within {} s", PATIENCE.as_secs()),
            };
            match line.split_once(':').map(|(field, value)| (field, value.trim_start())) {
                Some(("event", name)) => event.name = name.to_owned(),
                Some(("id", id)) => event.id = Some(id.to_owned()),
                Some(("data", data)) => event.data = data.to_owned(),
                None if line.is_empty() && event == Event::default() => {}
                None if line.is_empty() => return Heard::Event(event),
                _ => return Heard::Line(line),
            }
        }
    }

    /// The next event of this name.
    #[track_caller]
    pub fn event(&self, name: &str) -> Event {
        loop {
            match self.next() {
                Heard::Event(event) if event.name == name => return event,
                Heard::End => panic!("the stream ended before {name}"),
                _ => {}
            }
        }
    }
}
