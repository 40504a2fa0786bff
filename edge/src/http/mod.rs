//! The headers of responses, and errors as problem details (RFC 9457).

mod headers;
mod problem;
mod response;

pub use headers::{
    EPOCH_HEADER, HELD_HEADER, KNOWN_HEADER, LISTED_HEADER, POLICY_HEADER, UNCONFIRMED_HEADER,
    VERSION_HEADER, page, public,
};
pub use problem::Problem;
pub use response::problem;
