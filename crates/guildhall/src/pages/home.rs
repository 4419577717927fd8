use askama::Template;
use axum::extract::State;
use identity::access::MaybePerson;
use platform::Context;
use recognition::{model::GLOBAL, pages::Board};
use ui::{PageResult, format::Number, show};

use super::{
    mine,
    projects::{self, ProjectCard},
};

/// Projects shown at most; the rest is behind a link.
const PROJECTS: usize = 6;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    board: Board,
    projects: Vec<ProjectCard>,
    count: String,
    has_more: bool,
}

/// `GET /`: the server for visitors; what needs them and their season for who is signed in.
pub(super) async fn home(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
) -> PageResult {
    if let Some(viewer) = viewer {
        return mine::page(&context, &viewer).await;
    }
    let board = Board::first(&context, GLOBAL, 10).await?;
    let mut projects = projects::cards(&context, "", projects::MOST).await?;
    let count = match projects.len() {
        many if many > projects::MOST => format!("{}+", projects::MOST),
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
