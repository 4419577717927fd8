//! Queries of texts.

use identity::model::UserId;
use kernel::{Problem, Timestamp};
use platform::db::{Db, DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    model::{Facts, TextName, TextVersion},
    rules,
    store::texts::{self, VERSION},
};

/// The maximum number of versions in a list.
const VERSIONS: i64 = 50;

/// A text as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownText {
    /// The text, as Markdown.
    pub body: String,
    /// The saved version; absent while the proposed text is shown.
    pub saved: Option<TextVersion>,
}

impl ShownText {
    /// Returns the number of the version; 0 for the proposed text.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.saved.as_ref().map_or(0, |saved| saved.version)
    }
}

/// Returns the current text of a page, or the proposed one.
///
/// # Errors
/// When the database fails.
pub async fn shown(db: &impl Sql, facts: &Facts, name: TextName) -> Result<ShownText, DbError> {
    let saved = texts::current(db, name).await?;
    let body = match &saved {
        Some(saved) => saved.body.clone(),
        None => rules::proposed(name, facts),
    };
    Ok(ShownText { body, saved })
}

/// Returns a version of a text.
///
/// # Errors
/// When the database fails.
pub async fn version(
    db: &impl Sql,
    name: TextName,
    version: i64,
) -> Result<Option<TextVersion>, DbError> {
    texts::version(db, name, version).await
}

/// A version in a list, without its text.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ListedVersion {
    pub name: TextName,
    pub version: i64,
    pub author_id: Option<Uuid>,
    pub restored_from: Option<i64>,
    pub created_at: Timestamp,
}

/// Returns up to 50 versions of a text below a number, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(db: &Db, name: TextName, below: i64) -> Result<Vec<ListedVersion>, DbError> {
    let sql = "SELECT name, version, author_id, restored_from, created_at FROM community_texts \
               WHERE name = $1 AND version < $2 ORDER BY version DESC LIMIT $3";
    db.all(db.statement(sql, [name.as_str().into(), below.into(), VERSIONS.into()])).await
}

/// Returns the newest version of each text that was saved.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &Db) -> Result<Vec<ListedVersion>, DbError> {
    let sql = "SELECT t.name, t.version, t.author_id, t.restored_from, t.created_at \
               FROM community_texts t WHERE t.version = \
               (SELECT max(n.version) FROM community_texts n WHERE n.name = t.name) ORDER BY t.name";
    db.all(db.statement(sql, [])).await
}

/// Returns the versions that a person saved, for the export of their data.
pub(crate) async fn export(tx: &Tx, person: UserId) -> Result<Value, DbError> {
    let sql = format!(
        "SELECT {VERSION} FROM community_texts WHERE author_id = $1 ORDER BY created_at, id"
    );
    let saved: Vec<TextVersion> = tx.all(tx.statement(&sql, [person.into()])).await?;
    let text = |it: &TextVersion| json!({ "name": it.name.as_str(), "version": it.version, "body": it.body, "saved_at": it.created_at });
    Ok(json!({ "texts": saved.iter().map(text).collect::<Vec<_>>() }))
}

/// Returns the problem of an unknown text.
#[must_use]
pub fn unknown(name: &str) -> Problem {
    Problem::not_found(format!(
        "Unknown text '{name}'. The texts are about, conduct, privacy and contact."
    ))
}

/// Returns the problem of an unknown version.
pub(crate) fn unknown_version(name: TextName, version: i64) -> Problem {
    let name = name.as_str();
    Problem::not_found(format!(
        "The text '{name}' has no version {version}. See /admin/texts/{name}."
    ))
}
