//! Implements [`Sql`] with the Durable Object's SQLite. A transaction is synchronous, so no other request runs inside it.

use js_sys::WebAssembly::RuntimeError;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use worker::{Error, SqlStorage, SqlStorageValue, Storage};

use super::sql::{Sql, in_doubt};

#[wasm_bindgen]
extern "C" {
    type SyncStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        closure: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<JsValue, JsValue>;
}

/// The SQLite database of a Durable Object.
pub struct DurableSql {
    storage: Storage,
    sql: SqlStorage,
}

impl DurableSql {
    /// Wraps the storage that the runtime gives to the object.
    pub fn new(storage: Storage) -> Self {
        let sql = storage.sql();
        Self { storage, sql }
    }
}

impl Sql for DurableSql {
    fn run(&self, statement: &str, values: Vec<Value>) -> Result<Vec<Value>, Error> {
        let values = values.into_iter().map(to_sql).collect::<Result<Vec<SqlStorageValue>, Error>>()?;
        self.sql.exec(statement, values)?.to_array()
    }

    fn transaction(&self, work: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
        // JavaScript rolls back when the closure throws; the Rust error is kept here, because the exception holds its text only.
        let mut failure = None;
        let mut closure = || {
            work().map_err(|error| {
                let text = JsValue::from_str(&error.to_string());
                failure = Some(error);
                text
            })
        };
        let storage: &JsValue = self.storage.as_raw();
        let done = storage.unchecked_ref::<SyncStorage>().transaction_sync(&mut closure);
        match (done, failure) {
            (_, Some(error)) => Err(error),
            // The module has trapped inside the closure. Nothing in its memory can be trusted any more, so it must end here:
            // `entry.js` starts a new instance and tells the writer that the outcome is not known.
            (Err(trap), None) if trap.is_instance_of::<RuntimeError>() => wasm_bindgen::throw_val(trap),
            // The work is done, and the commit failed: before or after it was made.
            (Err(error), None) => Err(in_doubt(Error::from(error).to_string())),
            (Ok(_), None) => Ok(()),
        }
    }
}

fn to_sql(value: Value) -> Result<SqlStorageValue, Error> {
    match value {
        Value::Null => Ok(SqlStorageValue::Null),
        Value::String(text) => Ok(text.into()),
        Value::Number(number) if number.is_i64() => Ok(number.as_i64().unwrap_or_default().into()),
        _ => Err(Error::RustError("a SQL parameter is neither a string, an integer nor null".to_owned())),
    }
}
