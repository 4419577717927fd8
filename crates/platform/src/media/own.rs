//! The pictures of a person in their export, and their erasure.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{store, subject_of, texts_of};
use crate::db::{DbError, Kind, Sql, Tx, erase_rows, own_rows};

/// Returns what is stored about the pictures of a person. The pictures themselves are at the stated paths.
pub(crate) async fn export(db: &impl Sql, person: Uuid) -> Result<Value, DbError> {
    let pictures = own_rows(
        db,
        person,
        &[
            ("created_at", Kind::At),
            ("address", Kind::Text),
            ("used_for", Kind::Text),
            ("source", Kind::Text),
            ("description", Kind::Text),
        ],
        "SELECT u.created_at, '/pictures/' || p.hash || '.' || p.extension AS address, u.used_for, u.source, \
         u.description FROM picture_uses u JOIN pictures p ON p.id = u.picture_id WHERE u.owner_id = $1 ORDER BY u.id",
    );
    let pictures = pictures.await?;
    let reports = own_rows(
        db,
        person,
        &[("created_at", Kind::At), ("words", Kind::Text)],
        "SELECT created_at, words FROM picture_reports WHERE reporter_id = $1 ORDER BY id",
    );
    let reports = reports.await?;
    let uploads = own_rows(
        db,
        person,
        &[("created_at", Kind::At)],
        "SELECT created_at FROM picture_uploads WHERE person_id = $1 ORDER BY id",
    );
    Ok(json!({ "pictures": pictures, "reports": reports, "uploads": uploads.await? }))
}

/// Erases the portrait of a person, their pictures for texts, and their reports of pictures of others. A picture that they uploaded
/// for a thing belongs to the thing, and names no one from then on.
pub(crate) async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let sql =
        "UPDATE picture_uses SET owner_id = $1 WHERE owner_id = $2 AND subject NOT IN ($3, $4)";
    let (portrait, texts) = (subject_of(person), texts_of(person));
    let values = [Uuid::nil().into(), person.into(), portrait.into(), texts.into()];
    tx.run(tx.statement(sql, values)).await?;
    let statements = [
        "DELETE FROM picture_reports WHERE reporter_id = $1",
        "DELETE FROM picture_reports WHERE use_id IN \
         (SELECT id FROM picture_uses WHERE owner_id = $1)",
        "DELETE FROM picture_uses WHERE owner_id = $1",
        "DELETE FROM picture_uploads WHERE person_id = $1",
    ];
    erase_rows(tx, person, &statements).await?;
    store::delete_unused(tx).await
}
