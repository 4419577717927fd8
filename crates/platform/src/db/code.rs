//! Codes: enumerations that are stored as text. A row with an unknown code is an error, never another value.

use std::{any::type_name, fmt};

use futures_util::future::{BoxFuture, FutureExt as _};
use sea_orm::{ColIdx, DbErr, FromQueryResult, QueryResult, Statement, TryGetError, TryGetable};

use super::{DbError, Sql as _, Tx};

/// Declares enumerations that are stored as text and read from columns as themselves. With a second text, each value also has a
/// `heading`, its name on pages.
///
/// ```
/// platform::codes! {
///     /// The state of a lamp.
///     LampState {
///         /// It burns.
///         Lit = "lit", "Burning";
///         Out = "out", "Not burning";
///     }
/// }
/// assert_eq!(LampState::named("lit").map(LampState::heading), Some("Burning"));
/// assert_eq!(LampState::named("unlit"), None);
/// assert_eq!(LampState::CODES, ["lit", "out"]);
/// ```
#[macro_export]
macro_rules! codes {
    ($(#[$about:meta])* $name:ident { $($(#[$value_about:meta])* $value:ident = $code:literal, $heading:literal;)+ }) => {
        $crate::codes! { $(#[$about])* $name { $($(#[$value_about])* $value = $code;)+ } }

        impl $name {
            /// Returns the name on pages.
            #[must_use]
            pub const fn heading(self) -> &'static str {
                match self { $(Self::$value => $heading),+ }
            }
        }
    };
    ($(#[$about:meta])* $name:ident { $($(#[$value_about:meta])* $value:ident = $code:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$value_about])* $value,)+
        }

        impl $name {
            pub const ALL: [Self; [$($name::$value),+].len()] = [$($name::$value),+];

            /// All stored texts, in the order of the values.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// Returns the stored text, which the API uses as well.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $code),+ }
            }

            /// Returns the value with a stored text.
            #[must_use]
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.as_str() == text)
            }
        }

        $crate::stored!($name);
    };
}

/// Lets enumerations be read from columns by their function `named`.
#[macro_export]
macro_rules! stored {
    ($($name:ty),+) => {$(
        impl ::sea_orm::TryGetable for $name {
            fn try_get_by<I: ::sea_orm::ColIdx>(
                row: &::sea_orm::QueryResult,
                column: I,
            ) -> Result<Self, ::sea_orm::TryGetError> {
                $crate::db::read_code(row, column, <$name>::named)
            }
        }
    )+};
}

/// Reads the code in a column.
///
/// # Errors
/// When the column is NULL, or no value has this code.
pub fn read_code<T, I: ColIdx>(
    row: &QueryResult,
    column: I,
    named: impl Fn(&str) -> Option<T>,
) -> Result<T, TryGetError> {
    let text = String::try_get_by(row, column)?;
    named(&text).ok_or_else(|| TryGetError::DbErr(unknown::<T>(&format!("{column:?}"), &text)))
}

/// Returns the value of a code that was not read from a column of its own. `place` is the table and the column, for errors.
///
/// # Errors
/// When no value has this code.
pub fn code<T>(place: &str, text: &str, named: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
    named(text).ok_or_else(|| DbError(unknown::<T>(place, text)))
}

fn unknown<T>(column: &str, text: &str) -> DbErr {
    DbErr::Type(format!("column {column}: `{text}` is no {}", kind_of::<T>()))
}

/// A column with codes, which a module declares with its table.
#[derive(Clone, Copy)]
pub struct CodeColumn {
    pub name: &'static str,
    /// Returns the name of the enumeration.
    pub kind: fn() -> &'static str,
    /// Reads the first column of the first row of a statement as modules read it.
    pub read: for<'a> fn(&'a Tx, Statement) -> BoxFuture<'a, Result<(), DbError>>,
}

impl CodeColumn {
    /// Describes a column whose texts are codes of `T`.
    #[must_use]
    pub const fn of<T: TryGetable + Send + 'static>(name: &'static str) -> Self {
        Self {
            name,
            kind: kind_of::<T>,
            read: |tx, statement| read_first::<T>(tx, statement).boxed(),
        }
    }
}

impl fmt::Debug for CodeColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, (self.kind)())
    }
}

async fn read_first<T: TryGetable + Send + 'static>(
    tx: &Tx,
    statement: Statement,
) -> Result<(), DbError> {
    struct First<T>(T);

    impl<T: TryGetable> FromQueryResult for First<T> {
        fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
            let names = row.column_names();
            Ok(Self(row.try_get("", names.first().map_or("", String::as_str))?))
        }
    }

    tx.one(statement).await.map(|row: Option<First<T>>| drop(row.map(|row| row.0)))
}

fn kind_of<T>() -> &'static str {
    type_name::<T>().rsplit("::").next().unwrap_or_default()
}
