use std::collections::BTreeMap;

use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::RepositoryId,
    store::installations::{self, CoveredRepository},
};

/// The relation of a registered repository to the server's GitHub App.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppState {
    /// An installation includes it: the App delivers its events and reads it.
    Active,
    /// The installation that includes it is suspended.
    Suspended,
    Uninstalled,
    /// The installation does not include it any more.
    Removed,
}

impl AppState {
    /// Returns the name of the state in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Uninstalled => "uninstalled",
            Self::Removed => "removed",
        }
    }

    /// Returns true if the App delivers the repository's events.
    #[must_use]
    pub fn is_active(self) -> bool {
        self == Self::Active
    }

    /// Returns what happened, as a sentence without its period.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Active => "The GitHub App delivers its events",
            Self::Suspended => "The installation of the GitHub App is suspended",
            Self::Uninstalled => "The GitHub App was uninstalled",
            Self::Removed => "It was removed from the installation of the GitHub App",
        }
    }
}

/// The relation of a registered repository to the App.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppCover {
    /// `owner/name`.
    pub full_name: String,
    /// The relation.
    pub state: AppState,
    /// True when it is private, in which case its name must not be shown.
    pub is_private: bool,
    /// Since when it is not active any more, by GitHub.
    pub ended_at: Option<Timestamp>,
    /// True if it has a webhook of its own, which still delivers.
    pub has_hook: bool,
}

impl From<CoveredRepository> for AppCover {
    fn from(row: CoveredRepository) -> Self {
        let (state, ended_at) = match (row.deleted_at, row.removed_at, row.suspended_at) {
            (Some(at), _, _) => (AppState::Uninstalled, Some(at)),
            (_, Some(at), _) => (AppState::Removed, Some(at)),
            (_, _, Some(at)) => (AppState::Suspended, Some(at)),
            (None, None, None) => (AppState::Active, None),
        };
        Self {
            full_name: row.full_name,
            is_private: row.is_private,
            state,
            ended_at,
            has_hook: row.has_hook,
        }
    }
}

/// Returns the relations of repositories to the App, without those that no installation ever included. Of several
/// installations, one in use counts, or else the newest.
pub async fn app_covers(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<BTreeMap<Uuid, AppCover>, DbError> {
    let ids = repositories.into_iter().map(|id| id.0);
    let mut found: BTreeMap<Uuid, AppCover> = BTreeMap::new();
    for row in installations::of_registered(db, ids).await? {
        let (id, cover) = (row.repository_id, AppCover::from(row));
        if !found.get(&id).is_some_and(|known| known.state.is_active()) {
            found.insert(id, cover);
        }
    }
    Ok(found)
}

/// Returns when the first message of the App arrived since an instant: one that names an installation, or a ping of no repository.
pub async fn app_arrival(db: &impl Sql, since: Timestamp) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        received_at: Timestamp,
    }
    let sql = "SELECT received_at FROM webhook_deliveries WHERE body IS NOT NULL AND received_at >= $1 \
               AND (installation_id IS NOT NULL OR event = 'ping' AND repository_github_id IS NULL) \
               ORDER BY received_at LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [since.into()])).await?;
    Ok(row.map(|row| row.received_at))
}

/// Counts the repositories that an installation of the App in use includes.
pub async fn installed_repositories(db: &impl Sql) -> Result<i64, DbError> {
    installations::covered_count(db).await
}
