use askama::Template;
use axum::{extract::State, response::Response};
use identity::model::Viewer;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, Undo,
    pick::{Choice, MOST_CHOICES},
    redirect, redirect_with_undo, show,
};

use super::SeasonCard;
use crate::{
    access::Organizer,
    actions::{RulesOutcome, add_season_project, publish_season_rules, remove_season_project},
    reads::{self, ProjectPart, ProjectView, RulesPlan, SeasonView},
    rules::seasons::ChosenProject,
};

#[derive(Template)]
#[template(path = "season_projects.html")]
struct ProjectsPage {
    season: SeasonCard,
    /// The slugs and names.
    projects: Vec<(String, String)>,
    /// The projects that the form offers.
    offered: Vec<Choice>,
    form: Form,
}

/// `GET /seasons/{slug}/projects`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> PageResult {
    render(&context, &season, Form::default()).await
}

async fn render(context: &Context, season: &SeasonView, form: Form) -> PageResult {
    let projects = reads::season_projects(&context.db, season.id.into()).await?;
    let projects: Vec<_> = projects.into_iter().map(|it| (it.slug, it.name)).collect();
    let most = i64::try_from(MOST_CHOICES).unwrap_or(i64::MAX);
    let offered = reads::projects(&context.db, ProjectPart::Current, "", most).await?;
    let is_new = |it: &ProjectView| projects.iter().all(|(slug, _)| *slug != it.slug);
    let offered = offered.into_iter().filter(is_new).map(|it| Choice::new(it.slug, it.name));
    show(&ProjectsPage {
        season: SeasonCard::of(season, context.now()),
        offered: offered.collect(),
        projects,
        form,
    })
}

/// The fields of the form that adds a project.
#[derive(Debug, Deserialize)]
pub(super) struct NewProject {
    project: String,
}

/// `POST /seasons/{slug}/projects`.
pub(super) async fn add(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Filled(new, form): Filled<NewProject>,
) -> Result<Response, PageError> {
    let project = new.project.trim();
    match add_season_project(&context, viewer.actor(), &season.slug, project).await {
        Ok(season) => {
            let said = format!("{project} belongs to {}", season.name);
            Ok(back(&season.slug, &said))
        }
        Err(error) => {
            let again = |form| render(&context, &season, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /seasons/{slug}/projects/{project}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Address((_, project)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let (actor, slug) = (viewer.actor(), &season.slug);
    let removed = remove_season_project(&context, actor, slug, &project).await;
    removed.map_err(WebError::from)?;
    let said = format!("{project} no longer belongs to {}", season.name);
    let path = format!("/seasons/{}/projects", season.slug);
    let undo = Undo::by(&path).with("project", project);
    Ok(redirect_with_undo(&path, &said, &undo))
}

/// The page that shows what publishing the rules of a season changes in each of its projects.
#[derive(Template)]
#[template(path = "season_publish_rules.html")]
struct RulesPage {
    slug: String,
    name: String,
    plans: Vec<RulesPlan>,
    form: Form,
}

impl RulesPage {
    /// Returns the value of the box of a project: its slug, and the version that the person sees.
    fn value(plan: &RulesPlan) -> String {
        format!("{}@{}", plan.slug, plan.version)
    }

    fn is_chosen(&self, plan: &RulesPlan) -> bool {
        self.form.has("project", &Self::value(plan), plan.is_usual())
    }

    /// Returns whether the viewer may publish the rules in any project.
    fn may_publish(&self) -> bool {
        self.plans.iter().any(|plan| plan.bar.is_none())
    }
}

async fn render_rules(
    context: &Context,
    viewer: &Viewer,
    season: &SeasonView,
    form: Form,
) -> PageResult {
    let plans = reads::rules_plans(&context.db, Some(viewer), season).await?;
    show(&RulesPage { slug: season.slug.clone(), name: season.name.clone(), plans, form })
}

/// `GET /seasons/{slug}/publish-rules`: asks before rules are published.
pub(super) async fn ask_to_publish_rules(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> PageResult {
    render_rules(&context, &viewer, &season, Form::default()).await
}

/// The form that publishes rules has a box for each project, which are read from the form itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RulesFields {}

/// `POST /seasons/{slug}/publish-rules`.
pub(super) async fn publish_rules(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Filled(_, form): Filled<RulesFields>,
) -> Result<Response, PageError> {
    let boxes = form.fields().iter().filter(|(name, _)| name == "project");
    let projects: Vec<ChosenProject> = boxes.map(|(_, value)| ChosenProject::read(value)).collect();
    let published =
        publish_season_rules(&context, Some(&viewer), &season.slug, Some(&projects)).await;
    let outcomes = match published {
        Ok(outcomes) => outcomes,
        Err(error) => {
            let again = |form| render_rules(&context, &viewer, &season, form);
            return form.refused(error, again).await;
        }
    };
    let published = outcomes.iter().filter(|it| it.version.is_some()).count();
    let is_chosen = |it: &&RulesOutcome| projects.iter().any(|one| one.slug == it.project);
    let skipped = outcomes.iter().filter(is_chosen).find_map(|it| {
        let reason = it.reason.as_ref()?;
        Some(format!("; not in {}: {reason}", it.project))
    });
    let said = format!(
        "The rules are published in {}{}",
        kernel::counted(published, "project", "projects"),
        skipped.unwrap_or_default()
    );
    Ok(back(&season.slug, &said))
}

fn back(slug: &str, said: &str) -> Response {
    redirect(&format!("/seasons/{slug}/projects"), said)
}
