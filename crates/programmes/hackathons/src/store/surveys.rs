//! Statements for surveys.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql as _, Tx};
use uuid::Uuid;

use crate::model::{HackathonId, SurveyAudience, SurveyId};

/// Writes the questions of a survey as JSON, with its next revision.
pub(crate) async fn save(
    tx: &Tx,
    id: Uuid,
    hackathon: HackathonId,
    audience: SurveyAudience,
    questions: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO surveys (id, created_at, updated_at, hackathon_id, audience, questions, revision) \
               VALUES ($1, $2, $2, $3, $4, $5, 1) ON CONFLICT (hackathon_id, audience) DO UPDATE SET \
               questions = excluded.questions, revision = surveys.revision + 1, updated_at = excluded.updated_at";
    let values =
        [id.into(), now.into(), hackathon.into(), audience.as_str().into(), questions.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes a survey to which no one is invited.
pub(crate) async fn remove(tx: &Tx, id: SurveyId) -> Result<(), DbError> {
    let sql = "DELETE FROM surveys WHERE id = $1 AND invited_at IS NULL";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Stores that people are invited to a survey, each a row and a person.
pub(crate) async fn invite(
    tx: &Tx,
    id: SurveyId,
    people: &[(Uuid, UserId)],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE surveys SET invited_at = $2, updated_at = $2 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), now.into()])).await?;
    let mut rows = Rows::new([("id", Kind::Uuid), ("user_id", Kind::Uuid)]);
    for (row, person) in people {
        rows.push([(*row).into(), (*person).into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let id = query.bind(id);
    let sql = format!(
        "INSERT INTO survey_invitations (id, created_at, survey_id, user_id) \
         SELECT r.id, {now}, {id}, r.user_id FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Writes the answers of a person as JSON.
pub(crate) async fn answer(
    tx: &Tx,
    row: Uuid,
    survey: SurveyId,
    person: UserId,
    answers: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO survey_answers (id, created_at, updated_at, survey_id, user_id, answers) \
               VALUES ($1, $2, $2, $3, $4, $5) ON CONFLICT (survey_id, user_id) DO UPDATE SET \
               answers = excluded.answers, updated_at = excluded.updated_at";
    let values = [row.into(), now.into(), survey.into(), person.into(), answers.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores what the answers to a closed survey count as JSON, and deletes them: no one can tell any more which were
/// whose.
pub(crate) async fn close(
    tx: &Tx,
    id: SurveyId,
    counted: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE surveys SET counted = $2, updated_at = $3 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), counted.into(), now.into()])).await?;
    let sql = "DELETE FROM survey_answers WHERE survey_id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Removes the answers to the surveys of a hackathon, also what they count.
pub(crate) async fn remove_answers(tx: &Tx, hackathon: HackathonId) -> Result<(), DbError> {
    for sql in [
        "DELETE FROM survey_answers WHERE survey_id IN \
         (SELECT s.id FROM surveys s WHERE s.hackathon_id = $1)",
        "UPDATE surveys SET counted = NULL WHERE hackathon_id = $1 AND counted IS NOT NULL",
    ] {
        tx.run(tx.statement(sql, [hackathon.into()])).await?;
    }
    Ok(())
}

/// Removes the answers of a person to surveys that are not counted yet.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM survey_answers WHERE user_id = $1";
    tx.run(tx.statement(sql, [person.into()])).await?;
    Ok(())
}
