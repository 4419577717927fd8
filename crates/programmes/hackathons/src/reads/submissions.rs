//! Queries for submissions.

use github::model::RepositoryId;
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Query, Sql};
use sea_orm::FromQueryResult;
use ui::{Pic, Who};
use uuid::Uuid;

use crate::{
    model::{HackathonId, JuryOutcome, SubmissionId, SubmissionStatus, Submitter, Verdict},
    reads::{HackathonView, hackathons::picture, members},
    rules::{
        reminders::USUAL,
        submissions::{Facts, SubmissionDetails},
        tracks::split,
    },
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct SubmissionView {
    pub id: Uuid,
    pub hackathon_id: Uuid,
    team_id: Option<Uuid>,
    user_id: Option<Uuid>,
    repository_id: Option<Uuid>,
    /// The name of the team, or the login of the person.
    #[sea_orm(from_alias = "team_name")]
    pub team: Option<String>,
    /// The person who submitted alone, as lists show them.
    #[sea_orm(skip)]
    pub who: Option<Who>,
    /// The name of the project.
    pub title: String,
    /// The description, as Markdown.
    pub summary: String,
    /// The repository as `owner/name`; may be empty.
    pub repository: String,
    /// The branch; empty for the default branch.
    pub branch: String,
    /// The address of a demo; may be empty.
    pub demo_url: String,
    /// The address of a video; may be empty.
    pub video_url: String,
    /// The technologies, separated by commas; may be empty.
    pub technologies: String,
    tracks: String,
    /// Its table or link at the demos; may be empty.
    pub place: String,
    /// The number of submitted versions.
    pub version: i64,
    /// When the current version was submitted.
    pub submitted_at: Option<Timestamp>,
    is_late: bool,
    /// When it was frozen.
    pub locked_at: Option<Timestamp>,
    withdrawn_at: Option<Timestamp>,
    /// The commit at which it is pinned.
    pub commit_sha: Option<String>,
    verdict: Option<Verdict>,
    /// When its checks last ended.
    pub checked_at: Option<Timestamp>,
    /// True if an organizer admitted it although a required check fails.
    pub is_admitted: bool,
    outcome: Option<JuryOutcome>,
    pub disqualified_at: Option<Timestamp>,
    /// The reason of a decision, for the team.
    pub reason: Option<String>,
    pub appeal: Option<String>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    picture: Option<String>,
    picture_text: Option<String>,
}

impl SubmissionView {
    /// Returns the path and the description of its picture: its own, or the drawn one, which needs none.
    #[must_use]
    pub fn picture(&self) -> (String, String) {
        let own = picture(self.picture.as_ref(), self.picture_text.as_ref());
        own.unwrap_or_else(|| (self.drawn(), String::new()))
    }

    /// Returns the path of the picture that is drawn for it.
    #[must_use]
    pub fn drawn(&self) -> String {
        ui::drawn("submission", &self.id.simple().to_string())
    }

    /// Returns the picture for lists of projects.
    #[must_use]
    pub fn pic(&self) -> Pic {
        let stored = picture(self.picture.as_ref(), None);
        Pic::field("submission", &self.id.simple().to_string(), stored)
    }

    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> SubmissionId {
        self.id.into()
    }

    /// Returns the team or the person.
    #[must_use]
    pub fn by(&self) -> Submitter {
        submitter(self.team_id, self.user_id)
    }

    /// Returns the repository that is watched for it; `None` before its first check, and if it cannot be read.
    #[must_use]
    pub fn watched(&self) -> Option<RepositoryId> {
        self.repository_id.map(Into::into)
    }

    /// Returns the facts from which the status follows.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            version: self.version,
            is_late: self.is_late,
            verdict: self.verdict,
            is_admitted: self.is_admitted,
            outcome: self.outcome,
            is_disqualified: self.disqualified_at.is_some(),
            is_withdrawn: self.withdrawn_at.is_some(),
        }
    }

    /// Returns the status at an instant.
    #[must_use]
    pub fn status(&self, hackathon: &HackathonView, now: Timestamp) -> SubmissionStatus {
        self.facts().status(hackathon.phase(now))
    }

    /// Returns what the team entered.
    #[must_use]
    pub fn details(&self) -> SubmissionDetails {
        SubmissionDetails {
            title: self.title.clone(),
            summary: self.summary.clone(),
            repository: self.repository.clone(),
            branch: self.branch.clone(),
            demo_url: self.demo_url.clone(),
            video_url: self.video_url.clone(),
            technologies: self.technologies.clone(),
            tracks: self.tracks.clone(),
        }
    }

    /// Returns the name of the team, or that of the person who submitted alone.
    #[must_use]
    pub fn made_by(&self) -> Option<&str> {
        self.who.as_ref().map(Who::called).or(self.team.as_deref())
    }

    /// Returns the slugs of the tracks that the team chose.
    #[must_use]
    pub fn tracks(&self) -> Vec<&str> {
        split(&self.tracks)
    }

    #[must_use]
    pub fn technologies(&self) -> Vec<&str> {
        let parts = self.technologies.split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).collect()
    }
}

