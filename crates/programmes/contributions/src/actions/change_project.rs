use github::model::RepositoryId;
use kernel::{Timestamp, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};

use super::wake_pulls::{lock_repositories, wake_pulls};
use crate::{
    access,
    reads::{self, ProjectView},
    rules::ProjectTexts,
    store::projects,
};

/// Changes of a project. Absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectChange {
    /// The display name.
    pub name: Option<String>,
    /// A short description.
    pub description: Option<String>,
    /// The topics, all of them.
    pub tags: Option<Vec<String>>,
    /// How hard it is to start contributing; empty to remove it.
    pub difficulty: Option<String>,
    /// True to archive it, so that pull requests that are opened from then on earn nothing. False to end that.
    pub archived: Option<bool>,
}

impl ProjectChange {
    fn texts(self, before: ProjectTexts) -> ProjectTexts {
        ProjectTexts {
            name: self.name.unwrap_or(before.name),
            description: self.description.unwrap_or(before.description),
            tags: self.tags.unwrap_or(before.tags),
            difficulty: self.difficulty.or(before.difficulty),
        }
    }
}

/// The effect of a change.
#[derive(Clone, Debug)]
pub struct ChangedProject {
    /// The project as it is now.
    pub project: ProjectView,
    /// True if it was archived, or is no longer archived, because of this change.
    pub has_moved: bool,
}

/// Changes the texts of a project, archives it or ends that. Repeating it changes nothing. If it is archived or no longer
/// archived, the pull requests that were opened since it was archived are settled again.
///
/// # Errors
/// When the project is unknown or a text is not valid.
pub async fn change_project(
    context: &Context,
    actor: Actor,
    slug: &str,
    change: ProjectChange,
) -> Result<ChangedProject, ActionError> {
    let mut tx = context.begin().await?;
    lock_repositories(&tx).await?;
    let found = reads::project(&tx, slug).await?;
    let before = found.ok_or_else(|| access::unknown(slug))?;
    let now = context.now();
    let archived_at = archived_at(&before, change.archived, truncate_to_micros(now));
    let old = before.texts();
    let mut texts = change.texts(old.clone());
    if texts != old {
        // Texts of earlier releases may be longer than allowed now, and stay until they are changed.
        texts = texts.checked()?;
    }
    let has_moved = archived_at != before.archived_at;
    if texts != old || has_moved {
        projects::update(&tx, before.id.into(), &texts, archived_at, now).await?;
    }
    if texts != old {
        let (was, is) = (Some(described(&old)), Some(described(&texts)));
        record(&tx, context, actor, "project.edit", &before, (was, is)).await?;
    }
    if has_moved {
        let action = match archived_at {
            Some(_) => "project.archive",
            None => "project.unarchive",
        };
        let states = (state(before.archived_at), state(archived_at));
        record(&tx, context, actor, action, &before, states).await?;
        let since = archived_at.or(before.archived_at);
        settle_since(&mut tx, context, &before, since).await?;
    }
    let after = reads::project(&tx, slug).await?;
    tx.commit().await?;
    Ok(ChangedProject {
        project: after.unwrap_or(before),
        has_moved,
    })
}

/// Returns when the project is archived after a change: an archived project stays archived since the same instant.
fn archived_at(before: &ProjectView, archived: Option<bool>, now: Timestamp) -> Option<Timestamp> {
    match archived {
        None => before.archived_at,
        Some(false) => None,
        Some(true) => Some(before.archived_at.unwrap_or(now)),
    }
}

/// Has the project's pull requests that were opened since an instant settled again.
async fn settle_since(
    tx: &mut Tx,
    context: &Context,
    project: &ProjectView,
    since: Option<Timestamp>,
) -> Result<(), ActionError> {
    let repositories = reads::repositories(tx, project.id.into()).await?;
    let ids = repositories
        .into_iter()
        .map(|found| RepositoryId::from(found.id));
    Ok(wake_pulls(tx, context, ids, since).await?)
}

fn described(texts: &ProjectTexts) -> Value {
    json!({
        "name": texts.name, "description": texts.description, "tags": texts.tags,
        "difficulty": texts.difficulty,
    })
}

fn state(archived_at: Option<Timestamp>) -> Option<Value> {
    archived_at.map(|at| json!({ "archived_at": at }))
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    project: &ProjectView,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action,
        target_kind: "project",
        target_id: project.id,
        before,
        after,
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}
