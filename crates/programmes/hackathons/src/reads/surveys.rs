//! Surveys. No query for organizers reads who answered.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    model::{HackathonId, SurveyAudience, SurveyId},
    rules::surveys::{Answers, CountedSurvey, SurveyQuestion, opened},
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct SurveyView {
    pub id: Uuid,
    pub hackathon_id: Uuid,
    pub audience: SurveyAudience,
    questions: StoredQuestions,
    /// The number of times that the questions were written.
    pub revision: i64,
    /// When people were invited.
    pub invited_at: Option<Timestamp>,
    counted: Option<StoredCounts>,
}

impl SurveyView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> SurveyId {
        self.id.into()
    }

    #[must_use]
    pub fn questions(&self) -> Vec<SurveyQuestion> {
        self.questions.0.clone()
    }

    /// Returns what the answers count, once the survey is closed.
    #[must_use]
    pub fn counted(&self) -> Option<&CountedSurvey> {
        self.counted.as_ref().map(|it| &it.0)
    }
}

/// The questions of a survey, which are stored as JSON.
#[derive(Clone, Debug)]
struct StoredQuestions(Vec<SurveyQuestion>);

impl StoredQuestions {
    fn named(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

/// The counts of the answers to a survey, which are stored as JSON.
#[derive(Clone, Debug)]
struct StoredCounts(CountedSurvey);

impl StoredCounts {
    fn named(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

/// The answers of a person, which are stored as JSON.
#[derive(Debug)]
struct StoredAnswers(Answers);

impl StoredAnswers {
    fn named(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

platform::stored!(StoredQuestions, StoredCounts, StoredAnswers);

const SURVEY: &str = "SELECT s.id, s.hackathon_id, s.audience, s.questions, s.revision, s.invited_at, s.counted \
                      FROM surveys s";

/// Finds the survey of a hackathon for an audience.
pub async fn survey(
    db: &impl Sql,
    hackathon: HackathonId,
    audience: SurveyAudience,
) -> Result<Option<SurveyView>, DbError> {
    let sql = format!("{SURVEY} WHERE s.hackathon_id = $1 AND s.audience = $2");
    let values = [hackathon.into(), audience.as_str().into()];
    db.one(db.statement(&sql, values)).await
}

/// Finds a survey by its ID.
pub async fn survey_by_id(db: &impl Sql, id: SurveyId) -> Result<Option<SurveyView>, DbError> {
    let sql = format!("{SURVEY} WHERE s.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Finds the survey of a hackathon to which a person is invited.
pub async fn survey_for(
    db: &impl Sql,
    hackathon: HackathonId,
    person: UserId,
) -> Result<Option<SurveyView>, DbError> {
    let sql = format!(
        "{SURVEY} JOIN survey_invitations i ON i.survey_id = s.id \
         WHERE s.hackathon_id = $1 AND i.user_id = $2 ORDER BY s.audience LIMIT 1"
    );
    let values = [hackathon.into(), person.into()];
    db.one(db.statement(&sql, values)).await
}

/// Lists the surveys that are open and to which no one is invited yet.
pub async fn surveys_to_open(db: &impl Sql, now: Timestamp) -> Result<Vec<SurveyView>, DbError> {
    let (after, until) = opened(now);
    let sql = format!(
        "{SURVEY} JOIN hackathons h ON h.id = s.hackathon_id WHERE s.invited_at IS NULL \
         AND h.results_published_at > $1 AND h.results_published_at <= $2 ORDER BY s.id"
    );
    db.all(db.statement(&sql, [after.into(), until.into()])).await
}

/// Lists the surveys that are closed and whose answers are not counted yet.
pub async fn surveys_to_close(db: &impl Sql, now: Timestamp) -> Result<Vec<SurveyView>, DbError> {
    let (until, _) = opened(now);
    let sql = format!(
        "{SURVEY} JOIN hackathons h ON h.id = s.hackathon_id WHERE h.results_published_at <= $1 \
         AND EXISTS (SELECT 1 FROM survey_answers a WHERE a.survey_id = s.id) ORDER BY s.id"
    );
    db.all(db.statement(&sql, [until.into()])).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct SurveyInvitation {
    pub survey_id: Uuid,
    pub user_id: Uuid,
}

/// Finds an invitation to a survey by its ID.
pub async fn survey_invitation(
    db: &impl Sql,
    id: Uuid,
) -> Result<Option<SurveyInvitation>, DbError> {
    let sql = "SELECT i.survey_id, i.user_id FROM survey_invitations i WHERE i.id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

#[derive(Debug, FromQueryResult)]
struct Row {
    answers: StoredAnswers,
}

/// Returns the answers of a person to a survey that is not counted yet.
pub async fn own_survey_answers(
    db: &impl Sql,
    survey: SurveyId,
    person: UserId,
) -> Result<Option<Answers>, DbError> {
    let sql = "SELECT a.answers FROM survey_answers a WHERE a.survey_id = $1 AND a.user_id = $2";
    let values = [survey.into(), person.into()];
    let found: Option<Row> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|row| row.answers.0))
}

/// Returns whether someone has answered a survey.
pub async fn has_survey_answers(db: &impl Sql, survey: &SurveyView) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM survey_answers a WHERE a.survey_id = $1";
    let stored = db.count(db.statement(sql, [survey.key().into()])).await?;
    Ok(stored > 0 || survey.counted.is_some())
}

/// Lists the answers to a survey, without who gave them and when.
pub async fn survey_answers(db: &impl Sql, survey: SurveyId) -> Result<Vec<Answers>, DbError> {
    let sql = "SELECT a.answers FROM survey_answers a WHERE a.survey_id = $1 ORDER BY a.answers";
    let rows: Vec<Row> = db.all(db.statement(sql, [survey.into()])).await?;
    Ok(rows.into_iter().map(|row| row.answers.0).collect())
}

/// Exports the surveys to which a person was invited, and their answers.
pub(super) async fn export_surveys(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [("hackathon", Kind::Text), ("audience", Kind::Text), ("created_at", Kind::At)];
    let sql = "SELECT h.title AS hackathon, s.audience, i.created_at FROM survey_invitations i \
               JOIN surveys s ON s.id = i.survey_id JOIN hackathons h ON h.id = s.hackathon_id \
               WHERE i.user_id = $1 ORDER BY i.id";
    let invited = own_rows(db, person.0, &columns, sql).await?;
    let columns = [
        ("hackathon", Kind::Text),
        ("questions", Kind::Text),
        ("answers", Kind::Text),
        ("created_at", Kind::At),
        ("updated_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, s.questions, a.answers, a.created_at, a.updated_at \
               FROM survey_answers a JOIN surveys s ON s.id = a.survey_id \
               JOIN hackathons h ON h.id = s.hackathon_id WHERE a.user_id = $1 ORDER BY a.id";
    let answered = own_rows(db, person.0, &columns, sql).await?;
    Ok(json!({ "invitations": invited, "answers": answered }))
}
