use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{GroupGrant, Identity, IdentityId, Role, UserId};

/// The columns of [`Identity`].
pub(crate) const COLUMNS: &str = "id, provider, label, created_at, used_at, unlinked_at";

/// The provider of GitHub accounts. All other providers are issuer URLs.
pub(crate) const GITHUB: &str = "github";

/// An identity and its person.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredIdentity {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    /// When its person unlinked it.
    pub(crate) unlinked_at: Option<Timestamp>,
}

/// Finds an identity by provider and subject.
pub(crate) async fn find(
    db: &impl Sql,
    provider: &str,
    subject: &str,
) -> Result<Option<StoredIdentity>, DbError> {
    let sql = "SELECT id, user_id, unlinked_at FROM user_identities \
               WHERE provider = $1 AND subject = $2";
    db.one(db.statement(sql, [provider.into(), subject.into()])).await
}

/// An identity to insert.
pub(crate) struct NewIdentity<'a> {
    pub(crate) id: IdentityId,
    pub(crate) user_id: UserId,
    pub(crate) provider: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) now: Timestamp,
}

pub(crate) async fn insert(tx: &Tx, new: NewIdentity<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO user_identities (id, user_id, provider, subject, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        new.id.0.into(),
        new.user_id.into(),
        new.provider.into(),
        new.subject.into(),
        new.now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Records when an identity was last used, and its name at the provider.
pub(crate) async fn note(
    tx: &Tx,
    id: Uuid,
    label: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE user_identities SET label = $1, used_at = $2 WHERE id = $3";
    let values = [label.into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Finds one of a person's identities by its ID.
pub(crate) async fn own(tx: &Tx, user_id: UserId, id: Uuid) -> Result<Option<Identity>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM user_identities WHERE id = $1 AND user_id = $2");
    tx.one(tx.statement(&sql, [id.into(), user_id.into()])).await
}

/// Links or unlinks an identity as a sign-in method.
pub(crate) async fn set_unlinked(
    tx: &Tx,
    id: Uuid,
    unlinked_at: Option<Timestamp>,
) -> Result<(), DbError> {
    let sql = "UPDATE user_identities SET unlinked_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [unlinked_at.into(), id.into()])).await?;
    Ok(())
}

/// Deletes an identity that no points belong to.
pub(crate) async fn delete(tx: &Tx, id: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM user_identities WHERE id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Returns the identities of a person whose groups granted a role, each with what they granted last.
pub(crate) async fn granted(tx: &Tx, person: UserId) -> Result<Vec<(Uuid, GroupGrant)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        granted_role: Role,
        role_before: Role,
    }
    let sql = "SELECT id, granted_role, role_before FROM user_identities \
               WHERE user_id = $1 AND granted_role IS NOT NULL AND role_before IS NOT NULL ORDER BY id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    let grant = |row: Row| (row.id, GroupGrant { role: row.granted_role, before: row.role_before });
    Ok(rows.into_iter().map(grant).collect())
}

/// Records the role that an identity's groups grant now. Those of the person's other identities grant none from then on.
pub(crate) async fn set_granted(
    tx: &Tx,
    person: UserId,
    id: Uuid,
    grant: Option<GroupGrant>,
) -> Result<(), DbError> {
    let sql = "UPDATE user_identities SET granted_role = NULL, role_before = NULL \
               WHERE user_id = $1 AND granted_role IS NOT NULL";
    tx.run(tx.statement(sql, [person.into()])).await?;
    let role = grant.map(|grant| grant.role.as_str());
    let before = grant.map(|grant| grant.before.as_str());
    let sql = "UPDATE user_identities SET granted_role = $1, role_before = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [role.into(), before.into(), id.into()])).await?;
    Ok(())
}
