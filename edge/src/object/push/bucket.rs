//! Requests to a bucket: S3's HEAD, PUT and DELETE of an object, signed with AWS Signature Version 4.

use candor_shared::time::Time;
use hmac::Mac;
use js_sys::Uint8Array;
use worker::{AbortController, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Result};

use crate::http::sigv4::{Canonical, sha256_hex, signature, signing_key};
use crate::settings::Bucket;
use crate::wait::within;

/// How long a bucket may take to answer: 10 seconds, in milliseconds.
const LIMIT_MILLIS: i64 = 10 * 1000;
/// The header, stored with an object, that says of which edition it is.
const EDITION_HEADER: &str = "x-amz-meta-candor";

/// Why a bucket did not do what it should.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// For people, without anything of the bucket's settings.
    pub problem: String,
    /// Whether the bucket may have done it, or may do so later.
    pub is_unknown: bool,
}

/// An object to store.
pub(super) struct Object<'a> {
    /// Its name in the bucket.
    pub name: &'a str,
    pub media_type: &'a str,
    pub cache_control: &'a str,
    /// Of which edition it is; [`edition_of`] reads it.
    pub edition: Option<&'a str>,
    pub body: &'a [u8],
}

/// Stores an object.
///
/// # Errors
/// If the bucket refuses, or does not answer in time.
pub(super) async fn put(bucket: &Bucket, object: &Object<'_>, now: Time) -> Result<(), Fault> {
    let mut headers = vec![("cache-control", object.cache_control), ("content-type", object.media_type)];
    headers.extend(object.edition.map(|edition| (EDITION_HEADER, edition)));
    let answer = send(bucket, Method::Put, object.name, headers, object.body, now).await?;
    accepted(answer.status, &[])
}

/// Removes an object, if it is there.
///
/// # Errors
/// If the bucket refuses, or does not answer in time.
pub(super) async fn delete(bucket: &Bucket, name: &str, now: Time) -> Result<(), Fault> {
    let answer = send(bucket, Method::Delete, name, Vec::new(), &[], now).await?;
    accepted(answer.status, &[404])
}

/// Of which edition an object is; none if it is not there or says nothing. S3 answers 403 for an object that is not there to a key
/// that may not list the bucket.
///
/// # Errors
/// If the bucket refuses, or does not answer in time.
pub(super) async fn edition_of(bucket: &Bucket, name: &str, now: Time) -> Result<Option<String>, Fault> {
    let answer = send(bucket, Method::Head, name, Vec::new(), &[], now).await?;
    accepted(answer.status, &[403, 404]).map(|()| answer.edition)
}

struct Answer {
    status: u16,
    edition: Option<String>,
}

fn accepted(status: u16, also: &[u16]) -> Result<(), Fault> {
    if (200..300).contains(&status) || also.contains(&status) {
        return Ok(());
    }
    let why = match status {
        300..=399 => ": the bucket is somewhere else; the endpoint or the region is wrong",
        401 | 403 => ": the key may not do this, or its secret or the region is wrong",
        404 => ": there is no such bucket",
        507 => ": it is full",
        _ => "",
    };
    // A gateway that gives up does not know what the bucket behind it did.
    Err(Fault { problem: format!("status {status}{why}"), is_unknown: matches!(status, 502 | 504) })
}

async fn send(
    bucket: &Bucket,
    method: Method,
    name: &str,
    headers: Vec<(&str, &str)>,
    body: &[u8],
    now: Time,
) -> Result<Answer, Fault> {
    let unknown = |problem: String| Fault { problem, is_unknown: true };
    let request = || -> Result<Request> {
        let (url, headers) = signed(bucket, method.as_ref(), name, headers, body, now);
        let mut init = RequestInit::new();
        // A redirect would take the signed request to another host.
        init.with_redirect(RequestRedirect::Manual);
        if method == Method::Put {
            init.with_body(Some(Uint8Array::from(body).into()));
        }
        init.with_headers(headers.into_iter().collect::<Headers>()).with_method(method);
        Request::new_with_init(&url, &init)
    };
    let request = Fetch::Request(request().map_err(|_| unknown("the request cannot be made".to_owned()))?);
    let controller = AbortController::default();
    let signal = controller.signal();
    match within(LIMIT_MILLIS, request.send_with_signal(&signal)).await {
        Some(Ok(response)) => {
            let edition = response.headers().get(EDITION_HEADER).ok().flatten();
            let status = response.status_code();
            // What an answer says beyond that is not read, and must not hold the connection.
            controller.abort();
            Ok(Answer { status, edition })
        }
        // What the runtime says may name the address.
        Some(Err(_)) => Err(unknown("it cannot be reached".to_owned())),
        None => {
            controller.abort();
            Err(unknown(format!("no answer within {} s", LIMIT_MILLIS / 1000)))
        }
    }
}

