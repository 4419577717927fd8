//! Statements for actions, and queries for pages and the API.

mod shown;

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{NewPicture, PictureUse};
use crate::{
    Context,
    db::{DbError, Sql as _, Tx},
};

pub(super) use shown::file;
pub use shown::{OwnPicture, ReportedPicture, of_person, own, picture_of, reported};

/// A picture in use.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct StoredUse {
    pub(super) id: Uuid,
    pub(super) owner_id: Uuid,
    pub(super) used_for: PictureUse,
    pub(super) subject: String,
}

pub(super) async fn forget_uploads(tx: &Tx, before: Timestamp) -> Result<(), DbError> {
    let sql = "DELETE FROM picture_uploads WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await?;
    Ok(())
}

pub(super) async fn uploads_by(tx: &Tx, person: Uuid) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM picture_uploads WHERE person_id = $1";
    tx.count(tx.statement(sql, [person.into()])).await
}

pub(super) async fn uploads(tx: &Tx) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM picture_uploads";
    tx.count(tx.statement(sql, [])).await
}

pub(super) async fn insert_upload(
    tx: &Tx,
    id: Uuid,
    person: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO picture_uploads (id, created_at, person_id) VALUES ($1, $2, $3)";
    tx.run(tx.statement(sql, [id.into(), now.into(), person.into()])).await?;
    Ok(())
}

pub(super) async fn kept_by(tx: &Tx, person: Uuid) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM picture_uses WHERE owner_id = $1";
    tx.count(tx.statement(sql, [person.into()])).await
}

/// Stores a picture if its content is new, and its use.
pub(super) async fn insert(
    tx: &Tx,
    context: &Context,
    new: &NewPicture<'_>,
) -> Result<(), DbError> {
    let (now, picture) = (context.now(), new.picture);
    let sql = "INSERT INTO pictures (id, created_at, hash, extension, width, height, content) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hash) DO NOTHING";
    let values = [
        context.ids.next().into(),
        now.into(),
        picture.hash.clone().into(),
        picture.extension.into(),
        i64::from(picture.width).into(),
        i64::from(picture.height).into(),
        picture.content.clone().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "INSERT INTO picture_uses (id, created_at, picture_id, owner_id, used_for, subject, source, description) \
               SELECT $1, $2, p.id, $3, $4, $5, $6, $7 FROM pictures p WHERE p.hash = $8";
    let values = [
        context.ids.next().into(),
        now.into(),
        new.owner.into(),
        new.used.as_str().into(),
        new.subject.into(),
        new.source.as_str().into(),
        new.description.into(),
        picture.hash.clone().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Returns a use by its ID.
pub(super) async fn find(tx: &Tx, id: Uuid) -> Result<Option<StoredUse>, DbError> {
    let sql = "SELECT id, owner_id, used_for, subject FROM picture_uses WHERE id = $1";
    tx.one(tx.statement(sql, [id.into()])).await
}

/// Returns the first use of the picture with a hash.
pub(super) async fn find_by_hash(tx: &Tx, hash: &str) -> Result<Option<StoredUse>, DbError> {
    let sql = "SELECT u.id, u.owner_id, u.used_for, u.subject FROM pictures p \
               JOIN picture_uses u ON u.picture_id = p.id WHERE p.hash = $1 ORDER BY u.id LIMIT 1";
    tx.one(tx.statement(sql, [hash.into()])).await
}

/// Lists the uses of a subject.
pub(super) async fn of_subject(
    tx: &Tx,
    subject: &str,
    used: PictureUse,
) -> Result<Vec<StoredUse>, DbError> {
    let sql = "SELECT id, owner_id, used_for, subject FROM picture_uses \
               WHERE subject = $1 AND used_for = $2";
    tx.all(tx.statement(sql, [subject.into(), used.as_str().into()])).await
}

pub(super) async fn set_description(tx: &Tx, id: Uuid, text: &str) -> Result<(), DbError> {
    let sql = "UPDATE picture_uses SET description = $2 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), text.into()])).await?;
    Ok(())
}

/// Deletes a use with its reports, and its picture if nothing else uses that.
pub(super) async fn delete(tx: &Tx, id: Uuid) -> Result<(), DbError> {
    for sql in
        ["DELETE FROM picture_reports WHERE use_id = $1", "DELETE FROM picture_uses WHERE id = $1"]
    {
        tx.run(tx.statement(sql, [id.into()])).await?;
    }
    delete_unused(tx).await
}

/// Deletes the pictures that nothing uses.
pub(super) async fn delete_unused(tx: &Tx) -> Result<(), DbError> {
    let sql = "DELETE FROM pictures WHERE NOT EXISTS \
               (SELECT 1 FROM picture_uses u WHERE u.picture_id = pictures.id)";
    tx.run(tx.statement(sql, [])).await?;
    Ok(())
}

pub(super) async fn reports_by(tx: &Tx, reporter: Uuid, since: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM picture_reports WHERE reporter_id = $1 AND created_at > $2";
    tx.count(tx.statement(sql, [reporter.into(), since.into()])).await
}

pub(super) async fn insert_report(
    tx: &Tx,
    context: &Context,
    (used, reporter): (Uuid, Uuid),
    words: &str,
) -> Result<(), DbError> {
    let sql = "INSERT INTO picture_reports (id, created_at, use_id, reporter_id, words) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (use_id, reporter_id) DO NOTHING";
    let values = [
        context.ids.next().into(),
        context.now().into(),
        used.into(),
        reporter.into(),
        words.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Deletes the reports of a use. Returns their number.
pub(super) async fn delete_reports(tx: &Tx, used: Uuid) -> Result<u64, DbError> {
    let sql = "DELETE FROM picture_reports WHERE use_id = $1";
    tx.run(tx.statement(sql, [used.into()])).await
}
