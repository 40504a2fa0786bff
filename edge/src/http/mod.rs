//! What HTTP asks of every response: headers, and errors as RFC 9457 problem details.

mod headers;
mod problem;
mod response;

pub use headers::{POLICY_HEADER, PUBLIC_CACHE, UNCONFIRMED_HEADER, VERSION_HEADER, page, public};
pub use problem::Problem;
pub use response::problem;