/// The address and the headers of a signed request.
fn signed(
    bucket: &Bucket,
    method: &str,
    name: &str,
    headers: Vec<(&str, &str)>,
    body: &[u8],
    now: Time,
) -> (String, Vec<(String, String)>) {
    const ALGORITHM: &str = "AWS4-HMAC-SHA256";
    let (path, body_hash) = (format!("{}{name}", bucket.folder), sha256_hex(body));
    // 20101004T150000Z, from 2010-10-04T15:00:00.000Z.
    let stamp: String =
        now.to_string().chars().filter(|c| !matches!(c, '-' | ':')).take(15).chain(['Z']).collect();
    let scope = format!("{}/{}/s3/aws4_request", stamp.get(..8).unwrap_or_default(), bucket.region);
    let mut all = headers;
    all.extend([
        ("host", bucket.host.as_str()),
        ("x-amz-content-sha256", &body_hash),
        ("x-amz-date", &stamp),
    ]);
    all.sort_unstable();
    // Proxies may change this header, so it is not signed.
    let to_sign: Vec<_> = all.iter().filter(|(name, _)| *name != "cache-control").collect();
    let lines: String = to_sign.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names = to_sign.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let canonical = Canonical {
        method,
        path: &path,
        query: "",
        headers: &lines,
        signed_headers: &names,
        body_hash: &body_hash,
    };
    let key = signing_key("AWS4", &bucket.secret, &scope);
    let signature = signature(&key, ALGORITHM, (&stamp, &scope), &canonical)
        .map(|mac| base16ct::lower::encode_string(&mac.finalize().into_bytes()))
        .unwrap_or_default();
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        bucket.key_id
    );
    // The runtime writes the host.
    let sent = all.iter().filter(|(name, _)| *name != "host");
    let mut sent: Vec<_> = sent.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    sent.push(("authorization".to_owned(), authorization));
    (format!("{}{}{path}", bucket.scheme, bucket.host), sent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::parse_push;

    /// The key of the examples in AWS's documentation, "Signature calculations for the Authorization header".
    fn bucket(fields: &str) -> Bucket {
        let json = format!(
            r#"[{{"name":"one","endpoint":"https://s3.amazonaws.com","bucket":"examplebucket","region":"us-east-1","style":"virtual",
                "key_id":"AKIAIOSFODNN7EXAMPLE","secret":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"{fields}}}]"#
        );
        parse_push(&json).unwrap().pop().unwrap()
    }

    #[test]
    fn a_request_is_signed_as_in_the_documentation_of_aws() {
        // The example "GET Object". Its range is signed like any other header.
        let at = "2013-05-24T00:00:00Z".parse().unwrap();
        let range = vec![("range", "bytes=0-9")];
        let (url, headers) = signed(&bucket(""), "GET", "test.txt", range, b"", at);
        assert_eq!(url, "https://examplebucket.s3.amazonaws.com/test.txt");
        let (_, authorization) = headers.iter().find(|(name, _)| name == "authorization").unwrap();
        assert_eq!(
            authorization,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
        assert!(headers.iter().all(|(name, _)| name != "host"));
    }

    #[test]
    fn a_path_has_the_bucket_and_the_prefix() {
        let at = "2013-05-24T00:00:00Z".parse().unwrap();
        let bucket = bucket(r#","prefix":"status""#);
        let (url, _) = signed(&bucket, "PUT", "signed/zh-Hans/bulletin.json", Vec::new(), b"x", at);
        assert_eq!(url, "https://examplebucket.s3.amazonaws.com/status/signed/zh-Hans/bulletin.json");
    }

    #[test]
    fn a_fault_says_what_to_do() {
        assert_eq!(accepted(200, &[]), Ok(()));
        assert_eq!(accepted(404, &[404]), Ok(()));
        for (status, expected) in
            [(301, "region"), (403, "secret"), (404, "no such bucket"), (500, "status 500"), (507, "full")]
        {
            let fault = accepted(status, &[]).unwrap_err();
            assert!(fault.problem.contains(expected) && !fault.is_unknown, "{fault:?}");
        }
    }
}
