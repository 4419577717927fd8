use github::model::{PULL_REQUEST_CHANGED, RepositoryId};
use kernel::{Checks, Problem, Timestamp, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};

use super::{
    skills::refresh_skills,
    wake_pulls::{lock_repositories, wake_pulls},
};
use crate::{
    access,
    reads::{self, ProjectView},
    rules::{ProjectTexts, review::IdleDays},
    store::{contributions, projects},
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
    /// The number of days after which its pull requests are stale.
    pub stale_days: Option<i64>,
    /// The number of days after which its pull requests are abandoned.
    pub abandoned_days: Option<i64>,
    /// True to have abandoned pull requests closed on GitHub.
    pub closes_abandoned: Option<bool>,
    /// True to archive it, so that pull requests that are opened from then on earn nothing. False to end that.
    pub archived: Option<bool>,
    /// The problems of fields that a form could not read as what they are, such as numbers.
    pub unread: Option<Problem>,
}

impl ProjectChange {
    fn idle_days(&self, before: IdleDays) -> Result<IdleDays, Problem> {
        let (stale, abandoned) = (self.stale_days, self.abandoned_days);
        if stale.is_none() && abandoned.is_none() {
            return Ok(before);
        }
        IdleDays::checked(
            stale.unwrap_or(before.stale.into()),
            abandoned.unwrap_or(before.abandoned.into()),
        )
    }

    fn texts(self, before: ProjectTexts) -> ProjectTexts {
        ProjectTexts {
            name: self.name.unwrap_or(before.name),
            description: self.description.unwrap_or(before.description),
            tags: self.tags.unwrap_or(before.tags),
            difficulty: self.difficulty.or(before.difficulty),
        }
    }
}

#[derive(Clone, Debug)]
pub struct ChangedProject {
    pub project: ProjectView,
    /// True if it was archived, or is no longer archived, because of this change.
    pub has_moved: bool,
}

/// Changes the texts of a project, archives it or ends that. Repeating it changes nothing. If it is archived or no longer
/// archived, the pull requests that were opened since it was archived are settled again.
///
/// # Errors
/// When the project is unknown, or a text or a number of days is not valid.
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
    let (old, old_days) = (before.texts(), before.idle_days());
    let closes = change.closes_abandoned.unwrap_or(before.closes_abandoned);
    let mut checks = Checks::default();
    let unread = change.unread.clone();
    let days = change.idle_days(old_days);
    let mut texts = change.texts(old.clone());
    if texts != old {
        // Texts of earlier releases may be longer than allowed now, and stay until they are changed.
        texts = checks.read(texts.checked());
    }
    unread.into_iter().for_each(|problem| checks.refuse(problem));
    let days = checks.read_or(days, old_days);
    checks.finish(())?;
    let has_moved = archived_at != before.archived_at;
    if closes != before.closes_abandoned {
        projects::set_closes_abandoned(&tx, before.id.into(), closes, now).await?;
    }
    let is_edited = (&texts, days, closes) != (&old, old_days, before.closes_abandoned);
    if is_edited || has_moved {
        projects::update(&tx, before.id.into(), &texts, archived_at, days, now).await?;
    }
    if days != old_days {
        let open = contributions::open_ids(&tx, before.id.into()).await?;
        let ids = context.ids.as_ref();
        tx.wake(PULL_REQUEST_CHANGED, open, ids, now).await?;
    }
    if is_edited {
        let was = Some(described(&old, old_days, before.closes_abandoned));
        let is = Some(described(&texts, days, closes));
        record(&tx, context, actor, "project.edit", &before, was, is).await?;
    }
    if texts.tags != old.tags {
        let tags = [old.tags.as_slice(), texts.tags.as_slice()].concat();
        refresh_skills(&mut tx, context, &tags).await?;
    }
    if has_moved {
        let action = match archived_at {
            Some(_) => "project.archive",
            None => "project.unarchive",
        };
        record(&tx, context, actor, action, &before, state(before.archived_at), state(archived_at))
            .await?;
        let since = archived_at.or(before.archived_at);
        settle_since(&mut tx, context, &before, since).await?;
    }
    let after = reads::project(&tx, slug).await?;
    tx.commit().await?;
    Ok(ChangedProject { project: after.unwrap_or(before), has_moved })
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
    let ids = repositories.into_iter().map(|found| RepositoryId::from(found.id));
    Ok(wake_pulls(tx, context, ids, since).await?)
}

fn described(texts: &ProjectTexts, days: IdleDays, closes_abandoned: bool) -> Value {
    json!({
        "name": texts.name, "description": texts.description, "tags": texts.tags,
        "difficulty": texts.difficulty, "stale_days": days.stale, "abandoned_days": days.abandoned,
        "closes_abandoned": closes_abandoned,
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
    before: Option<Value>,
    after: Option<Value>,
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
