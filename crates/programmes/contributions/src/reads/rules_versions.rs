use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde_json::Value;

use crate::{
    model::ProjectId,
    rules::{Candidate, RulesDocument},
};

/// A published version of a project's rules.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RulesVersion {
    /// The version number, starting at 1.
    pub version: i64,
    /// Values that differ from the defaults, as JSON.
    pub document: String,
    pub published_at: Timestamp,
}

impl RulesVersion {
    /// Returns the rules, with defaults filled in.
    #[must_use]
    pub fn rules(&self) -> RulesDocument {
        RulesDocument::parse(&self.document).unwrap_or_default()
    }

    /// Returns the document that the next version begins with: rules that did not exist when this version was published
    /// are on.
    #[must_use]
    pub fn successor(&self) -> Candidate {
        Candidate::read(&self.document).unwrap_or_else(|_| Candidate::newest())
    }

    /// Returns whether rules exist that did not when this version was published.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.successor().stated() != self.stated()
    }

    #[must_use]
    pub fn stated(&self) -> Value {
        serde_json::from_str(&self.document).unwrap_or_default()
    }
}

/// Returns the current version of a project's rules.
///
/// # Errors
/// When the database fails, or the project has no rules.
pub async fn current_rules(db: &impl Sql, project: ProjectId) -> Result<RulesVersion, DbError> {
    let sql = "SELECT version, document, published_at FROM project_rules WHERE project_id = $1 \
               ORDER BY version DESC LIMIT 1";
    let found = db.one(db.statement(sql, [project.into()])).await?;
    // A project is created together with its first version.
    let missing = || sea_orm::DbErr::RecordNotFound("a project without rules".to_owned());
    Ok(found.ok_or_else(missing)?)
}
