//! Database errors, and their causes as far as a person can act on them.

use std::{error::Error, fmt};

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// An error of the database. Never caused by the caller's input, which is validated earlier.
#[derive(Debug, thiserror::Error)]
#[error("database error: {0}")]
pub struct DbError(#[from] pub DbErr);

impl DbError {
    /// Returns the cause.
    #[must_use]
    pub fn fault(&self) -> Fault {
        Fault::of(&self.0)
    }

    /// Returns true if the disk was full. Nothing was changed then.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.fault() == Fault::Full
    }
}

/// The cause of a database error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full.
    Full,
    /// The database does not respond, is stopped, or its file is gone.
    Unavailable,
    /// Another process held a lock for too long.
    Locked,
    /// The file is damaged, or not a SQLite database.
    Damaged,
    /// The database refuses all writes.
    ReadOnly,
    /// The database user lacks a right.
    Denied,
    /// The installation was moved to another database.
    Moved,
    /// A cause that only the database's own message describes.
    Other,
}

/// The message of the triggers that refuse writes to a moved database.
pub(super) const MOVED_AWAY: &str = "this installation moved to another database";

impl Fault {
    /// Determines the cause of an error.
    #[must_use]
    pub fn of(error: &DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) => Self::Unavailable,
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Self::of_driver(error),
            _ => Self::Other,
        }
    }

    /// Determines the cause of a driver's error.
    pub(super) fn of_driver(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable,
            sqlx::Error::Database(error) if error.message().contains(MOVED_AWAY) => Self::Moved,
            sqlx::Error::Database(error) => Self::of_code(&error.code().unwrap_or_default()),
            _ => Self::Other,
        }
    }

    /// Determines the cause of an error code: a number of SQLite, or five characters of PostgreSQL.
    fn of_code(code: &str) -> Self {
        if code.len() == 5 {
            return match code {
                "53100" => Self::Full,
                "25006" => Self::ReadOnly,
                "42501" => Self::Denied,
                "55P03" => Self::Locked,
                "53300" => Self::Unavailable,
                _ if code.starts_with("08") || code.starts_with("57P") => Self::Unavailable,
                _ => Self::Other,
            };
        }
        let Ok(code) = code.parse::<i32>() else {
            return Self::Other;
        };
        // The lowest byte is SQLite's primary code.
        match (code, code & 0xff) {
            // SQLITE_READONLY_DBMOVED: the file was moved or deleted.
            (1032, _) => Self::Unavailable,
            (_, 5 | 6) => Self::Locked,
            (_, 8) => Self::ReadOnly,
            (_, 10 | 14) => Self::Unavailable,
            (_, 11 | 26) => Self::Damaged,
            (_, 13) => Self::Full,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the disk of the database is full: free some space, then try again",
            Self::Unavailable => {
                "the database cannot be reached: check that it is running and that its files are in place, then \
                 try again"
            }
            Self::Locked => "another process is writing to the database: try again in a moment",
            Self::Damaged => {
                "the database file is damaged or not a SQLite database: restore a backup that `guildhall backup` wrote"
            }
            Self::ReadOnly => {
                "the database refuses writes: check the permissions of its files and its user, then try again"
            }
            Self::Denied => {
                "the database user lacks rights: make it the owner of the database with \
                 `ALTER DATABASE NAME OWNER TO USER`, then try again"
            }
            Self::Moved => {
                "this installation was moved to another database: set DATABASE_URL to that database"
            }
            Self::Other => {
                "the database could not do this: run `guildhall doctor`, or set GUILDHALL_LOG=debug and try again \
                 for the database's own message"
            }
        })
    }
}

/// A database error among the causes of another error, and the sentence that replaces its text for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The text of the database, which means nothing to most people.
    pub raw: String,
    /// The cause and the next step.
    pub fault: Fault,
}

/// Finds a database error among an error and its causes.
#[must_use]
pub fn explain<'a>(
    mut causes: impl Iterator<Item = &'a (dyn Error + 'static)>,
) -> Option<Explained> {
    causes.find_map(|cause| {
        let of = |raw: String, fault| Explained { raw, fault };
        if let Some(DbError(error)) = cause.downcast_ref() {
            return Some(of(error.to_string(), Fault::of(error)));
        }
        if let Some(error) = cause.downcast_ref::<DbErr>() {
            return Some(of(error.to_string(), Fault::of(error)));
        }
        let error = cause.downcast_ref::<sqlx::Error>()?;
        Some(of(error.to_string(), Fault::of_driver(error)))
    })
}

/// Describes an error for a person: the meaning of a database error, and any other error in its own words.
#[must_use]
pub fn in_words(error: &(dyn Error + 'static)) -> String {
    match explain(std::iter::successors(Some(error), |&error| error.source())) {
        Some(explained) => {
            tracing::debug!(%error, "the database failed");
            explained.fault.to_string()
        }
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnAcquireErr;

    use super::*;

    #[test]
    fn codes_of_both_engines_have_a_cause() {
        for (code, fault) in [
            ("13", Fault::Full),
            ("53100", Fault::Full),
            ("5", Fault::Locked),
            ("517", Fault::Locked),
            ("8", Fault::ReadOnly),
            ("1032", Fault::Unavailable),
            ("14", Fault::Unavailable),
            ("4618", Fault::Unavailable),
            ("11", Fault::Damaged),
            ("26", Fault::Damaged),
            ("57P01", Fault::Unavailable),
            ("57P03", Fault::Unavailable),
            ("08006", Fault::Unavailable),
            ("25006", Fault::ReadOnly),
            ("42501", Fault::Denied),
            ("42P01", Fault::Other),
            ("1", Fault::Other),
            ("", Fault::Other),
        ] {
            assert_eq!(Fault::of_code(code), fault, "{code}");
        }
    }

    #[test]
    fn a_lost_connection_is_an_unavailable_database() {
        let lost = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let run = |error: sqlx::Error| DbErr::Exec(RuntimeErr::SqlxError(error.into()));
        for error in [
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            run(sqlx::Error::Io(lost())),
            run(sqlx::Error::PoolClosed),
        ] {
            assert_eq!(Fault::of(&error), Fault::Unavailable, "{error}");
        }
        assert_eq!(Fault::of(&DbErr::RecordNotInserted), Fault::Other);
    }

    #[test]
    fn a_database_error_is_found_among_causes() {
        let error = crate::ActionError::Db(DbErr::RecordNotInserted.into());
        let causes =
            std::iter::successors(Some(&error as &(dyn Error + 'static)), |&error| error.source());
        let explained = explain(causes).expect("found");
        assert!(error.to_string().contains(&explained.raw));
        assert_eq!(explained.fault, Fault::Other);
        assert_eq!(in_words(&error), Fault::Other.to_string());
        let other: &(dyn Error + 'static) = &std::io::Error::other("disk full");
        assert_eq!(explain(std::iter::once(other)), None);
    }
}
