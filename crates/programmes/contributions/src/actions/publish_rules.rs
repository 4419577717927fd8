use github::model::PULL_REQUEST_CHANGED;
use kernel::{Problem, ProblemKind, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::wake_pulls::lock_repositories;
use crate::{
    access,
    model::{ProjectId, SEASON_RULES_PUBLISHED, SeasonId},
    reads::{self, ProjectView, RulesVersion},
    rules::{Candidate, refusal},
    store::{
        contributions,
        projects::{self, RulesRow},
    },
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRules {
    /// The document, as JSON. Absent fields have their defaults.
    pub document: String,
    /// The version that it was derived from. If another one is current, it is refused. Absent to accept any.
    pub based_on: Option<i64>,
}

/// Publishes a version of a project's rules, which applies from now on. Returns the version.
///
/// # Errors
/// When the project is unknown or archived, the document is not valid, it states the current rules, or another version
/// was published since the one that it is based on.
pub async fn publish_rules(
    context: &Context,
    actor: Actor,
    slug: &str,
    new: NewRules,
) -> Result<RulesVersion, ActionError> {
    publish(context, actor, slug, new, None).await
}

/// Publishes the rules of a season as a version of a project's rules, like [`publish_rules`], and notifies its maintainers.
pub(super) async fn publish_rules_of_season(
    context: &Context,
    actor: Actor,
    slug: &str,
    new: NewRules,
    season: SeasonId,
) -> Result<RulesVersion, ActionError> {
    publish(context, actor, slug, new, Some(season)).await
}

async fn publish(
    context: &Context,
    actor: Actor,
    slug: &str,
    new: NewRules,
    season: Option<SeasonId>,
) -> Result<RulesVersion, ActionError> {
    let candidate = Candidate::read(&new.document).map_err(|errors| refusal(&errors))?;
    let mut tx = context.begin().await?;
    lock_repositories(&tx).await?;
    let project = locked(&tx, slug).await?;
    let id = project.id.into();
    let current = reads::current_rules(&tx, id).await?;
    if let Some(problem) = conflict(&project, &current, new.based_on, &candidate) {
        return Err(problem.into());
    }
    let now = truncate_to_micros(context.now());
    let published = RulesVersion {
        version: current.version + 1,
        document: candidate.text,
        // A clock that was set back does not put a version before an earlier one.
        published_at: now.max(current.published_at),
    };
    let row = insert(&tx, context, actor, id, &published, season).await?;
    if season.is_some() {
        tx.wake(SEASON_RULES_PUBLISHED, [row], context.ids.as_ref(), now).await?;
    }
    settle_again(&mut tx, context, id, &published).await?;
    record(&tx, context, actor, &project, &current, &published).await?;
    tx.commit().await?;
    Ok(published)
}

/// Finds a project and locks its row: of two people who publish at the same time, one waits for the other.
async fn locked(tx: &Tx, slug: &str) -> Result<ProjectView, ActionError> {
    let found = reads::project_id(tx, slug).await?;
    let id = found.ok_or_else(|| access::unknown(slug))?;
    tx.lock_rows("projects", [id.0]).await?;
    let project = reads::project(tx, slug).await?;
    Ok(project.ok_or_else(|| access::unknown(slug))?)
}

/// Returns the reason why a document cannot follow the current version, if there is one.
fn conflict(
    project: &ProjectView,
    current: &RulesVersion,
    based_on: Option<i64>,
    candidate: &Candidate,
) -> Option<Problem> {
    if based_on.is_some_and(|based| based != current.version) {
        Some(outdated(project, current))
    } else if project.archived_at.is_some() {
        Some(archived(project))
    } else {
        (current.rules() == candidate.document).then(|| unchanged(current))
    }
}

async fn insert(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    project: ProjectId,
    rules: &RulesVersion,
    season: Option<SeasonId>,
) -> Result<Uuid, ActionError> {
    let new = RulesRow {
        id: context.ids.next(),
        project,
        version: rules.version,
        document: rules.document.as_str(),
        published_at: rules.published_at,
        published_by: actor.person(),
        season,
    };
    projects::insert_rules(tx, &new).await?;
    Ok(new.id)
}

/// Has the pull requests settled again that the earlier version scored although the new one applies. GitHub's clock may
/// be ahead of this server's, and this server's may have been set back.
async fn settle_again(
    tx: &mut Tx,
    context: &Context,
    project: ProjectId,
    rules: &RulesVersion,
) -> Result<(), ActionError> {
    let pulls = contributions::since(tx, project, rules.published_at).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    Ok(tx.wake(PULL_REQUEST_CHANGED, pulls, ids, now).await?)
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    project: &ProjectView,
    before: &RulesVersion,
    after: &RulesVersion,
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action: "project.publish_rules",
        target_kind: "project",
        target_id: project.id,
        before: Some(json!({ "version": before.version })),
        after: Some(json!({ "version": after.version })),
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}

fn outdated(project: &ProjectView, current: &RulesVersion) -> Problem {
    let detail = format!(
        "Version {} is current, and your rules are based on another version. Read the changes at \
         /projects/{}/rules, then edit the current version.",
        current.version, project.slug
    );
    Problem::new(ProblemKind::Conflict, "RULES_OUTDATED", detail)
}

fn archived(project: &ProjectView) -> Problem {
    let detail = format!(
        "{} is archived, so new rules would score nothing. Its owner or an admin can unarchive it.",
        project.name
    );
    Problem::new(ProblemKind::Conflict, "PROJECT_ARCHIVED", detail)
}

fn unchanged(current: &RulesVersion) -> Problem {
    let detail = format!(
        "These rules equal version {}, which is current. Change a rule first.",
        current.version
    );
    Problem::new(ProblemKind::Conflict, "RULES_UNCHANGED", detail)
}