const SUBMISSION: &str = "SELECT s.id, s.hackathon_id, s.team_id, s.user_id, s.repository_id, t.name AS team_name, s.title, \
     s.summary, s.repository, s.branch, s.demo_url, s.video_url, s.technologies, s.tracks, s.place, s.version, \
     s.submitted_at, s.is_late, s.locked_at, s.withdrawn_at, s.commit_sha, s.verdict, s.checked_at, \
     s.is_admitted, s.outcome, s.disqualified_at, s.reason, s.appeal, s.updated_at, s.picture, s.picture_text FROM submissions s \
     LEFT JOIN teams t ON t.id = s.team_id";

/// Names people who submitted alone by their login.
async fn named(
    db: &impl Sql,
    mut found: Vec<SubmissionView>,
) -> Result<Vec<SubmissionView>, DbError> {
    let people = found.iter().filter_map(|row| row.user_id.map(UserId::new));
    let known = identity::reads::who(db, people).await?;
    for row in &mut found {
        if let Some(person) = row.user_id {
            row.who = known.get(&UserId::new(person)).cloned();
            row.team = row.who.as_ref().map(|who| who.login.clone());
        }
    }
    Ok(found)
}

/// Finds a submission by its ID.
pub async fn submission(
    db: &impl Sql,
    id: SubmissionId,
) -> Result<Option<SubmissionView>, DbError> {
    let sql = format!("{SUBMISSION} WHERE s.id = $1");
    let found = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// Finds the submission of a team or a person in a hackathon.
pub async fn submission_by(
    db: &impl Sql,
    hackathon: HackathonId,
    by: Submitter,
) -> Result<Option<SubmissionView>, DbError> {
    let mut query = db.query();
    let hackathon = query.bind(hackathon);
    let holds = is_by("s", by, &mut query);
    let sql = format!("{SUBMISSION} WHERE s.hackathon_id = {hackathon} AND {holds}");
    let found = db.all(query.statement(sql)).await?;
    Ok(named(db, found).await?.pop())
}

/// Returns the condition that a row is of a team or a person.
pub(super) fn is_by(alias: &str, by: Submitter, query: &mut Query) -> String {
    match by {
        Submitter::Team(team) => format!("{alias}.team_id = {}", query.bind(team)),
        Submitter::Person(person) => format!("{alias}.user_id = {}", query.bind(person)),
    }
}

/// A part of the submissions to a hackathon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionPart {
    /// All that were submitted, also those withdrawn and disqualified.
    Submitted,
    Judged,
}

