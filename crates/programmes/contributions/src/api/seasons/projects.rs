use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    web::{All, Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Organizer,
    actions::{RulesOutcome, add_season_project, publish_season_rules, remove_season_project},
    reads::{self, RulesPlan},
    rules::{rule_words::RuleChange, seasons::ChosenProject},
};

/// Adds a project to a season, so that its points count there. Does nothing if it belongs to it.
#[utoipa::path(
    put,
    path = "/api/v1/seasons/{slug}/projects/{project}",
    operation_id = "add_season_project",
    tag = "Seasons",
    responses(
        (status = 204, description = "The project belongs to the season"),
        (status = 409, description = "The season is final or canceled")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn add(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Path((_, project)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    add_season_project(&context, viewer.actor(), &season.slug, &project).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a project from a season. Does nothing if it does not belong to it.
#[utoipa::path(
    delete,
    path = "/api/v1/seasons/{slug}/projects/{project}",
    operation_id = "remove_season_project",
    tag = "Seasons",
    responses(
        (status = 204, description = "The project does not belong to the season"),
        (status = 409, description = "The season is final or canceled")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Path((_, project)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    remove_season_project(&context, viewer.actor(), &season.slug, &project).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The result of publishing in a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RulesOutcome, example = json!({ "project": "lantern", "version": 2, "reason": null }))]
pub(super) struct RulesOutcomeView {
    /// The project's slug.
    project: String,
    /// The version that was published. Null if none was.
    version: Option<i64>,
    /// The reason why none was published.
    reason: Option<String>,
}

impl From<RulesOutcome> for RulesOutcomeView {
    fn from(outcome: RulesOutcome) -> Self {
        Self { project: outcome.project, version: outcome.version, reason: outcome.reason }
    }
}

/// The effect of publishing the rules of a season in one of its projects.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonRulesPlan, example = json!({
    "project": "lantern", "version": 2, "has_own": true, "reason": null,
    "changes": [{ "rule": "Merged", "before": "50 points", "after": "60 points" }]
}))]
pub(super) struct RulesPlanView {
    /// The project's slug.
    project: String,
    /// The current version of its rules.
    version: i64,
    /// True if its maintainers published rules that are not the usual ones. They are replaced only if the project is chosen.
    has_own: bool,
    /// Why nothing can be published there. Null if something can.
    reason: Option<&'static str>,
    /// The rules that change.
    changes: Vec<RuleChangeView>,
}

/// A rule that changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonRuleChange)]
struct RuleChangeView {
    /// The name of the rule.
    rule: &'static str,
    before: String,
    after: String,
}

impl From<RulesPlan> for RulesPlanView {
    fn from(plan: RulesPlan) -> Self {
        let change =
            |it: RuleChange| RuleChangeView { rule: it.rule, before: it.before, after: it.after };
        Self {
            project: plan.slug,
            version: plan.version,
            has_own: plan.has_own,
            reason: plan.bar,
            changes: plan.changes.into_iter().map(change).collect(),
        }
    }
}

/// Shows what publishing the season's rules would change in each of its projects.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}/publish-rules",
    operation_id = "list_season_rules_changes",
    tag = "Seasons",
    responses((status = 200, description = "The projects, by slug", body = All<RulesPlanView>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn preview_rules(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Json<All<RulesPlanView>>, WebError> {
    let plans = reads::rules_plans(&context.db, Some(&viewer), &season).await?;
    Ok(Json(All::of(plans)))
}

/// The projects to whose rules those of a season are published.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "projects": ["lantern"] }))]
pub(super) struct ChosenProjects {
    /// Their slugs. Null for those without rules of their own.
    #[schema(max_items = 1_000)]
    projects: Option<Vec<String>>,
}

/// Publishes the season's rules as a new version of the rules of its projects that you maintain: of those that you choose, or of those
/// without rules of their own. The maintainers of each are notified of what changes.
#[utoipa::path(
    post,
    path = "/api/v1/seasons/{slug}/publish-rules",
    operation_id = "publish_season_rules",
    tag = "Seasons",
    request_body = ChosenProjects,
    responses(
        (status = 200, description = "What was published in each project, by slug", body = All<RulesOutcomeView>),
        (status = 404, description = "No season has this slug, or it has no such project")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn publish_rules(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Body(body): Body<ChosenProjects>,
) -> Result<Json<All<RulesOutcomeView>>, WebError> {
    let chosen = body.projects.map(|all| {
        let chosen = all.into_iter().map(|slug| ChosenProject { slug, based_on: None });
        chosen.collect::<Vec<_>>()
    });
    let (viewer, slug) = (Some(&viewer), &season.slug);
    let outcomes = publish_season_rules(&context, viewer, slug, chosen.as_deref()).await?;
    Ok(Json(All::of(outcomes)))
}
