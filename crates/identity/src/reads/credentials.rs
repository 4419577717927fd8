use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{SecondFactor, Session, Token, UserId, Viewer};

/// Lists a person's open sessions, most recently used first.
pub async fn sessions(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, DbError> {
    let sql = "SELECT id, created_at, last_seen_at, expires_at, user_agent, address_prefix, \
               is_program FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 \
               ORDER BY last_seen_at DESC, id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into(), now.into()])).await
}

/// Lists a person's tokens, newest first, without revoked ones.
pub async fn tokens(db: &impl Sql, person: UserId) -> Result<Vec<Token>, DbError> {
    let sql = "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_tokens \
               WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}

/// Finds a token and its person.
pub async fn token(db: &impl Sql, id: Uuid) -> Result<Option<(UserId, Token)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        #[sea_orm(nested)]
        token: Token,
    }
    let sql = "SELECT user_id, id, name, scopes, created_at, expires_at, last_used_at \
               FROM api_tokens WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map(|row| (row.user_id.into(), row.token)))
}

/// Returns when the viewer's session began.
pub async fn signed_in_at(db: &impl Sql, viewer: &Viewer) -> Result<Option<Timestamp>, DbError> {
    let session = session(db, viewer.by.id()).await?;
    Ok(session.map(|(_, session)| session.created_at))
}

/// Finds a session and its person.
pub async fn session(db: &impl Sql, id: Uuid) -> Result<Option<(UserId, Session)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        #[sea_orm(nested)]
        session: Session,
    }
    let sql = "SELECT user_id, id, created_at, last_seen_at, expires_at, user_agent, \
               address_prefix, is_program FROM sessions WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map(|row| (row.user_id.into(), row.session)))
}

/// Finds a person's confirmed second factor.
pub async fn second_factor(db: &impl Sql, person: UserId) -> Result<Option<SecondFactor>, DbError> {
    let sql = "SELECT f.confirmed_at, (SELECT count(*) FROM recovery_codes c \
               WHERE c.user_id = f.user_id AND c.used_at IS NULL) AS codes_left \
               FROM second_factors f WHERE f.user_id = $1 AND f.confirmed_at IS NOT NULL";
    db.one(db.statement(sql, [person.into()])).await
}
