use identity::model::Viewer;
use kernel::Problem;
use platform::{ActionError, Context, audit::Actor};

use crate::{
    access,
    actions::{NewRules, publish_rules::publish_rules_of_season},
    model::SeasonId,
    reads::{self, RulesPlan, SeasonView},
    rules::seasons::ChosenProject,
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

/// Publishes the rules of a season as a new version of the rules of these of its projects, or of those without rules of their own,
/// and notifies the maintainers of each. Each project is a transaction of its own. Projects that the viewer does not maintain,
/// archived ones and those with the same rules stay as they are. A command has no viewer and may publish to all.
///
/// # Errors
/// When the season is unknown, or a chosen project is not one of it.
pub async fn publish_season_rules(
    context: &Context,
    viewer: Option<&Viewer>,
    slug: &str,
    chosen: Option<&[ChosenProject]>,
) -> Result<Vec<RulesOutcome>, ActionError> {
    let season = reads::season(&context.db, slug).await?;
    let season = season.ok_or_else(|| access::unknown_season(slug))?;
    let plans = reads::rules_plans(&context.db, viewer, &season).await?;
    let is_unknown = |it: &&ChosenProject| !plans.iter().any(|plan| plan.slug == it.slug);
    if let Some(other) = chosen.unwrap_or_default().iter().find(is_unknown) {
        let detail = format!("{} has no project '{}'.", season.name, other.slug);
        return Err(Problem::not_found(detail).at("projects").into());
    }
    let actor = viewer.map_or(Actor::Operator, Viewer::actor);
    let mut outcomes = Vec::new();
    for plan in plans {
        outcomes.push(publish(context, actor, &season, plan, chosen).await?);
    }
    Ok(outcomes)
}

async fn publish(
    context: &Context,
    actor: Actor,
    season: &SeasonView,
    plan: RulesPlan,
    chosen: Option<&[ChosenProject]>,
) -> Result<RulesOutcome, ActionError> {
    let choice = chosen.and_then(|all| all.iter().find(|it| it.slug == plan.slug));
    let bar = match (plan.bar, chosen) {
        (Some(bar), _) => Some(bar),
        (None, Some(_)) if choice.is_none() => Some("The project was not chosen."),
        (None, None) if plan.has_own => {
            Some("The project has its own rules. Choose it to replace them.")
        }
        _ => None,
    };
    let mut outcome = RulesOutcome { project: plan.slug, version: None, reason: None };
    if let Some(bar) = bar {
        outcome.reason = Some(bar.to_owned());
        return Ok(outcome);
    }
    let based_on = choice.and_then(|it| it.based_on).unwrap_or(plan.version);
    let new = NewRules { document: season.rules.clone(), based_on: Some(based_on) };
    let id = SeasonId::new(season.id);
    match publish_rules_of_season(context, actor, &outcome.project, new, id).await {
        Ok(published) => outcome.version = Some(published.version),
        Err(ActionError::Refused(problem)) => outcome.reason = Some(problem.detail),
        Err(error) => return Err(error),
    }
    Ok(outcome)
}
