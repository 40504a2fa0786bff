//! Which spellings of one request are equivalent, and which headers the network changes.

use std::collections::BTreeSet;

/// The spellings of the host that a sender may have signed. `host` is the one in the URL: lower case, without a dot at its end,
/// with a port if it is not the default one. `sent` is the header `Host` as it arrived, which may be in mixed case.
pub(super) fn hosts(host: &str, sent: Option<&str>) -> Vec<String> {
    let (name, port) = split_port(host);
    let mut names = vec![name.to_owned(), format!("{name}."), name.to_ascii_uppercase()];
    let sent_name = sent.map(split_port).map(|(sent, _)| sent.trim_end_matches('.'));
    if let Some(sent) = sent_name.filter(|sent| sent.eq_ignore_ascii_case(name)) {
        names.push(sent.to_owned());
    }
    // Behind a proxy that ends TLS the worker does not know the sender's scheme: both default ports mean the same host.
    let ports: &[&str] = if port.is_empty() { &["", ":443", ":80"] } else { &[port] };
    let mut seen = BTreeSet::new();
    let all = names.iter().flat_map(|name| ports.iter().map(move |port| format!("{name}{port}")));
    all.filter(|host| seen.insert(host.clone())).collect()
}

/// The name and the port of a host; the port with its colon, or empty. The address in `[::1]` holds colons of its own.
fn split_port(host: &str) -> (&str, &str) {
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) && (!name.contains(':') || name.ends_with(']')) => {
            host.split_at_checked(name.len()).unwrap_or((host, ""))
        }
        _ => (host, ""),
    }
}

/// The spellings of the query. Older versions of curl sign it as it is sent; newer versions and the AWS libraries sort the
/// parameters first and give each an `=`.
pub(super) fn queries(query: &str) -> Vec<String> {
    let mut parts: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| if part.contains('=') { part.to_owned() } else { format!("{part}=") })
        .collect();
    parts.sort();
    let sorted = parts.join("&");
    if sorted == query { vec![sorted] } else { vec![sorted, query.to_owned()] }
}

/// Whether this page reads a header, so that it may be worth a signature. Whatever else is signed only gives networks something to
/// change.
pub(super) fn is_read(name: &str) -> bool {
    matches!(
        name,
        "host"
            | "content-type"
            | "idempotency-key"
            | "if-match"
            | "x-candor-date"
            | "x-candor-content-sha256"
            | "x-amz-date"
            | "x-amz-content-sha256"
    )
}

/// Whether proxies, content networks, tracing or HTTP clients are known to change, add or remove this header after the request was
/// signed. A list of examples: of a header that is neither here nor read, an error says that this may have happened.
pub(super) fn is_rewritten(name: &str) -> bool {
    const PREFIXES: [&str; 30] = [
        "accept",
        "akamai-",
        "cf-",
        "cloudfront-",
        "fastly-",
        "fly-",
        "incap-",
        "newrelic",
        "proxy-",
        "sec-",
        "sentry-",
        "uber-",
        "x-akamai-",
        "x-amz-apigw-",
        "x-amz-cf-",
        "x-amzn-",
        "x-appengine-",
        "x-arr-",
        "x-azure-",
        "x-b3-",
        "x-cluster-",
        "x-datadog-",
        "x-edge-",
        "x-envoy-",
        "x-forwarded",
        "x-goog-",
        "x-ms-",
        "x-original-",
        "x-sucuri-",
        "x-vercel-",
    ];
    const NAMES: [&str; 38] = [
        "b3",
        "baggage",
        "cache-control",
        "cdn-loop",
        "client-ip",
        "connection",
        "content-encoding",
        "content-length",
        "cookie",
        "date",
        "dnt",
        "early-data",
        "expect",
        "forwarded",
        "from",
        "keep-alive",
        "max-forwards",
        "origin",
        "pragma",
        "priority",
        "referer",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "true-client-ip",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
        "via",
        "x-client-ip",
        "x-cloud-trace-context",
        "x-correlation-id",
        "x-real-ip",
        "x-request-id",
        "x-request-start",
        "x-scheme",
    ];
    NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_equivalent_spellings() {
        let all = hosts("status.example.com", Some("Status.Example.com:443"));
        for spelling in [
            "status.example.com",
            "STATUS.EXAMPLE.COM",
            "Status.Example.com",
            "status.example.com.",
            "status.example.com:443",
            "Status.Example.com:443",
            "status.example.com.:443",
            "status.example.com:80",
        ] {
            assert!(all.iter().any(|host| host == spelling), "{spelling}");
        }
        assert_eq!(all.len(), 12);
        for other in ["example.com", "status.example.com:8443", "status.example.com.."] {
            assert!(!all.iter().any(|host| host == other), "{other}");
        }
        // Another port than the default one names another host, and a header `Host` that names another is not used.
        let all = hosts("localhost:8787", Some("evil.example:8787"));
        assert_eq!(all, ["localhost:8787", "localhost.:8787", "LOCALHOST:8787"]);
        assert_eq!(split_port("[::1]:8787"), ("[::1]", ":8787"));
        assert_eq!(split_port("[::1]"), ("[::1]", ""));
        assert_eq!(split_port("status.example.com"), ("status.example.com", ""));
    }

    #[test]
    fn a_query_is_signed_sorted_or_as_sent() {
        assert_eq!(queries(""), [""]);
        assert_eq!(queries("dry_run=true"), ["dry_run=true"]);
        assert_eq!(queries("b=1&a"), ["a=&b=1", "b=1&a"]);
    }

    #[test]
    fn networks_change_these_headers() {
        for name in [
            "accept-encoding",
            "connection",
            "x-forwarded-for",
            "cf-connecting-ip",
            "via",
            "user-agent",
            "content-length",
            "x-azure-ref",
            "x-arr-log-id",
            "x-ms-client-request-id",
            "x-amz-cf-id",
            "cloudfront-viewer-country",
            "x-amz-apigw-id",
            "x-amzn-trace-id",
            "x-appengine-country",
            "x-goog-iap-jwt-assertion",
            "sentry-trace",
            "x-datadog-trace-id",
            "uber-trace-id",
            "newrelic",
            "client-ip",
            "x-cluster-client-ip",
            "x-scheme",
            "x-request-start",
            "x-edge-request-id",
            "akamai-origin-hop",
            "incap-client-ip",
            "x-sucuri-clientip",
        ] {
            assert!(is_rewritten(name) && !is_read(name), "{name}");
        }
        for name in
            ["host", "content-type", "x-candor-date", "x-amz-date", "x-amz-content-sha256", "if-match"]
        {
            assert!(!is_rewritten(name) && is_read(name), "{name}");
        }
        assert!(!is_rewritten("x-trace") && !is_read("x-trace"));
    }
}
