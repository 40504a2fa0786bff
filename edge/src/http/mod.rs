//! The headers of responses, errors as problem details (RFC 9457), and the signature that requests to write share with those to
//! other servers.

mod headers;
mod problem;
mod response;
pub mod sigv4;

pub use headers::{
    ASKED_HEADER, CLOCK_HEADER, DIGEST_HEADER, DOUBT_HEADER, EPOCH_HEADER, HELD_HEADER, KNOWN_HEADER,
    LAST_KNOWN_HEADER, LISTED_HEADER, POLICY_HEADER, PUBLISHED_HEADER, UNCONFIRMED_HEADER, VERSION_HEADER,
    page, public,
};
pub use problem::{Missing, Problem};
pub use response::problem;
