use github::model::PullRequestId;
use identity::model::UserId;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::DisputeView;
use crate::{
    model::{DisputeKind, ProjectId},
    rules::disputes::Involvement,
    store::{
        disputes::{self, Dispute},
        fair_play, season_people,
    },
};

#[derive(Default, FromQueryResult)]
struct InvolvementCounts {
    concerned: i64,
    maintained: i64,
    reviewed: i64,
    reported: i64,
    decided: i64,
}

/// Returns a person's part in what the dispute with a number is about.
///
/// # Errors
/// When the database fails.
pub async fn involvement_in(
    db: &impl Sql,
    number: i64,
    person: UserId,
) -> Result<Involvement, DbError> {
    match disputes::numbered(db, number).await? {
        Some(dispute) => involvement(db, &dispute, person).await,
        None => Ok(Involvement::default()),
    }
}

/// Returns the person whose decision a dispute contests, if it is one person's.
///
/// # Errors
/// When the database fails.
pub async fn first_decider(
    db: &impl Sql,
    dispute: &DisputeView,
) -> Result<Option<UserId>, DbError> {
    let target = dispute.target_id;
    let by = match dispute.kind {
        DisputeKind::Score => None,
        DisputeKind::Flag => fair_play::decider(db, target.into()).await?,
        DisputeKind::Sanction => season_people::decider(db, target.into()).await?,
        DisputeKind::Ban => {
            let mut found = identity::reads::imposed_bans(db, [target]).await?;
            found.remove(&target).and_then(|ban| ban.by_id)
        }
    };
    Ok(by.map(Into::into))
}

/// Returns a person's part in what a dispute is about.
///
/// # Errors
/// When the database fails.
pub(crate) async fn involvement(
    db: &impl Sql,
    dispute: &Dispute,
    person: UserId,
) -> Result<Involvement, DbError> {
    let target = dispute.target_id;
    let counts = match dispute.kind {
        DisputeKind::Score => score(db, target, dispute.project, person).await?,
        DisputeKind::Flag => flag(db, target, person).await?,
        DisputeKind::Sanction => sanction(db, target, person).await?,
        DisputeKind::Ban => ban(db, target, person).await?,
    };
    Ok(Involvement {
        has_opened: dispute.opened_by == person,
        is_concerned: counts.concerned > 0,
        maintains: counts.maintained > 0,
        has_reviewed: counts.reviewed > 0,
        has_reported: counts.reported > 0,
        has_decided: counts.decided > 0,
        has_decided_dispute: dispute.outcome.decided_by == Some(person),
    })
}

/// The project may be another one than when the dispute was opened, so maintainers of both are involved.
async fn score(
    db: &impl Sql,
    pull: Uuid,
    project: Option<ProjectId>,
    person: UserId,
) -> Result<InvolvementCounts, DbError> {
    let sql = "SELECT \
        (SELECT count(*) FROM contributions WHERE pull_request_id = $1 AND author_id = $2) AS concerned, \
        (SELECT count(*) FROM projects p WHERE (p.id = $3 OR p.id IN \
          (SELECT c.project_id FROM contributions c WHERE c.pull_request_id = $1)) \
          AND EXISTS (SELECT 1 FROM project_maintainers m \
          WHERE m.project_id = p.id AND m.user_id = $2)) AS maintained, \
        (SELECT count(*) FROM pr_reviews WHERE pull_request_id = $1 AND reviewer_id = $2) AS reviewed, \
        (SELECT count(*) FROM flags_on_pull_requests x JOIN reports r ON r.flag_id = x.flag_id \
          WHERE x.pull_request_id = $1 AND r.reporter_id = $2) \
        + (SELECT count(*) FROM contributions c JOIN reports r ON r.target_id = c.repository_id \
          WHERE c.pull_request_id = $1 AND r.reporter_id = $2) AS reported, \
        (SELECT count(*) FROM flags_on_pull_requests x JOIN fair_play_flags f ON f.id = x.flag_id \
          WHERE x.pull_request_id = $1 AND f.decided_by_id = $2) \
        + (SELECT count(*) FROM contributions c \
          JOIN repository_exclusions e ON e.repository_id = c.repository_id \
          WHERE c.pull_request_id = $1 AND (e.excluded_by_id = $2 OR e.lifted_by_id = $2)) \
        + (SELECT count(*) FROM score_overrides \
          WHERE pull_request_id = $1 AND (by_id = $2 OR lifted_by_id = $2)) AS decided";
    let project = project.map(|project| project.0);
    let values = [pull.into(), person.into(), project.into()];
    let mut counts = one(db, sql, values).await?;
    counts.reviewed += i64::from(has_endorsed(db, pull.into(), person).await?);
    Ok(counts)
}

