use kernel::Problem;
use platform::{
    Context,
    web::{WebError, bad_cursor},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{LONGEST_VALUE, malformed};
use crate::{
    reads::{self, RepositoryFilter, RepositoryOrder, RepositoryView},
    rules::listing::numbered_place,
};

/// The requested repositories.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct RepositoryQuery {
    /// A part of the name, `owner/name`, in any case.
    #[param(required = false, max_length = 100, example = "lantern")]
    pub(crate) q: String,
    /// A language with a tenth of the code, or the main one.
    #[param(required = false, max_length = 100, example = "Rust")]
    pub(crate) language: String,
    /// A topic.
    #[param(required = false, max_length = 100)]
    pub(crate) topic: String,
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    pub(crate) limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(required = false)]
    pub(crate) cursor: String,
}

impl RepositoryQuery {
    /// Returns the filter that it asks for.
    ///
    /// # Errors
    /// When a value is too long, or the cursor is none of this server.
    pub(crate) fn filter(&self, order: RepositoryOrder) -> Result<RepositoryFilter, Problem> {
        for (name, value) in [("q", &self.q), ("language", &self.language), ("topic", &self.topic)]
        {
            if value.chars().count() > LONGEST_VALUE {
                return Err(malformed(format!(
                    "{name} can have at most {LONGEST_VALUE} characters."
                )));
            }
        }
        Ok(RepositoryFilter {
            name: self.q.clone(),
            language: self.language.clone(),
            topic: self.topic.clone(),
            order,
            after: numbered(&self.cursor)?,
        })
    }
}

/// Parses a cursor of a list by a number; `None` if it is empty.
///
/// # Errors
/// When it is none of this server.
pub(crate) fn numbered(cursor: &str) -> Result<Option<(i64, Uuid)>, Problem> {
    match cursor {
        "" => Ok(None),
        cursor => numbered_place(cursor).map(Some).ok_or_else(bad_cursor),
    }
}

fn unknown() -> Problem {
    Problem::not_found(
        "No repository with this ID or name is known here. Search for one at /discover/repositories.",
    )
}

/// Finds a repository by its ID.
///
/// # Errors
/// When it is unknown or not public, or the database fails.
pub(crate) async fn repository(context: &Context, id: Uuid) -> Result<RepositoryView, WebError> {
    Ok(reads::repository(&context.db, id).await?.ok_or_else(unknown)?)
}

/// Finds a repository by its name.
///
/// # Errors
/// When it is unknown or not public, or the database fails.
pub(crate) async fn repository_named(
    context: &Context,
    full_name: &str,
) -> Result<RepositoryView, WebError> {
    let found = reads::repository_named(&context.db, full_name).await?;
    Ok(found.ok_or_else(unknown)?)
}
