//! What a flood of bad signatures costs readers and writers, as ratios to a worker that nobody attacks.

use super::load::{self, Connection};
use super::median;
use crate::send::Sender;
use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;
use std::time::{Duration, Instant};

const PER_SECOND: u32 = 500;
const TIME: Duration = Duration::from_secs(10);
/// How many good updates are sent.
const WRITES: usize = 200;

/// Measures reads beside a flood from one address, whose door closes, and beside one of which each request has another address, so
/// that each signature is checked; and writes beside the second one.
pub(super) fn bad_signatures(port: u16, sender: &mut Sender) -> Result<()> {
    let read = || load::latency(port, "/status.json", TIME);
    // A first round, not measured, compiles the code and warms the caches.
    read()?;
    let idle = read()?;
    for (name, addresses) in [("from one address", 1), ("each from another address", u32::MAX)] {
        let flood = |connection: &mut Connection, sent| bad_signature(connection, sent % addresses);
        let (busy, sent) = load::beside(port, PER_SECOND, flood, read)?;
        println!(
            "\nGET /status.json on one connection, and beside {:.0} bad signatures a second, {name}",
            f64::from(sent) / TIME.as_secs_f64()
        );
        load::compare(&idle, &busy);
    }
    let idle = writes(sender, "quiet")?;
    let (busy, _) = load::beside(port, PER_SECOND, bad_signature, || writes(sender, "beside"))?;
    println!("\nPOST /v1/updates with a good signature, and beside the second flood");
    println!("{:<8} {:>10.2} {:>10.2} {:>8.2}", "median", idle * 1e3, busy * 1e3, busy / idle);
    Ok(())
}

/// Sends an update whose signature is wrong, in a form that is checked to the end, from an address with this number.
fn bad_signature(connection: &mut Connection, address: u32) -> Result<()> {
    let [.., a, b, c] = address.to_be_bytes();
    let stamp = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let (date, signature) = (stamp.get(..8).unwrap_or_default(), "0".repeat(64));
    let headers = format!(
        "X-Candor-Date: {stamp}\r\nCF-Connecting-IP: 10.{a}.{b}.{c}\r\nAuthorization: CANDOR4-HMAC-SHA256 \
         Credential=ops/{date}/local/updates/candor4_request, SignedHeaders=host;x-candor-date, Signature={signature}\r\n"
    );
    let body = json!({ "type": "notice.post", "body": "x".repeat(1_000) }).to_string();
    connection.post("/v1/updates", &headers, &body, &[401, 429])
}

/// The median time of a good update, in seconds.
fn writes(sender: &mut Sender, name: &str) -> Result<f64> {
    let times: Result<Vec<f64>> = (0..WRITES)
        .map(|n| {
            let id = format!("{name}-{n}");
            let started = Instant::now();
            sender.post(&id, &json!({ "type": "notice.post", "body": id }))?;
            Ok(started.elapsed().as_secs_f64())
        })
        .collect();
    Ok(median(times?))
}
