use identity::reads::find_named_by;
use kernel::Checks;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
    slug,
};
use serde_json::json;
use uuid::Uuid;

use super::skills::refresh_skills;
use crate::{
    model::{MAINTAINER_ADDED, ProjectId},
    reads,
    rules::ProjectTexts,
    store::{maintainers, projects},
};

#[derive(Clone, Debug, Default)]
pub struct NewProject {
    /// The display name.
    pub name: String,
    /// The slug, derived from `name` when absent or empty.
    pub slug: Option<String>,
    /// A short description.
    pub description: String,
    pub tags: Vec<String>,
    /// How hard it is to start contributing, in the project's own words.
    pub difficulty: Option<String>,
    /// The login or the ID of the owner. When absent or empty, the person who creates the project owns it, and one that an
    /// operator creates has no owner.
    pub owner: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub id: ProjectId,
    pub slug: String,
    /// The display name.
    pub name: String,
}

/// Creates a project with the default rules as their first version, which applies since the start. Its owner is notified, if
/// someone else created it.
///
/// # Errors
/// When a text is invalid, the slug is invalid or taken, or the owner is unknown. The problem names the field.
pub async fn create_project(
    context: &Context,
    actor: Actor,
    new: NewProject,
) -> Result<Project, ActionError> {
    let texts = ProjectTexts {
        name: new.name,
        description: new.description,
        tags: new.tags,
        difficulty: new.difficulty,
    };
    let texts = texts.checked();
    let mut tx = context.begin().await?;
    tx.serialize("contributions.projects").await?;
    let own = &tx;
    let is_taken = |slug: String| async move { Ok(reads::project_id(own, &slug).await?.is_some()) };
    let chosen = slug::chosen_for(new.slug.as_deref(), texts, |it| &it.name, is_taken).await;
    let owner = owner(&tx, actor, given(new.owner.as_deref())).await;
    let mut checks = Checks::default();
    let (slug, texts) = checks.read(ActionError::refusal(chosen)?);
    let owner = checks.read(ActionError::refusal(owner)?);
    checks.finish(())?;
    let id: ProjectId = context.ids.next().into();
    let now = context.now();
    projects::insert(&tx, id, &slug, &texts, context.ids.next(), now).await?;
    if let Some(owner) = owner {
        add_owner(&mut tx, context, actor, id, owner).await?;
    }
    let act = Act {
        actor,
        action: "project.create",
        target_kind: "project",
        target_id: id.0,
        before: None,
        after: Some(json!({ "slug": slug, "name": texts.name, "owner": owner })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    refresh_skills(&mut tx, context, &texts.tags).await?;
    tx.commit().await?;
    let name = texts.name;
    Ok(Project { id, slug, name })
}

/// Returns a text without surrounding spaces; `None` if nothing is left.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Finds the owner of a new project: the named person, or the person who creates it. An operator is not a person.
async fn owner(tx: &Tx, actor: Actor, login: Option<&str>) -> Result<Option<Uuid>, ActionError> {
    match login {
        Some(login) => {
            let person = find_named_by(tx, actor, login).await;
            Ok(Some(person.map_err(|error| error.at("owner"))?.id))
        }
        None => Ok(actor.person()),
    }
}

/// Adds the owner of a new project, and notifies them unless they created it.
async fn add_owner(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    project: ProjectId,
    owner: Uuid,
) -> Result<(), ActionError> {
    let (id, now) = (context.ids.next(), context.now());
    maintainers::insert_owner(tx, id, project, owner.into(), now).await?;
    if actor != Actor::Person(owner) {
        let ids = context.ids.as_ref();
        tx.wake(MAINTAINER_ADDED, [id], ids, now).await?;
    }
    Ok(())
}
