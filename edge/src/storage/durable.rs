//! The SQLite of the Durable Object.

use serde_json::Value;
use wasm_bindgen::prelude::*;
use worker::{Error, Result, SqlStorage, SqlStorageValue, Storage};

use super::sql::Sql;

#[wasm_bindgen]
extern "C" {
    type SyncStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        closure: &mut dyn FnMut() -> std::result::Result<(), JsValue>,
    ) -> std::result::Result<JsValue, JsValue>;
}

/// The storage of a Durable Object.
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
    fn run(&self, statement: &str, values: Vec<Value>) -> Result<Vec<Value>> {
        let values: Vec<SqlStorageValue> = values.into_iter().map(bound).collect::<Result<_>>()?;
        self.sql.exec(statement, values)?.to_array()
    }

    fn transaction(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let mut failure = None;
        let mut all = || {
            work().map_err(|error| {
                let text = JsValue::from_str(&error.to_string());
                failure = Some(error);
                text
            })
        };
        let storage: &JsValue = self.storage.as_raw();
        let done = storage.unchecked_ref::<SyncStorage>().transaction_sync(&mut all);
        match (done, failure) {
            (_, Some(error)) => Err(error),
            (Err(error), None) => Err(error.into()),
            (Ok(_), None) => Ok(()),
        }
    }
}

fn bound(value: Value) -> Result<SqlStorageValue> {
    match value {
        Value::Null => Ok(SqlStorageValue::Null),
        Value::String(text) => Ok(text.into()),
        Value::Number(number) if number.is_i64() => Ok(number.as_i64().unwrap_or_default().into()),
        _ => Err(Error::RustError("a value that SQLite is not given".to_owned())),
    }
}
