use crate::model::ProjectId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use crate::{
    reads,
    rules::{ProjectTexts, slug},
    store::projects,
};

/// A project to create.
#[derive(Clone, Debug, Default)]
pub struct NewProject {
    /// The display name.
    pub name: String,
    /// The slug, derived from `name` when absent.
    pub slug: Option<String>,
    /// A short description.
    pub description: String,
    /// The topics.
    pub tags: Vec<String>,
    /// How hard it is to start contributing, in the project's own words.
    pub difficulty: Option<String>,
}

/// A created project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The ID.
    pub id: ProjectId,
    /// The slug.
    pub slug: String,
}

/// Creates a project with the default rules as their first version, which applies since the start.
///
/// # Errors
/// When the name is invalid, or the slug is invalid or taken.
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
    let texts = texts.checked()?;
    let tx = context.begin().await?;
    tx.serialize("contributions.projects").await?;
    let slug = match &new.slug {
        Some(slug) => checked_slug(&tx, slug).await?,
        None => free_slug(&tx, &texts.name).await?,
    };
    let id: ProjectId = context.ids.next().into();
    let now = context.now();
    projects::insert(&tx, (id, &slug), &texts, context.ids.next(), now).await?;
    let act = Act {
        actor,
        action: "project.create",
        target_kind: "project",
        target_id: id.0,
        before: None,
        after: Some(json!({ "slug": slug, "name": texts.name })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(Project { id, slug })
}

async fn checked_slug(tx: &Tx, slug: &str) -> Result<String, ActionError> {
    if !slug::is_slug(slug) {
        let detail = format!(
            "'{slug}' is not a valid slug. Use lowercase letters, digits and single hyphens."
        );
        return Err(Problem::new(ProblemKind::Invalid, "BAD_SLUG", detail).into());
    }
    match reads::project_id(tx, slug).await? {
        None => Ok(slug.to_owned()),
        Some(_) => {
            let detail = format!("The slug '{slug}' is already in use. Choose a different one.");
            Err(Problem::new(ProblemKind::Conflict, "SLUG_TAKEN", detail).into())
        }
    }
}

async fn free_slug(tx: &Tx, name: &str) -> Result<String, ActionError> {
    let base = slug::from_name(name).ok_or_else(|| {
        let detail = format!(
            "'{name}' has none of the characters a to z and 0 to 9 to derive a slug from. Set one with `--slug`."
        );
        Problem::new(ProblemKind::Invalid, "NEEDS_SLUG", detail)
    })?;
    let mut slug = base.clone();
    let mut number = 1;
    while reads::project_id(tx, &slug).await?.is_some() {
        number += 1;
        slug = format!("{base}-{number}");
    }
    Ok(slug)
}
