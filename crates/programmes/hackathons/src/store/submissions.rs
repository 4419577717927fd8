//! Statements for submissions, their versions and the deadlines of single teams.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{Cell, DbError, Sql as _, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{HackathonId, JuryOutcome, SubmissionId, Submitter, TeamId},
    rules::submissions::SubmissionDetails,
};

/// Returns the cells of the columns `team_id` and `user_id`.
fn owner(by: Submitter) -> (Cell, Cell) {
    match by {
        Submitter::Team(team) => (team.into(), None::<Uuid>.into()),
        Submitter::Person(person) => (None::<Uuid>.into(), person.into()),
    }
}

/// Inserts an empty draft, unless the team or the person has a submission.
pub(crate) async fn insert(
    tx: &Tx,
    id: SubmissionId,
    hackathon: HackathonId,
    by: Submitter,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (team, person) = owner(by);
    let (id, now, hackathon) = (query.bind(id), query.bind(now), query.bind(hackathon));
    let (team, person) = (query.bind(team), query.bind(person));
    let sql = format!(
        "INSERT INTO submissions (id, created_at, updated_at, hackathon_id, team_id, user_id, title, summary, \
         repository, branch, demo_url, video_url, technologies, version) VALUES ({id}, {now}, {now}, \
         {hackathon}, {team}, {person}, '', '', '', '', '', '', '', 0) ON CONFLICT DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the columns of what people entered.
fn cells(details: &SubmissionDetails) -> [(&'static str, Cell); 8] {
    [
        ("title", details.title.as_str().into()),
        ("summary", details.summary.as_str().into()),
        ("repository", details.repository.as_str().into()),
        ("branch", details.branch.as_str().into()),
        ("demo_url", details.demo_url.as_str().into()),
        ("video_url", details.video_url.as_str().into()),
        ("technologies", details.technologies.as_str().into()),
        ("tracks", details.tracks.as_str().into()),
    ]
}

/// Writes the details of a draft.
pub(crate) async fn save(
    tx: &Tx,
    id: SubmissionId,
    details: &SubmissionDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let set = query.assignments(cells(details));
    let (now, id) = (query.bind(now), query.bind(id));
    let sql = format!("UPDATE submissions SET {set}, updated_at = {now} WHERE id = {id}");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NewVersion<'a> {
    pub(crate) submission: SubmissionId,
    /// Its number, from 1.
    pub(crate) number: i64,
    /// The person who submits it.
    pub(crate) person: UserId,
    /// The details that they entered.
    pub(crate) details: &'a SubmissionDetails,
    /// True if it is late.
    pub(crate) is_late: bool,
    /// True if it is judged although a required check fails.
    pub(crate) is_admitted: bool,
}

/// Inserts a version, and makes it the current one, whose checks are yet to come.
pub(crate) async fn insert_version(
    tx: &Tx,
    row: Uuid,
    new: NewVersion<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    save(tx, new.submission, new.details, now).await?;
    let sql = "INSERT INTO submission_versions (id, created_at, submission_id, number, user_id, is_late) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        row.into(),
        now.into(),
        new.submission.into(),
        new.number.into(),
        new.person.into(),
        new.is_late.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let mut query = tx.query();
    let own: [(&str, Cell); 3] =
        [("id", row.into()), ("created_at", now.into()), ("version_id", row.into())];
    let values = query.values(own.into_iter().chain(cells(new.details)));
    let sql = format!("INSERT INTO submission_texts {values}");
    tx.run(query.statement(sql)).await?;
    let sql = "UPDATE submissions SET version = $2, submitted_at = $3, is_late = $4, verdict = NULL, \
               checked_at = NULL, commit_sha = NULL, withdrawn_at = NULL, is_admitted = $5 WHERE id = $1";
    let values = [
        new.submission.into(),
        new.number.into(),
        now.into(),
        new.is_late.into(),
        new.is_admitted.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores the table or the link of a submission.
pub(crate) async fn set_place(tx: &Tx, id: SubmissionId, place: &str) -> Result<(), DbError> {
    let sql = "UPDATE submissions SET place = $2 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), place.into()])).await?;
    Ok(())
}

/// Records that a team withdrew its submission, which frees its table.
pub(crate) async fn withdraw(tx: &Tx, id: SubmissionId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE submissions SET withdrawn_at = $2, updated_at = $2, place = '' WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), now.into()])).await?;
    Ok(())
}

/// Gives the submission of a person to a team, if the team has none.
pub(crate) async fn adopt(
    tx: &Tx,
    hackathon: HackathonId,
    person: UserId,
    team: TeamId,
) -> Result<u64, DbError> {
    let sql = "UPDATE submissions SET team_id = $3, user_id = NULL WHERE hackathon_id = $1 AND user_id = $2 \
               AND NOT EXISTS (SELECT 1 FROM submissions o WHERE o.hackathon_id = $1 AND o.team_id = $3)";
    let values = [hackathon.into(), person.into(), team.into()];
    tx.run(tx.statement(sql, values)).await
}

/// Freezes the submissions whose deadline has come, at most `most`. Returns them.
pub(crate) async fn lock_due(tx: &Tx, due: &[SubmissionId], now: Timestamp) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(platform::db::ids(due.iter().copied()), "r");
    let now = query.bind(now);
    let sql = format!(
        "UPDATE submissions SET locked_at = {now} WHERE locked_at IS NULL AND id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Writes what follows from a later deadline: submissions that came before it are no longer late, and if it is in the future, they are open.
pub(crate) async fn follow_deadline(
    tx: &Tx,
    submissions: &[SubmissionId],
    closes_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(platform::db::ids(submissions.iter().copied()), "r");
    let (closes_at, now) = (query.bind(closes_at), query.bind(now));
    let punctual = query.bind(false);
    let sql = format!(
        "UPDATE submissions SET locked_at = CASE WHEN {closes_at} > {now} THEN NULL ELSE locked_at END, \
         is_late = CASE WHEN submitted_at < {closes_at} THEN {punctual} ELSE is_late END \
         WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// A decision of an organizer about a submission.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ruling<'a> {
    /// True if it is judged although a required check fails.
    pub(crate) is_admitted: bool,
    pub(crate) disqualified_at: Option<Timestamp>,
    /// The choice of the jury.
    pub(crate) outcome: Option<JuryOutcome>,
    /// The reason, for the team.
    pub(crate) reason: Option<&'a str>,
    /// The person who decides.
    pub(crate) by: Option<UserId>,
}

/// Writes a decision of an organizer.
pub(crate) async fn rule(
    tx: &Tx,
    id: SubmissionId,
    ruling: Ruling<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE submissions SET is_admitted = $2, disqualified_at = $3, outcome = $4, reason = $5, \
               decided_by_id = $6, updated_at = $7 WHERE id = $1";
    let values = [
        id.into(),
        ruling.is_admitted.into(),
        ruling.disqualified_at.into(),
        ruling.outcome.map(JuryOutcome::as_str).into(),
        ruling.reason.into(),
        ruling.by.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Writes the appeal of a team.
pub(crate) async fn appeal(
    tx: &Tx,
    id: SubmissionId,
    text: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE submissions SET appeal = $2, updated_at = $3 WHERE id = $1";
    let values = [id.into(), text.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// The requirements of a hackathon for submissions.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) refuses_late: bool,
    /// One a line.
    pub(crate) required_files: String,
    /// In minutes, separated by commas.
    pub(crate) reminders: String,
    pub(crate) workflow_event: Option<String>,
}

/// Writes what a hackathon requires of submissions.
pub(crate) async fn set_settings(
    tx: &Tx,
    row: Uuid,
    hackathon: HackathonId,
    settings: Settings,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO submission_settings (id, created_at, updated_at, hackathon_id, refuses_late, \
               required_files, reminders, workflow_event) VALUES ($1, $2, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (hackathon_id) DO UPDATE SET \
               updated_at = excluded.updated_at, refuses_late = excluded.refuses_late, \
               required_files = excluded.required_files, reminders = excluded.reminders, \
               workflow_event = excluded.workflow_event";
    let values = [
        row.into(),
        now.into(),
        hackathon.into(),
        settings.refuses_late.into(),
        settings.required_files.into(),
        settings.reminders.into(),
        settings.workflow_event.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A later deadline of a team or a person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewExtension<'a> {
    pub(crate) hackathon: HackathonId,
    /// The team or the person.
    pub(crate) by: Submitter,
    pub(crate) closes_at: Timestamp,
    /// The reason, for the team.
    pub(crate) reason: &'a str,
    /// The organizer.
    pub(crate) decided_by: UserId,
}

/// Writes a later deadline of a team or a person. Returns its row.
pub(crate) async fn set_extension(
    tx: &Tx,
    row: Uuid,
    new: NewExtension<'_>,
    now: Timestamp,
) -> Result<Uuid, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let column = match new.by {
        Submitter::Team(_) => "team_id",
        Submitter::Person(_) => "user_id",
    };
    let (team, person) = owner(new.by);
    let mut query = tx.query();
    let (id, now, hackathon) = (query.bind(row), query.bind(now), query.bind(new.hackathon));
    let (team, person) = (query.bind(team), query.bind(person));
    let (closes, reason) = (query.bind(new.closes_at), query.bind(new.reason));
    let by = query.bind(new.decided_by);
    let sql = format!(
        "INSERT INTO submission_extensions (id, created_at, updated_at, hackathon_id, team_id, user_id, \
         closes_at, reason, decided_by_id) VALUES ({id}, {now}, {now}, {hackathon}, {team}, {person}, \
         {closes}, {reason}, {by}) ON CONFLICT (hackathon_id, {column}) DO UPDATE SET \
         updated_at = excluded.updated_at, closes_at = excluded.closes_at, reason = excluded.reason, \
         decided_by_id = excluded.decided_by_id RETURNING id"
    );
    let written: Option<Row> = tx.one(query.statement(sql)).await?;
    Ok(written.map_or(row, |written| written.id))
}

/// Removes a person's words from what they submitted alone. The numbers and instants of its versions stay.
pub(crate) async fn forget(tx: &Tx, person: UserId, now: Timestamp) -> Result<(), DbError> {
    let empty = cells(&SubmissionDetails::default()).map(|(name, _)| format!("{name} = ''"));
    let empty = empty.join(", ");
    let own = [
        format!(
            "UPDATE submission_texts SET {empty} WHERE version_id IN (SELECT v.id FROM submissions s \
             JOIN submission_versions v ON v.submission_id = s.id WHERE s.user_id = $1)"
        ),
        format!("UPDATE submissions SET {empty}, reason = NULL, appeal = NULL WHERE user_id = $1"),
        "UPDATE submission_extensions SET reason = '' WHERE user_id = $1".to_owned(),
    ];
    for sql in own {
        tx.run(tx.statement(&sql, [person.into()])).await?;
    }
    let sql = "UPDATE submissions SET updated_at = $2 WHERE user_id = $1";
    tx.run(tx.statement(sql, [person.into(), now.into()])).await?;
    Ok(())
}