/// Lists a part of the submissions to a hackathon after an ID, in the order in which teams began them.
pub async fn submissions(
    db: &impl Sql,
    hackathon: HackathonId,
    part: SubmissionPart,
    after: Option<SubmissionId>,
    limit: i64,
) -> Result<Vec<SubmissionView>, DbError> {
    let mut query = db.query();
    let mut holds = format!("s.hackathon_id = {} AND s.version > 0", query.bind(hackathon));
    if part == SubmissionPart::Judged {
        let admitted = query.bind(true);
        holds += &format!(
            " AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL \
             AND (s.verdict IS NULL OR s.verdict <> 'invalid' OR s.is_admitted = {admitted})"
        );
    }
    if let Some(after) = after {
        holds += &format!(" AND s.id > {}", query.bind(after));
    }
    let limit = query.bind(limit);
    let sql = format!("{SUBMISSION} WHERE {holds} ORDER BY s.id LIMIT {limit}");
    let found = db.all(query.statement(sql)).await?;
    named(db, found).await
}

/// Lists the winners and finalists of a hackathon, winners first, at most 100.
pub async fn chosen_submissions(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<SubmissionView>, DbError> {
    let sql = format!(
        "{SUBMISSION} WHERE s.hackathon_id = $1 AND s.outcome IS NOT NULL AND s.disqualified_at IS NULL \
         AND s.withdrawn_at IS NULL ORDER BY s.outcome DESC, s.title, s.id LIMIT 100"
    );
    let found = db.all(db.statement(&sql, [hackathon.into()])).await?;
    named(db, found).await
}

/// Lists the people who submitted together.
pub async fn people_of_submission(db: &impl Sql, by: Submitter) -> Result<Vec<Who>, DbError> {
    match by {
        Submitter::Team(team) => {
            let members = members(db, [team]).await?;
            Ok(members.into_iter().map(|member| member.who).collect())
        }
        Submitter::Person(person) => {
            let found = identity::reads::who(db, [person]).await?;
            Ok(found.into_values().collect())
        }
    }
}

/// Lists the submissions whose deadline has come and that are not frozen yet, at most `limit`. What came on time freezes at the
/// deadline, and what came late when judging begins.
pub async fn due_submissions(
    db: &impl Sql,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<SubmissionId>, DbError> {
    let mut query = db.query();
    let (late, now, limit) = (query.bind(true), query.bind(now), query.bind(limit));
    let sql = format!(
        "SELECT s.id FROM hackathons h JOIN submissions s ON s.hackathon_id = h.id \
         LEFT JOIN submission_extensions e ON e.hackathon_id = s.hackathon_id \
         AND (e.team_id = s.team_id OR e.user_id = s.user_id) \
         WHERE h.submission_closes_at <= {now} AND h.canceled_at IS NULL \
         AND h.results_published_at IS NULL AND s.version > 0 AND s.locked_at IS NULL \
         AND (e.closes_at IS NULL OR e.closes_at <= {now}) \
         AND (s.is_late <> {late} OR h.judging_opens_at <= {now}) ORDER BY s.id LIMIT {limit}"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Counts the submissions whose current version was submitted before an instant and is not checked, in hackathons whose judging has
/// not ended.
pub async fn unchecked_since(
    db: &impl Sql,
    before: Timestamp,
    now: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM hackathons h JOIN submissions s ON s.hackathon_id = h.id \
               WHERE h.judging_closes_at > $2 AND h.canceled_at IS NULL AND s.version > 0 \
               AND s.withdrawn_at IS NULL AND s.checked_at IS NULL AND s.submitted_at <= $1";
    db.count(db.statement(sql, [before.into(), now.into()])).await
}

/// A submission with a table or a link for the demos.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PlacedSubmission {
    pub id: Uuid,
    /// The name of the project.
    pub title: String,
    /// The table or the link.
    pub place: String,
}

/// Lists what was submitted to a hackathon and not withdrawn, and has a table or a link.
pub async fn placed_submissions(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<PlacedSubmission>, DbError> {
    let sql = "SELECT s.id, s.title, s.place FROM submissions s WHERE s.hackathon_id = $1 AND s.version > 0 \
               AND s.withdrawn_at IS NULL AND s.place <> '' ORDER BY s.id";
    db.all(db.statement(sql, [hackathon.into()])).await
}

/// Lists the submissions to a hackathon that were submitted and not withdrawn.
pub async fn submitted_ids(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<SubmissionId>, DbError> {
    let sql = "SELECT s.id FROM submissions s WHERE s.hackathon_id = $1 AND s.version > 0 \
               AND s.withdrawn_at IS NULL ORDER BY s.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Lists the submissions to a hackathon that are frozen or late, also those that were withdrawn.
pub async fn frozen_or_late(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<SubmissionId>, DbError> {
    let mut query = db.query();
    let (hackathon, late) = (query.bind(hackathon), query.bind(true));
    let sql = format!(
        "SELECT s.id FROM submissions s WHERE s.hackathon_id = {hackathon} \
         AND (s.locked_at IS NOT NULL OR s.is_late = {late}) ORDER BY s.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Lists the submissions after an ID that are not frozen and were not checked since an instant, at most `limit`.
pub async fn unwatched_submissions(
    db: &impl Sql,
    since: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<SubmissionId>, DbError> {
    let sql = "SELECT s.id FROM hackathons h JOIN submissions s ON s.hackathon_id = h.id \
               WHERE h.submission_opens_at <= $2 AND h.submission_closes_at > $3 AND h.canceled_at IS NULL \
               AND s.version > 0 AND s.withdrawn_at IS NULL AND s.locked_at IS NULL AND s.checked_at < $1 \
               ORDER BY s.checked_at LIMIT $4";
    // A submission of a team with a later deadline is looked at for as long as one can be.
    let earliest = now - chrono::TimeDelta::days(30);
    let values = [since.into(), now.into(), earliest.into(), limit.into()];
    let rows: Vec<Row> = db.all(db.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// The requirements of a hackathon for submissions.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct SettingsView {
    /// True if it refuses late submissions.
    pub refuses_late: bool,
    required_files: String,
    reminders: Option<String>,
    /// The type of the event that starts its own checks.
    pub workflow_event: Option<String>,
}

impl SettingsView {
    /// Returns the required files besides the README and the license.
    #[must_use]
    pub fn required_files(&self) -> Vec<String> {
        self.required_files.lines().map(str::to_owned).collect()
    }

    /// Returns the reminders, in minutes before the deadline.
    #[must_use]
    pub fn reminders(&self) -> Vec<i64> {
        match &self.reminders {
            Some(stored) => stored.split(',').filter_map(|it| it.parse().ok()).collect(),
            None => USUAL.to_vec(),
        }
    }
}

/// Returns what a hackathon requires of submissions.
pub async fn submission_settings(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<SettingsView, DbError> {
    let sql = "SELECT x.refuses_late, x.required_files, x.reminders, x.workflow_event FROM submission_settings x \
               WHERE x.hackathon_id = $1";
    let found = db.one(db.statement(sql, [hackathon.into()])).await?;
    Ok(found.unwrap_or_default())
}

pub(super) fn submitter(team: Option<Uuid>, person: Option<Uuid>) -> Submitter {
    match (team, person) {
        (Some(team), _) => Submitter::Team(team.into()),
        (None, person) => Submitter::Person(person.unwrap_or_default().into()),
    }
}

/// The numbers of submissions to a hackathon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct SubmissionCounts {
    /// Submitted and not withdrawn.
    pub submitted: i64,
    /// Not yet checked.
    pub unchecked: i64,
    /// With a required check that fails.
    pub invalid: i64,
}

/// Counts the submissions to a hackathon.
pub async fn submission_counts(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<SubmissionCounts, DbError> {
    let sql = "SELECT count(*) AS submitted, count(CASE WHEN s.verdict IS NULL THEN 1 END) AS unchecked, \
               count(CASE WHEN s.verdict = 'invalid' THEN 1 END) AS invalid FROM submissions s \
               WHERE s.hackathon_id = $1 AND s.version > 0 AND s.withdrawn_at IS NULL";
    let found = db.one(db.statement(sql, [hackathon.into()])).await?;
    Ok(found.unwrap_or_default())
}
