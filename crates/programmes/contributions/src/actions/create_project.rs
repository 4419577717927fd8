use crate::model::ProjectId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{Sql, Tx},
};
use serde_json::json;

use crate::{reads, rules::slug};

/// A project to be made.
#[derive(Clone, Debug, Default)]
pub struct NewProject {
    /// What people call it.
    pub name: String,
    /// Its name in addresses; made from `name` when absent.
    pub slug: Option<String>,
    /// What it is, in a sentence or two.
    pub description: String,
    /// What it is about.
    pub tags: Vec<String>,
    /// How hard it is to begin: in the project's own word.
    pub difficulty: Option<String>,
}

/// A project that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name in addresses.
    pub slug: String,
}

/// Makes a project with the default rules as their first version, which holds from the beginning
/// of time.
///
/// # Errors
/// When the name or slug cannot be used, or the database fails.
pub async fn create_project(
    context: &Context,
    actor: Actor,
    new: NewProject,
) -> Result<Project, ActionError> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        let detail = "A project's name has 1 to 100 characters.";
        return Err(Problem::new(ProblemKind::Invalid, "BAD_PROJECT_NAME", detail).into());
    }
    refuse_unseen(&new)?;
    let tx = context.begin().await?;
    tx.serialize("contributions.projects").await?;
    let slug = match &new.slug {
        Some(slug) => wanted_slug(&tx, slug).await?,
        None => free_slug(&tx, name).await?,
    };
    let id: ProjectId = context.ids.next().into();
    let now = context.now();
    let sql = "INSERT INTO projects (id, slug, name, description, tags, difficulty, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    let values = [
        id.into(),
        slug.as_str().into(),
        name.into(),
        new.description.trim().into(),
        json!(new.tags).to_string().into(),
        new.difficulty.clone().into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "INSERT INTO project_rules (id, project_id, version, document, published_at, created_at) \
               VALUES ($1, $2, 1, '{}', $3, $3)";
    tx.run(tx.statement(sql, [context.ids.next().into(), id.into(), now.into()]))
        .await?;
    let act = Act {
        actor,
        action: "project.create",
        target_kind: "project",
        target_id: id.0,
        before: None,
        after: Some(json!({ "slug": slug, "name": name })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(Project { id, slug })
}

/// What cannot be seen could pass for another text, or write over a terminal.
fn refuse_unseen(new: &NewProject) -> Result<(), Problem> {
    let is_unseen =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let texts = [&new.name, &new.description].into_iter();
    let mut texts = texts.chain(&new.tags).chain(&new.difficulty);
    match texts.find_map(|text| text.trim().chars().find(|c| is_unseen(*c))) {
        None => Ok(()),
        Some(c) => {
            let detail = format!(
                "U+{:04X} cannot be seen: leave control characters, line breaks and changes of \
                 direction out of a project's name, description, tags and difficulty.",
                u32::from(c)
            );
            Err(Problem::new(
                ProblemKind::Invalid,
                "UNSEEN_CHARACTER",
                detail,
            ))
        }
    }
}

async fn wanted_slug(tx: &Tx, slug: &str) -> Result<String, ActionError> {
    if !slug::is_slug(slug) {
        let detail = format!(
            "'{slug}' cannot be a slug: use lower-case letters, digits and single hyphens."
        );
        return Err(Problem::new(ProblemKind::Invalid, "BAD_SLUG", detail).into());
    }
    match reads::project_id(tx, slug).await? {
        None => Ok(slug.to_owned()),
        Some(_) => {
            let detail =
                format!("A project with the slug '{slug}' is there already. Choose another.");
            Err(Problem::new(ProblemKind::Conflict, "SLUG_TAKEN", detail).into())
        }
    }
}

async fn free_slug(tx: &Tx, name: &str) -> Result<String, ActionError> {
    let base = slug::from_name(name).ok_or_else(|| {
        let detail = format!(
            "'{name}' has no Latin letter or digit to make a slug of: give one with --slug."
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
