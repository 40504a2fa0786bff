//! What open streams (`GET /events`) cost, and how soon they hear of a change.

use super::load;
use super::workerd::Workerd;
use super::{ROUND, median, page};
use crate::keys::Key;
use crate::send::Sender;
use anyhow::{Result, bail};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, Sender as Tell, channel};
use std::time::{Duration, Instant};

/// How many streams are open.
const STREAMS: usize = 1_000;
/// How many updates they hear of.
const UPDATES: usize = 20;
/// How often polling is measured, without and with the streams.
const ROUNDS: usize = 3;
/// How long an idle process is watched.
const IDLE: Duration = Duration::from_secs(20);
/// After this time an isolate no longer counts streams that were cut off.
const GONE: Duration = Duration::from_secs(6);
/// How long an event may take before something is broken.
const PATIENCE: Duration = Duration::from_secs(30);
/// Enough for a thread that reads lines.
const STACK: usize = 128 * 1024;

/// Open streams, and when each got a bulletin.
struct Streams {
    sockets: Vec<TcpStream>,
    heard: Receiver<Instant>,
}

impl Streams {
    /// Opens them, and waits until each has told the first bulletin.
    fn open(port: u16) -> Result<Self> {
        let (tell, heard) = channel();
        let sockets = (0..STREAMS).map(|_| open(port, tell.clone())).collect::<Result<_>>()?;
        let streams = Self { sockets, heard };
        streams.times()?;
        Ok(streams)
    }

    /// When each stream got its next bulletin.
    fn times(&self) -> Result<Vec<Instant>> {
        let times: Vec<Instant> =
            (0..STREAMS).map_while(|_| self.heard.recv_timeout(PATIENCE).ok()).collect();
        if times.len() < STREAMS {
            bail!("{} of {STREAMS} streams got the bulletin", times.len());
        }
        Ok(times)
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        for socket in &self.sockets {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

fn open(port: u16, tell: Tell<Instant>) -> Result<TcpStream> {
    let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    write!(socket, "GET /events?lang=en HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")?;
    let lines = BufReader::new(socket.try_clone()?).lines();
    std::thread::Builder::new().stack_size(STACK).spawn(move || {
        for line in lines.map_while(Result::ok) {
            if line.starts_with("event: bulletin") && tell.send(Instant::now()).is_err() {
                break;
            }
        }
    })?;
    Ok(socket)
}

pub(super) fn live(key: &Key) -> Result<()> {
    let workerd = Workerd::start(key)?;
    let mut sender = Sender::new(&workerd.url(), key.clone())?;
    sender.post("live-page", &page())?;
    let port = workerd.edge;
    let polls = |what: &str| -> Result<f64> {
        println!("polling {what} …");
        let rounds = (0..ROUNDS).map(|_| Ok(load::run(port, "/bulletin.json", ROUND)?.per_second));
        Ok(median(rounds.collect::<Result<_>>()?))
    };
    // Compiles the code and warms the caches; the second one fills the memory that a process keeps for connections.
    load::run(port, "/bulletin.json", ROUND)?;
    drop(Streams::open(port)?);
    let without = polls("without streams")?;
    let before = settled(&workerd)?;
    let mut streams = Streams::open(port)?;
    let after = settled(&workerd)?;
    let cpu = workerd.cpu_seconds()?;
    std::thread::sleep(IDLE);
    let cpu = (workerd.cpu_seconds()? - cpu) / IDLE.as_secs_f64();
    let with = polls("beside the streams")?;
    println!("posting {UPDATES} updates …");
    let mut delays = Vec::new();
    for n in 0..UPDATES {
        sender
            .post(&format!("live-{n}"), &json!({ "type": "notice.post", "body": format!("Notice {n}") }))?;
        let accepted = Instant::now();
        delays.extend(
            streams.times()?.into_iter().map(|heard| heard.saturating_duration_since(accepted).as_secs_f64()),
        );
    }
    delays.sort_by(f64::total_cmp);
    let at = |thousandth: usize| delays.get(delays.len() * thousandth / 1_000).copied().unwrap_or(f64::NAN);
    if delays.is_empty() {
        bail!("no delays");
    }
    // Visitors come and go: what they leave behind must not add up.
    for _ in 0..5 {
        drop(streams);
        std::thread::sleep(GONE);
        streams = Streams::open(port)?;
    }
    let later = settled(&workerd)?;
    let each = |megabytes: f64| megabytes * 1024.0 / 1_000.0;
    println!("\n{STREAMS} open streams of GET /events on one workerd");
    println!("{:<52} {:>10.1}", "memory of the process for each, KB", each(after - before));
    println!("{:<52} {:>10.1}", "the same after 5,000 have come and gone, KB", each(later - before));
    println!("{:<52} {:>10.1}", "share of a core while nothing changes, %", cpu * 100.0);
    for (name, value) in [("p50", at(500)), ("p99", at(990)), ("p99.9", at(999))] {
        println!(
            "{:<52} {:>10.0}",
            format!("from the accepted update to the event, {name}, ms"),
            value * 1e3
        );
    }
    println!("{:<52} {:>10.2}", "polls a second beside them, as a ratio to without", with / without);
    Ok(())
}

/// The memory of the process when it has come to rest.
fn settled(workerd: &Workerd) -> Result<f64> {
    std::thread::sleep(Duration::from_secs(3));
    workerd.memory()
}
