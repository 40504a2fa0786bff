//! A load generator, so that no tool has to be installed. Each connection has a thread, which sends the next request
//! as soon as it has the answer.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

pub(super) const CONNECTIONS: usize = 8;

/// The results of one round. Times are in seconds.
pub(super) struct Round {
    pub(super) per_second: f64,
    pub(super) p50: f64,
    pub(super) p99: f64,
}

pub(super) fn run(port: u16, path: &str, time: Duration) -> Result<Round> {
    let started = Instant::now();
    let mut times = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..CONNECTIONS).map(|_| scope.spawn(|| connection(port, path, time))).collect();
        let mut times = Vec::new();
        for worker in workers {
            times.extend(worker.join().map_err(|_| anyhow::anyhow!("a connection's thread failed"))??);
        }
        anyhow::Ok(times)
    })?;
    let took = started.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().context("no answers");
    Ok(Round { per_second: f64::from(u32::try_from(times.len())?) / took, p50: at(50)?, p99: at(99)? })
}

fn connection(port: u16, path: &str, time: Duration) -> Result<Vec<f64>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    let started = Instant::now();
    let mut times = Vec::new();
    let mut buffer = Vec::new();
    while started.elapsed() < time {
        let sent = Instant::now();
        stream.write_all(request.as_bytes())?;
        read_answer(&mut answers, &mut buffer)?;
        times.push(sent.elapsed().as_secs_f64());
    }
    Ok(times)
}

/// Reads one response with status 200. Its body has a Content-Length or comes in chunks.
fn read_answer(answers: &mut BufReader<TcpStream>, buffer: &mut Vec<u8>) -> Result<()> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    if !line.starts_with("HTTP/1.1 200") {
        bail!("unexpected answer: {}", line.trim());
    }
    let mut length = None;
    loop {
        line.clear();
        answers.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>()?);
        }
    }
    if let Some(length) = length {
        buffer.resize(length, 0);
        answers.read_exact(buffer)?;
        return Ok(());
    }
    loop {
        line.clear();
        answers.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim_end(), 16)
            .context("the answer has neither a Content-Length nor chunks")?;
        // Each chunk ends with a line break, including the last one.
        buffer.resize(length.saturating_add(2), 0);
        answers.read_exact(buffer)?;
        if length == 0 {
            return Ok(());
        }
    }
}
