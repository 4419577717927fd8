//! Statements for the pictures of hackathons and submissions.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::SubmissionId;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// A thing with a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pictured {
    Hackathon(Uuid),
    Submission(Uuid),
}

/// Notes the path and the description of a picture.
pub(crate) async fn set(
    tx: &Tx,
    thing: Pictured,
    picture: Option<(&str, &str)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let (table, id) = match thing {
        Pictured::Hackathon(id) => ("hackathons", id),
        Pictured::Submission(id) => ("submissions", id),
    };
    let sql = format!(
        "UPDATE {table} SET picture = $1, picture_text = $2, updated_at = $3 WHERE id = $4"
    );
    let (path, text) = picture.unzip();
    let (path, text) = (path.map(str::to_owned), text.map(str::to_owned));
    tx.run(tx.statement(&sql, [path.into(), text.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// Lists the submissions with a picture that a person submitted alone.
pub(crate) async fn of_person(tx: &Tx, person: UserId) -> Result<Vec<SubmissionId>, DbError> {
    let sql = "SELECT id FROM submissions WHERE user_id = $1 AND picture IS NOT NULL";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}
