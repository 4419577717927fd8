//! Notifications of repositories that the GitHub App no longer covers.

use github::reads::app_covers;
use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{REPOSITORY_DISCONNECTED, RepositoryDisconnected},
    reads,
    store::projects,
};

/// Notifies the maintainers of a repository's project that the GitHub App no longer delivers its events, unless it does again.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_disconnected(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    repository: Uuid,
) -> Result<(), ActionError> {
    let id = github::model::RepositoryId::from(repository);
    let cover = app_covers(tx, [id]).await?.remove(&repository);
    let Some(cover) = cover.filter(|cover| !cover.state.is_active()) else {
        return Ok(());
    };
    let owner = projects::of_repositories(tx, [id]).await?;
    let Some(project) = owner.get(&id).copied() else {
        return Ok(());
    };
    let Some(named) = reads::project_by_id(tx, project).await? else {
        return Ok(());
    };
    let email = RepositoryDisconnected {
        // The names of private repositories are only for admins.
        repository: if cover.is_private {
            "A private repository".to_owned()
        } else {
            cover.full_name
        },
        slug: named.slug,
        project: named.name,
        reason: cover.state.sentence().to_owned(),
        has_hook: cover.has_hook,
    };
    let since = cover.ended_at.map(|at| at.to_rfc3339()).unwrap_or_default();
    for maintainer in reads::maintainers(tx, project).await? {
        let notice = Notice {
            kind: &REPOSITORY_DISCONNECTED,
            user_id: maintainer.id,
            object_id: repository,
            occurrence: &since,
            link: email.link(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}