/// Returns whether a person reviewed a pull request or decided to merge it on GitHub.
async fn has_endorsed(db: &impl Sql, pull: PullRequestId, person: UserId) -> Result<bool, DbError> {
    let found = github::reads::endorsements(db, &[pull]).await?;
    Ok(found.get(&pull).is_some_and(|of_pull| {
        let mut reviews = of_pull.reviews.iter();
        of_pull.decided_by == Some(person) || reviews.any(|review| review.reviewer == person)
    }))
}

async fn flag(db: &impl Sql, id: Uuid, person: UserId) -> Result<InvolvementCounts, DbError> {
    let sql = "SELECT \
        (SELECT count(*) FROM fair_play_subjects \
          WHERE flag_id = $1 AND kind = 'person' AND subject_id = $2) \
        + (SELECT count(*) FROM flags_on_pull_requests x JOIN contributions c \
          ON c.pull_request_id = x.pull_request_id WHERE x.flag_id = $1 AND c.author_id = $2) AS concerned, \
        (SELECT count(*) FROM flags_on_pull_requests x \
          JOIN contributions c ON c.pull_request_id = x.pull_request_id \
          JOIN projects p ON p.id = c.project_id \
          WHERE x.flag_id = $1 AND EXISTS (SELECT 1 FROM project_maintainers m \
          WHERE m.project_id = p.id AND m.user_id = $2)) AS maintained, \
        (SELECT count(*) FROM pr_reviews WHERE 1 = 0) AS reviewed, \
        (SELECT count(*) FROM reports WHERE flag_id = $1 AND reporter_id = $2) AS reported, \
        (SELECT count(*) FROM fair_play_flags WHERE id = $1 AND decided_by_id = $2) AS decided";
    one(db, sql, [id.into(), person.into()]).await
}

async fn sanction(db: &impl Sql, id: Uuid, person: UserId) -> Result<InvolvementCounts, DbError> {
    let sql = "SELECT \
        (SELECT count(*) FROM sanctions WHERE id = $1 AND user_id = $2) AS concerned, \
        (SELECT count(*) FROM sanctions WHERE 1 = 0) AS maintained, \
        (SELECT count(*) FROM sanctions WHERE 1 = 0) AS reviewed, \
        (SELECT count(*) FROM sanctions s JOIN reports r ON r.flag_id = s.flag_id \
          WHERE s.id = $1 AND r.reporter_id = $2) AS reported, \
        (SELECT count(*) FROM sanctions WHERE id = $1 AND decided_by_id = $2) AS decided";
    one(db, sql, [id.into(), person.into()]).await
}

async fn ban(db: &impl Sql, id: Uuid, person: UserId) -> Result<InvolvementCounts, DbError> {
    let found = identity::reads::imposed_bans(db, [id]).await?;
    let ban = found.get(&id);
    Ok(InvolvementCounts {
        concerned: i64::from(ban.is_some_and(|ban| ban.user_id == person.0)),
        decided: i64::from(ban.is_some_and(|ban| ban.by_id == Some(person.0))),
        ..InvolvementCounts::default()
    })
}

async fn one<const N: usize>(
    db: &impl Sql,
    sql: &str,
    values: [platform::db::Cell; N],
) -> Result<InvolvementCounts, DbError> {
    let found: Option<InvolvementCounts> = db.one(db.statement(sql, values)).await?;
    Ok(found.unwrap_or_default())
}
