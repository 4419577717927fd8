//! Many members at one board at once. On PostgreSQL, transactions run side by side.

use futures_util::future::join_all;
use hackathons::actions::add_task;

use super::{at_once::patiently, boards::task, scene::code};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_board_never_has_more_than_200_tasks() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.boarded().await;
    for _ in 0..195 {
        app.adds_task((&slug, "ada"), &task("Draw", "")).await.expect("added");
    }
    let members = [app.hacker_id("ada").await, app.hacker_id("bo").await];
    let adding = (0..20).map(|number| {
        let (context, slug, member) = (app.context().clone(), slug.clone(), members[number % 2]);
        tokio::spawn(async move {
            let input = task("Draw", "");
            patiently(|| add_task(&context, member, &slug, &input)).await
        })
    });
    let mut added = 0;
    for outcome in join_all(adding).await {
        match outcome.expect("ended") {
            Ok(_) => added += 1,
            refused => assert_eq!(code(refused), "TOO_MANY_TASKS"),
        }
    }
    assert_eq!(added, 5);
    assert_eq!(app.count("SELECT count(*) FROM team_tasks").await, 200);
    app.finish().await;
}
