//! Who has to be told of what changed here.

use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    db::{DbError, Sql, Tx},
    jobs::{self, Progress},
    outbox::Post,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    emails::{APPOINTED, Appointed, SCORED, Scored},
    model::{MAINTAINER_APPOINTED, PULL_REQUEST_SCORED},
    reads,
};

/// Tells authors what their merged pull requests earned, each once.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify_scores(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, PULL_REQUEST_SCORED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        notify_score(&mut tx, context, post, wake_up.object_id).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

async fn notify_score(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    pull: Uuid,
) -> Result<(), ActionError> {
    let found = github::reads::pull_requests(tx, [pull.into()]).await?;
    // A repository that was made private meanwhile is not told of.
    let Some(pull) = found.get(&pull) else {
        return Ok(());
    };
    let contribution = reads::of_pull_request(tx, pull.id.into()).await?;
    let (Some(contribution), Some(author)) = (contribution, pull.author_id) else {
        return Ok(());
    };
    let project = reads::project_by_id(tx, contribution.project_id.into()).await?;
    let email = Scored {
        title: pull.title.clone(),
        repository: pull.full_name.clone(),
        number: pull.number,
        points: contribution.score,
        project: project.map(|project| project.name).unwrap_or_default(),
    };
    let notice = Notice {
        kind: &SCORED,
        user_id: author.into(),
        object_id: pull.id,
        occurrence: "merged",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Tells people that they look after a project, once for each appointment.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify_appointments(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, MAINTAINER_APPOINTED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        notify_appointment(&mut tx, context, post, wake_up.object_id).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

#[derive(FromQueryResult)]
struct Appointment {
    user_id: Uuid,
    name: String,
    slug: String,
}

/// One who was dismissed meanwhile is told nothing.
async fn notify_appointment(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(found) = appointment(tx, id).await? else {
        return Ok(());
    };
    let email = Appointed {
        project: found.name,
        slug: found.slug,
    };
    let notice = Notice {
        kind: &APPOINTED,
        user_id: found.user_id.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

async fn appointment(tx: &Tx, id: Uuid) -> Result<Option<Appointment>, DbError> {
    let sql = "SELECT m.user_id, p.name, p.slug FROM project_maintainers m \
               JOIN projects p ON p.id = m.project_id WHERE m.id = $1";
    tx.one(tx.statement(sql, [id.into()])).await
}
