//! Notifications of changes in this module.

use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{
        MAINTAINER_ADDED, MaintainerAdded, PROJECT_TRANSFERRED, PointsEarned, ProjectTransferred,
        SCORED,
    },
    reads,
    store::maintainers,
};

/// Notifies an author of the points of a merged pull request.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_score(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    pull: Uuid,
) -> Result<(), ActionError> {
    let found = github::reads::pull_requests(tx, [pull.into()]).await?;
    // The repository may have become private in the meantime.
    let Some(pull) = found.get(&pull) else {
        return Ok(());
    };
    let contribution = reads::of_pull_request(tx, pull.id.into()).await?;
    let (Some(contribution), Some(author)) = (contribution, pull.author_id) else {
        return Ok(());
    };
    let project = reads::project_by_id(tx, contribution.project_id.into()).await?;
    let email = PointsEarned {
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

/// Notifies a person that they maintain a project, unless they have been removed in the meantime.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_new_maintainer(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(found) = maintainers::new_maintainer(tx, id).await? else {
        return Ok(());
    };
    let email = MaintainerAdded { project: found.name, slug: found.slug };
    let notice = Notice {
        kind: &MAINTAINER_ADDED,
        user_id: found.user_id.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies the new or the former owner of a project of its transfer, unless they have been removed in the meantime. A
/// person is notified of the role that they have now, once for each transfer.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_transfer(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(found) = maintainers::transferred(tx, id).await? else {
        return Ok(());
    };
    let email =
        ProjectTransferred { is_owner: found.is_owner(), project: found.name, slug: found.slug };
    let notice = Notice {
        kind: &PROJECT_TRANSFERRED,
        user_id: found.user_id.into(),
        object_id: id,
        occurrence: &found.updated_at.to_rfc3339(),
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
