//! The description of the API (OpenAPI 3.1), made from the types by the test in `generate`, which fails while the
//! file is not what the types say.

/// The text of `/openapi.json`.
pub const OPENAPI: &str = include_str!("../../openapi.json");
