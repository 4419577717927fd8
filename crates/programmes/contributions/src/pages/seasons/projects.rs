use askama::Template;
use axum::{extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Confirmation, Filled, Form, PageError, PageResult, redirect, show};

use super::SeasonCard;
use crate::{
    access::Organizer,
    actions::{add_season_project, publish_season_rules, remove_season_project},
    reads::{self, SeasonView},
};

#[derive(Template)]
#[template(path = "season_projects.html")]
struct ProjectsPage {
    season: SeasonCard,
    /// The slugs and names.
    projects: Vec<(String, String)>,
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
    let projects = projects.into_iter().map(|it| (it.slug, it.name));
    show(&ProjectsPage {
        season: SeasonCard::of(season, context.now()),
        projects: projects.collect(),
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
    Ok(back(&season.slug, &said))
}

/// `GET /seasons/{slug}/publish-rules`: asks before rules are published.
pub(super) async fn ask_to_publish_rules(Organizer { season, .. }: Organizer) -> PageResult {
    show(&Confirmation {
        question: "Publish the season's rules to all its projects?".to_owned(),
        consequence: "Pull requests that are opened from now on are scored by these rules in each project of the season that you maintain. Each project keeps its earlier versions.".to_owned(),
        action: format!("/seasons/{}/publish-rules", season.slug),
        fields: Vec::new(),
        button: "Publish rules".to_owned(),
        back: format!("/seasons/{}/projects", season.slug),
    })
}

/// `POST /seasons/{slug}/publish-rules`.
pub(super) async fn publish_rules(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Response, PageError> {
    let outcomes = publish_season_rules(&context, Some(&viewer), &season.slug).await;
    let outcomes = outcomes.map_err(WebError::from)?;
    let published = outcomes.iter().filter(|it| it.version.is_some()).count();
    let skipped = outcomes.iter().find_map(|it| {
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
