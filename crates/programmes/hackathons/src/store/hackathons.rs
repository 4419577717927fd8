//! Statements for hackathons and their codes of conduct.

use kernel::Timestamp;
use platform::db::{Cell, DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{
    model::HackathonId,
    rules::details::{HackathonDetails, Question},
};

/// Inserts a draft, with the first version of its code of conduct.
pub(crate) async fn insert(
    tx: &Tx,
    id: HackathonId,
    slug: &str,
    invite_code: &str,
    details: &HackathonDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let own: [(&str, Cell); 8] = [
        ("id", id.into()),
        ("created_at", now.into()),
        ("updated_at", now.into()),
        ("slug", slug.into()),
        ("invite_code", invite_code.into()),
        ("conduct_version", 1.into()),
        ("results", "".into()),
        ("sequence", 0.into()),
    ];
    let values = query.values(own.into_iter().chain(cells(details)));
    let sql = format!("INSERT INTO hackathons {values}");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Writes the details of a hackathon, the version of its code of conduct and the next sequence of its calendar.
pub(crate) async fn update(
    tx: &Tx,
    id: HackathonId,
    details: &HackathonDetails,
    conduct_version: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let set = query.assignments(cells(details));
    let (version, now, id) = (query.bind(conduct_version), query.bind(now), query.bind(id));
    let sql = format!(
        "UPDATE hackathons SET {set}, conduct_version = {version}, updated_at = {now}, \
         sequence = sequence + 1 WHERE id = {id}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

fn cells(details: &HackathonDetails) -> [(&'static str, Cell); 23] {
    let dates = details.timeline;
    [
        ("title", details.title.as_str().into()),
        ("summary", details.summary.as_str().into()),
        ("description", details.description.as_str().into()),
        ("requirements", details.requirements.as_str().into()),
        ("prizes", details.prizes.as_str().into()),
        ("tags", details.tags.join(",").into()),
        ("questions", stored_questions(&details.questions).into()),
        ("visibility", details.visibility.as_str().into()),
        ("places", details.places.as_str().into()),
        ("held", details.held.map(|held| held.as_str().to_owned()).into()),
        ("venue", details.venue.as_str().into()),
        ("capacity", details.capacity.into()),
        ("confirm_by", details.confirm_by.into()),
        ("late_registration", details.late_registration.into()),
        ("team_min", details.team_min.into()),
        ("team_max", details.team_max.into()),
        ("timezone", details.timezone.name().into()),
        ("application_opens_at", dates.application_opens_at.into()),
        ("application_closes_at", dates.application_closes_at.into()),
        ("submission_opens_at", dates.submission_opens_at.into()),
        ("submission_closes_at", dates.submission_closes_at.into()),
        ("judging_opens_at", dates.judging_opens_at.into()),
        ("judging_closes_at", dates.judging_closes_at.into()),
    ]
}

fn stored_questions(questions: &[Question]) -> String {
    serde_json::to_string(questions).unwrap_or_else(|_| "[]".to_owned())
}

/// Stores the venue networks of a hackathon, separated by commas.
pub(crate) async fn set_networks(tx: &Tx, id: HackathonId, stated: &str) -> Result<(), DbError> {
    let sql = "UPDATE hackathons SET venue_networks = $2 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), stated.into()])).await?;
    Ok(())
}

/// Approves the venue networks of a hackathon, as they are stated, until an instant.
pub(crate) async fn approve_networks(
    tx: &Tx,
    id: HackathonId,
    until: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE hackathons SET approved_networks = venue_networks, approved_until = $2 WHERE id = $1";
    let values = [id.into(), until.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Inserts a version of a code of conduct.
pub(crate) async fn insert_conduct(
    tx: &Tx,
    row: Uuid,
    id: HackathonId,
    version: i64,
    text: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO hackathon_conducts (id, hackathon_id, version, text, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [row.into(), id.into(), version.into(), text.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HackathonStep<'a> {
    Publish,
    /// It is canceled, for a reason.
    Cancel(&'a str),
    /// Its results are published, as Markdown.
    PublishResults(&'a str),
    Archive,
}

/// Stores that a hackathon took a step, and the next sequence of its calendar.
pub(crate) async fn step(
    tx: &Tx,
    id: HackathonId,
    step: HackathonStep<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (now, id) = (query.bind(now), query.bind(id));
    let set = match step {
        HackathonStep::Publish => format!("published_at = {now}"),
        HackathonStep::Archive => format!("archived_at = {now}"),
        HackathonStep::Cancel(reason) => {
            let reason = query.bind(reason);
            format!("canceled_at = {now}, cancel_reason = {reason}")
        }
        HackathonStep::PublishResults(results) => {
            let results = query.bind(results);
            format!("results_published_at = {now}, results = {results}")
        }
    };
    let sql = format!(
        "UPDATE hackathons SET {set}, updated_at = {now}, sequence = sequence + 1 WHERE id = {id}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Replaces the code of the invitation link.
pub(crate) async fn set_invite_code(
    tx: &Tx,
    id: HackathonId,
    code: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE hackathons SET invite_code = $2, updated_at = $3 WHERE id = $1";
    let values = [id.into(), code.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
