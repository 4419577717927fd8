use identity::model::{Role, Viewer};
use platform::{ActionError, Context, audit::Actor};

use crate::{
    access,
    actions::{NewRules, publish_rules},
    model::SeasonId,
    reads::{self, ProjectView},
};

/// The result of publishing the rules of a season in one of its projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesOutcome {
    /// The project's slug.
    pub project: String,
    /// The version that was published; absent if none was.
    pub version: Option<i64>,
    /// The reason why none was published.
    pub reason: Option<String>,
}

/// Publishes the rules of a season as a new version of the rules of each of its projects. Each project is a transaction
/// of its own. Projects that the viewer does not maintain, archived ones and those with the same rules stay as they are.
/// A command has no viewer and may publish to all.
///
/// # Errors
/// When the season is unknown.
pub async fn publish_season_rules(
    context: &Context,
    viewer: Option<&Viewer>,
    slug: &str,
) -> Result<Vec<RulesOutcome>, ActionError> {
    let season = reads::season(&context.db, slug).await?;
    let season = season.ok_or_else(|| access::unknown_season(slug))?;
    let projects = reads::season_projects(&context.db, SeasonId::new(season.id)).await?;
    let mut outcomes = Vec::new();
    for project in projects {
        outcomes.push(publish(context, viewer, &season.rules, project).await?);
    }
    Ok(outcomes)
}

async fn publish(
    context: &Context,
    viewer: Option<&Viewer>,
    rules: &str,
    project: ProjectView,
) -> Result<RulesOutcome, ActionError> {
    let skipped = |project: ProjectView, reason: String| RulesOutcome {
        project: project.slug,
        version: None,
        reason: Some(reason),
    };
    if let Some(viewer) = viewer
        && !viewer.acts_as(Role::Admin)
        && !reads::maintains(&context.db, project.id.into(), viewer.user_id).await?
    {
        let reason = "Only maintainers of the project can publish its rules.".to_owned();
        return Ok(skipped(project, reason));
    }
    let actor = viewer.map_or(Actor::Operator, Viewer::actor);
    let new = NewRules { document: rules.to_owned(), based_on: None };
    match publish_rules(context, actor, &project.slug, new).await {
        Ok(published) => Ok(RulesOutcome {
            project: project.slug,
            version: Some(published.version),
            reason: None,
        }),
        Err(ActionError::Refused(problem)) => Ok(skipped(project, problem.detail)),
        Err(error) => Err(error),
    }
}
