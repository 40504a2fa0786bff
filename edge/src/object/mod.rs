//! The page's Durable Object: the only writer.

mod answer;
mod copies;
mod edition;
mod failure;
mod live;
#[cfg(test)]
mod live_tests;
mod log_page;
mod rate;
mod status_page;
pub mod stub;
mod submission;

#[cfg(test)]
pub use answer::AnswerBody;
pub use copies::Copied;
#[cfg(test)]
pub use log_page::LogPage;
pub use log_page::Wanted;
pub use submission::Submission;
