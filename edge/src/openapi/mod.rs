//! The description of the API (OpenAPI 3.1), made from the types by the test in `generate`, which fails while
//! `edge/openapi.json` is not what the types say.

mod backup;
mod generate;
mod get;
mod health;
mod schemas;
