//! Implements [`Sql`] with SQLite in memory, for tests. Runs the same statements as in production, and fails on demand.

use std::cell::Cell;
use std::rc::Rc;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};
use serde_json::{Map, Value};
use worker::{Error, Result};

use super::sql::{Sql, in_doubt};

/// A database in memory. Clones share one database, so that a test can load the page again as a restarted object does.
#[derive(Clone)]
pub struct MemorySql {
    connection: Rc<Connection>,
    faults: Rc<Faults>,
}

/// Decides which call fails.
#[derive(Default)]
pub struct Faults {
    /// How many statements succeed before all others fail; none if all succeed.
    statements_left: Cell<Option<u32>>,
    /// Whether commits fail.
    commit_fails: Cell<bool>,
    /// Whether commits are made, and fail all the same.
    commit_is_in_doubt: Cell<bool>,
    /// Whether a call has failed.
    happened: Cell<bool>,
}

impl Faults {
    /// Makes every statement after the next `count` fail.
    pub fn fail_after(&self, count: u32) {
        self.statements_left.set(Some(count));
    }

    /// Makes every transaction fail at its commit.
    pub fn fail_commit(&self) {
        self.commit_fails.set(true);
    }

    /// Makes every transaction fail after its commit.
    pub fn fail_after_commit(&self) {
        self.commit_is_in_doubt.set(true);
    }

    /// Stops all failures. Returns whether a call has failed since the last stop.
    pub fn end(&self) -> bool {
        self.statements_left.set(None);
        self.commit_fails.set(false);
        self.commit_is_in_doubt.set(false);
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
                self.statements_left.set(left.map(|left| left.saturating_sub(1)));
                Ok(())
            }
        }
    }

    fn commit(&self) -> Result<()> {
        if self.commit_fails.get() { self.fail("the disk does not answer") } else { Ok(()) }
    }
}

impl MemorySql {
    /// An empty database, and the switch for its failures.
    pub fn new() -> (Self, Rc<Faults>) {
        let faults = Rc::new(Faults::default());
        let connection = Rc::new(Connection::open_in_memory().unwrap());
        (Self { connection, faults: Rc::clone(&faults) }, faults)
    }

    fn control(&self, statement: &str) {
        self.connection.execute_batch(statement).unwrap();
    }
}

/// A JSON value as a SQL parameter.
struct Bound(Value);

impl ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::String(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Number(number) => ToSqlOutput::Borrowed(ValueRef::Integer(number.as_i64().unwrap())),
            other => panic!("not a SQL parameter: {other}"),
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
        if done.is_ok() && self.faults.commit_is_in_doubt.get() {
            self.faults.happened.set(true);
            return Err(in_doubt("the disk has not answered".to_owned()));
        }
        done
    }
}
