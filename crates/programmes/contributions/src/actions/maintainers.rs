use crate::model::ProjectId;
use identity::{model::Person, reads::find_named_by};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    access,
    model::MAINTAINER_ADDED,
    reads::{self, MaintainerView},
    store::maintainers,
};

/// Makes a person a maintainer of a project. Returns the person. Repeating it changes nothing.
///
/// # Errors
/// When the project or the login is unknown.
pub async fn add_maintainer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<Person, ActionError> {
    let mut tx = context.begin().await?;
    let project = project_named(&tx, slug).await?;
    let person = find_named_by(&tx, actor, login).await;
    let person = person.map_err(|error| error.at("login"))?;
    let (id, now) = (context.ids.next(), context.now());
    if maintainers::insert(&tx, id, project, person.id.into(), now).await? {
        record(&tx, context, actor, "project.add_maintainer", project, person.id).await?;
        let ids = context.ids.as_ref();
        tx.wake(MAINTAINER_ADDED, [id], ids, now).await?;
    }
    tx.commit().await?;
    Ok(person)
}

/// Removes a maintainer from a project. Returns the maintainer. The owner cannot be removed, only transfer the project. The
/// last maintainer cannot remove themselves, because only an admin could add another.
///
/// # Errors
/// When the project or the login is unknown, the person does not maintain the project or owns it, or they are the last
/// maintainer and remove themselves.
pub async fn remove_maintainer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<MaintainerView, ActionError> {
    let tx = context.begin().await?;
    let project = project_named(&tx, slug).await?;
    // Serializes maintainers who leave at the same time.
    tx.serialize("project_maintainers").await?;
    let person = reads::find_maintainer(&tx, project, login).await;
    let person = person.map_err(|error| error.at("login"))?;
    if person.is_owner {
        return Err(reads::owner_stays(&person.login).into());
    }
    maintainers::remove(&tx, project, person.id).await?;
    if actor == Actor::Person(person.id.0) && maintainers::count(&tx, project).await? == 0 {
        let detail =
            "You are the only maintainer of this project. Add another first, or ask an admin.";
        return Err(Problem::new(ProblemKind::Conflict, "LAST_MAINTAINER", detail).into());
    }
    record(&tx, context, actor, "project.remove_maintainer", project, person.id.0).await?;
    tx.commit().await?;
    Ok(person)
}

async fn project_named(tx: &Tx, slug: &str) -> Result<ProjectId, ActionError> {
    let project = reads::project_id(tx, slug).await?;
    Ok(project.ok_or_else(|| access::unknown(slug))?)
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    project: ProjectId,
    person: Uuid,
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action,
        target_kind: "project",
        target_id: project.0,
        before: None,
        after: Some(json!({ "person": person })),
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}
