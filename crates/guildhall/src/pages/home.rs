use askama::Template;
use axum::extract::State;
use contributions::pages::{self, ProjectCard};
use identity::access::MaybePerson;
use platform::Context;
use recognition::{model::GLOBAL, pages::Board};
use ui::{PageResult, format::Number, show};

use super::mine;

/// The most projects shown; a link leads to the others.
const PROJECTS: usize = 6;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    board: Board,
    projects: Vec<ProjectCard>,
    count: String,
    has_more: bool,
}

/// `GET /`: the leaderboard and projects for visitors; the viewer's own work after signing in.
pub(super) async fn home(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
) -> PageResult {
    if let Some(viewer) = viewer {
        return mine::page(&context, &viewer).await;
    }
    let board = Board::first(&context, GLOBAL, 10).await?;
    let mut projects = pages::cards(&context, "", pages::MOST).await?;
    let count = match projects.len() {
        many if many > pages::MOST => format!("{}+", pages::MOST),
        few => Number(few as i64).to_string(),
    };
    let has_more = projects.len() > PROJECTS;
    projects.truncate(PROJECTS);
    show(&HomePage {
        board,
        projects,
        count,
        has_more,
    })
}
