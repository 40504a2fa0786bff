//! SQLite in memory, for tests: the same statements as in production, and failures on demand.

use std::cell::Cell;
use std::rc::Rc;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};
use serde_json::{Map, Value};
use worker::{Error, Result};

use super::sql::Sql;

/// A database in memory. Clones share it, as a restarted object finds the storage that it left.
#[derive(Clone)]
pub struct MemorySql {
    connection: Rc<Connection>,
    faults: Rc<Faults>,
}

/// Which call fails.
#[derive(Default)]
pub struct Faults {
    /// How many statements still succeed; none if all do.
    statements_left: Cell<Option<u32>>,
    /// Whether the next transaction cannot be committed.
    commit_fails: Cell<bool>,
    /// Whether a failure has happened.
    happened: Cell<bool>,
}

impl Faults {
    /// Lets every statement fail after the next `count`.
    pub fn fail_after(&self, count: u32) {
        self.statements_left.set(Some(count));
    }

    /// Lets the next transaction fail when it is committed.
    pub fn fail_commit(&self) {
        self.commit_fails.set(true);
    }

    /// Ends all failures. True if one has happened since they were asked for.
    pub fn end(&self) -> bool {
        self.statements_left.set(None);
        self.commit_fails.set(false);
        self.happened.take()
    }

    fn fail(&self, why: &str) -> Result<()> {
        self.happened.set(true);
        Err(Error::RustError(why.to_owned()))
    }

    fn statement(&self) -> Result<()> {
        match self.statements_left.get() {
            Some(0) => self.fail("the disk is full"),
            left => {
                self.statements_left.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }

    fn commit(&self) -> Result<()> {
        if self.commit_fails.get() { self.fail("the disk does not answer") } else { Ok(()) }
    }
}

impl MemorySql {
    /// An empty database, and what makes it fail.
    pub fn new() -> (Self, Rc<Faults>) {
        let faults = Rc::new(Faults::default());
        let connection = Rc::new(Connection::open_in_memory().unwrap());
        (Self { connection, faults: Rc::clone(&faults) }, faults)
    }

    fn control(&self, statement: &str) {
        self.connection.execute_batch(statement).unwrap();
    }
}

/// A value as SQLite takes it.
struct Bound(Value);

impl ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::String(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Number(number) => ToSqlOutput::Borrowed(ValueRef::Integer(number.as_i64().unwrap())),
            other => panic!("not a value for SQLite: {other}"),
        })
    }
}

fn read(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => integer.into(),
        ValueRef::Real(real) => real.into(),
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap().into(),
        ValueRef::Blob(_) => panic!("nothing is stored as a blob"),
    }
}

impl Sql for MemorySql {
    fn run(&self, statement: &str, values: Vec<Value>) -> Result<Vec<Value>> {
        self.faults.statement()?;
        let failed = |error: rusqlite::Error| Error::RustError(error.to_string());
        let mut statement = self.connection.prepare(statement).map_err(failed)?;
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let values = rusqlite::params_from_iter(values.into_iter().map(Bound));
        let mut rows = statement.query(values).map_err(failed)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let columns = names.iter().enumerate();
            let columns = columns.map(|(index, name)| (name.clone(), read(row.get_ref(index).unwrap())));
            all.push(Value::Object(columns.collect::<Map<_, _>>()));
        }
        Ok(all)
    }

    fn transaction(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        self.control("BEGIN");
        let done = work().and_then(|()| self.faults.commit());
        self.control(if done.is_ok() { "COMMIT" } else { "ROLLBACK" });
        done
    }
}
