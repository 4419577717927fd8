use crate::model::ProjectId;
use identity::model::Person;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use crate::{access, model::MAINTAINER_ADDED, reads, store::maintainers};

/// Makes a person a maintainer of a project. Repeating it changes nothing.
///
/// # Errors
/// When the project or the login is unknown.
pub async fn appoint_maintainer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let (project, person) = find(&tx, slug, login).await?;
    let (id, now) = (context.ids.next(), context.now());
    if maintainers::insert(&tx, id, project, person.id.into(), now).await? {
        record(
            &tx,
            context,
            actor,
            "project.add_maintainer",
            project,
            &person,
        )
        .await?;
        let ids = context.ids.as_ref();
        tx.wake(MAINTAINER_ADDED, [id], ids, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Removes a maintainer from a project. The last maintainer cannot remove themselves, because only an admin
/// could add another.
///
/// # Errors
/// When the project or the login is unknown, the person does not maintain the project, or they are the last
/// maintainer and remove themselves.
pub async fn dismiss_maintainer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<Person, ActionError> {
    let tx = context.begin().await?;
    let (project, person) = find(&tx, slug, login).await?;
    if !maintainers::remove(&tx, project, person.id.into()).await? {
        let detail = format!("{} is not a maintainer of this project.", person.login);
        return Err(Problem::new(ProblemKind::Conflict, "NOT_A_MAINTAINER", detail).into());
    }
    if actor == Actor::Person(person.id) && !has_maintainers(&tx, project).await? {
        let detail =
            "You are the only maintainer of this project. Add another first, or ask an admin.";
        return Err(Problem::new(ProblemKind::Conflict, "LAST_MAINTAINER", detail).into());
    }
    record(
        &tx,
        context,
        actor,
        "project.remove_maintainer",
        project,
        &person,
    )
    .await?;
    tx.commit().await?;
    Ok(person)
}

async fn has_maintainers(tx: &Tx, project: ProjectId) -> Result<bool, ActionError> {
    // Serializes maintainers who leave at the same time.
    tx.serialize("project_maintainers").await?;
    Ok(maintainers::count(tx, project).await? > 0)
}

async fn find(tx: &Tx, slug: &str, login: &str) -> Result<(ProjectId, Person), ActionError> {
    let project = reads::project_id(tx, slug)
        .await?
        .ok_or_else(|| access::unknown(slug))?;
    let person = identity::reads::find_named(tx, login).await;
    Ok((project, person.map_err(|error| error.at("login"))?))
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    project: ProjectId,
    person: &Person,
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action,
        target_kind: "project",
        target_id: project.0,
        before: None,
        after: Some(json!({ "person": person.id })),
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}
