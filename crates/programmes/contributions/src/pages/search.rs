//! Projects and pull requests in the results of a search.

use askama::Template;
use platform::{
    Context,
    module::{PanelRequest, PanelView},
};
use ui::html;

use super::{
    projects::ProjectCard,
    pulls::{FoundPull, PullLink},
    rendered::Rendered,
    state::state,
};
use crate::reads;

/// The maximum number of results of each kind.
const RESULTS: i64 = 10;

#[derive(Template)]
#[template(path = "panel_found_projects.html")]
struct ProjectsPanel {
    projects: Vec<ProjectCard>,
}

/// Shows the projects whose name or slug contains the text.
pub(super) async fn projects(context: &Context, request: &PanelRequest) -> Rendered {
    let found = reads::projects_named(&context.db, request.parameter("q"), RESULTS).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let projects = found.into_iter().map(Into::into).collect();
    Ok(Some(PanelView { html: html(&ProjectsPanel { projects })?, ..PanelView::default() }))
}

#[derive(Template)]
#[template(path = "panel_found_pulls.html")]
struct PullsPanel {
    pulls: Vec<FoundPull>,
}

/// Shows the latest pull requests whose title or repository contains the text.
pub(super) async fn pulls(context: &Context, request: &PanelRequest) -> Rendered {
    let found = github::reads::pulls_named(&context.db, request.parameter("q"), RESULTS).await?;
    let ids = found.iter().map(|pull| pull.id.into());
    let states = reads::states(&context.db, ids).await?;
    // Pull requests of no project have no page.
    let pulls: Vec<FoundPull> = found
        .iter()
        .filter_map(|pull| {
            Some(FoundPull { link: PullLink::of(pull), state: state(*states.get(&pull.id)?) })
        })
        .collect();
    if pulls.is_empty() {
        return Ok(None);
    }
    Ok(Some(PanelView { html: html(&PullsPanel { pulls })?, ..PanelView::default() }))
}
