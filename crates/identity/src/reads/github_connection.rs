use platform::db::{DbError, Sql};
use uuid::Uuid;

use crate::{
    model::{GithubConnection, UserId},
    store::github_tokens::{self, GithubTokenRow},
};

/// Returns a person's connection to GitHub, which GitHub may have ended.
pub async fn github_connection(
    db: &impl Sql,
    person: UserId,
) -> Result<Option<GithubConnection>, DbError> {
    let found = github_tokens::of_person(db, person).await?;
    Ok(found.map(Into::into))
}

/// Finds the person of a stored token on GitHub, and their connection.
pub async fn connection_of_token(
    db: &impl Sql,
    token: Uuid,
) -> Result<Option<(UserId, GithubConnection)>, DbError> {
    let found = github_tokens::by_id(db, token).await?;
    Ok(found.map(|row| (row.user_id.into(), row.into())))
}

impl From<GithubTokenRow> for GithubConnection {
    fn from(row: GithubTokenRow) -> Self {
        Self {
            login: row.login,
            connected_at: row.created_at,
            scopes: row.scopes.split(' ').map(str::to_owned).collect(),
            revoked_at: row.revoked_at,
        }
    }
}
