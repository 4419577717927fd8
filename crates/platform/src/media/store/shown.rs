//! Queries for pages and the API.

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::super::{PictureUse, address, subject_of, texts_of};
use crate::db::{DbError, Sql};

/// The maximum number of reported pictures of a page.
const MOST_REPORTED: i64 = 50;

/// A picture of a person.
#[derive(Clone, Debug)]
pub struct OwnPicture {
    pub id: Uuid,
    pub address: String,
    pub used: PictureUse,
    pub description: String,
    pub created_at: Timestamp,
}

/// A picture that people reported.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ReportedPicture {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub used_for: PictureUse,
    /// The thing that has the picture.
    pub subject: String,
    pub description: String,
    pub hash: String,
    pub extension: String,
    pub words: String,
    /// When the report was made.
    pub created_at: Timestamp,
}

/// A stored file.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::media) struct StoredFile {
    pub(in crate::media) extension: String,
    pub(in crate::media) content: Vec<u8>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    hash: String,
    extension: String,
    used_for: PictureUse,
    description: String,
    created_at: Timestamp,
}

impl From<Row> for OwnPicture {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            address: address(&row.hash, &row.extension),
            used: row.used_for,
            description: row.description,
            created_at: row.created_at,
        }
    }
}

const COLUMNS: &str = "SELECT u.id, p.hash, p.extension, u.used_for, u.description, u.created_at \
     FROM picture_uses u JOIN pictures p ON p.id = u.picture_id";

/// Lists the portrait of a person and their pictures for texts, the latest first. Those that they uploaded for things belong to
/// the things.
pub async fn own(db: &impl Sql, owner: Uuid) -> Result<Vec<OwnPicture>, DbError> {
    let sql = format!("{COLUMNS} WHERE u.subject IN ($1, $2) ORDER BY u.id DESC LIMIT 100");
    let subjects = [subject_of(owner).into(), texts_of(owner).into()];
    let rows: Vec<Row> = db.all(db.statement(&sql, subjects)).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Returns the portrait of a person.
pub async fn of_person(db: &impl Sql, person: Uuid) -> Result<Option<OwnPicture>, DbError> {
    picture_of(db, &subject_of(person), PictureUse::Face).await
}

/// Returns the picture of a subject in a use.
pub async fn picture_of(
    db: &impl Sql,
    subject: &str,
    used: PictureUse,
) -> Result<Option<OwnPicture>, DbError> {
    let sql =
        format!("{COLUMNS} WHERE u.subject = $1 AND u.used_for = $2 ORDER BY u.id DESC LIMIT 1");
    let row: Option<Row> =
        db.one(db.statement(&sql, [subject.into(), used.as_str().into()])).await?;
    Ok(row.map(Into::into))
}

/// Lists the reports of pictures, the earliest first, at most 50.
pub async fn reported(db: &impl Sql) -> Result<Vec<ReportedPicture>, DbError> {
    let sql = "SELECT u.id, u.owner_id, u.used_for, u.subject, u.description, p.hash, p.extension, r.words, r.created_at \
               FROM picture_reports r JOIN picture_uses u ON u.id = r.use_id \
               JOIN pictures p ON p.id = u.picture_id ORDER BY r.id LIMIT $1";
    db.all(db.statement(sql, [MOST_REPORTED.into()])).await
}

/// Returns the stored file with a hash.
pub(in crate::media) async fn file(
    db: &impl Sql,
    hash: &str,
) -> Result<Option<StoredFile>, DbError> {
    let sql = "SELECT extension, content FROM pictures WHERE hash = $1";
    db.one(db.statement(sql, [hash.into()])).await
}
