//! Hackathons at each time at which people type something, for the test of all forms.

use futures_util::future::BoxFuture;
use hackathons::{
    actions::{ask_for_help, next_project, set_judging, step_help, submit},
    rules::help::{HelpInput, HelpStep},
};
use platform::audit::Actor::Operator;

use super::{boards::task, judging::rubric, scene::november, submissions::gannet};
use crate::app::TestApp;

/// The people and the pages that they can open.
pub(crate) type Pages = Vec<(&'static str, String)>;

type Scene = for<'a> fn(&'a TestApp) -> BoxFuture<'a, Pages>;

pub(crate) const SCENES: [Scene; 3] =
    [|app| Box::pin(forming(app)), |app| Box::pin(building(app)), |app| Box::pin(judging(app))];

fn pages(slug: &str, found: &[(&'static str, &str)]) -> Pages {
    let page =
        |(login, page): &(&'static str, &str)| (*login, format!("/hackathons/{slug}/{page}"));
    found.iter().map(page).collect()
}

/// Applications are open: `ada` leads a team, and `bo` has none.
async fn forming(app: &TestApp) -> Pages {
    let slug = app.hackathon(november()).await;
    for login in ["ada", "bo"] {
        app.applied(&slug, login).await;
    }
    app.hacker("cy").await;
    app.team_of(&slug, "ada", "Gannet").await;
    pages(
        &slug,
        &[
            ("ada", "team"),
            ("bo", "team"),
            ("cy", "apply"),
            ("organizer", "applications"),
            ("organizer", "announcements"),
            ("organizer", "staff"),
            ("organizer", "edit"),
            ("organizer", "cancel"),
        ],
    )
}

/// Teams build: `ada` has a team with a submission, a task and a request for help, and `mo` is a mentor.
async fn building(app: &TestApp) -> Pages {
    let slug = app.helped().await;
    let ada = app.hacker_id("ada").await;
    let added =
        app.adds_task((&slug, "ada"), &task("Draw the berths", "ada")).await.expect("a task");
    let input = HelpInput { topic: "Tides".to_owned(), place: "Table 7".to_owned() };
    let request = ask_for_help(app.context(), ada, &slug, &input).await.expect("a request").key();
    let mo = app.hacker_id("mo").await;
    step_help(app.context(), mo, false, &slug, request, HelpStep::Take, "").await.expect("taken");
    submit(app.context(), ada, &slug, &gannet()).await.expect("submitted");
    let submission = app.submission_of(&slug, "ada").await.id;
    let (task, one) = (format!("board/{}", added.id), format!("submissions/{submission}"));
    pages(
        &slug,
        &[
            ("cy", "help"),
            ("ada", "board"),
            ("ada", task.as_str()),
            ("ada", "board/export"),
            ("ada", "submission/edit"),
            ("mo", "help-queue"),
            ("organizer", "check-in"),
            ("organizer", "submissions"),
            ("organizer", one.as_str()),
        ],
    )
}

/// Judging is open: `judge-0` has a project.
async fn judging(app: &TestApp) -> Pages {
    let judges = app.judged(2, 1).await;
    let slug = "low-tide";
    set_judging(app.context(), Operator, slug, &rubric(1)).await.expect("criteria");
    let project = next_project(app.context(), judges[0], slug, false).await.expect("a project");
    let one = format!("submissions/{}", project.0);
    pages(
        slug,
        &[
            ("judge-0", "judging"),
            ("hacker-0", "submission"),
            ("organizer", one.as_str()),
            ("organizer", "judging/results"),
            ("organizer", "results"),
        ],
    )
}
