//! The limit of saved issues. On PostgreSQL, transactions run side by side.

use discovery::actions::{MOST_SAVED, save};
use futures_util::future::join_all;
use platform::ActionError;

use super::*;
use crate::{
    app::at_once::{patiently, people},
    discovery::claims::rows::free,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_saved_at_once_as_many_as_one_can_are_kept() {
    let app = TestApp::start().await;
    let person = people(&app, 1).await[0];
    let mut ids = Vec::new();
    for _ in 0..MOST_SAVED + 8 {
        ids.push(free(&app).await);
    }
    let (early, late) = ids.split_at(ids.len() - 10);
    for id in early {
        save(app.context(), person, *id).await.expect("saved");
    }
    let saving = late.iter().map(|id| {
        let (context, id) = (app.context().clone(), *id);
        tokio::spawn(async move { patiently(|| save(&context, person, id)).await })
    });
    let mut refused = 0;
    for outcome in join_all(saving).await {
        match outcome.expect("ended") {
            Ok(()) => {}
            Err(ActionError::Refused(problem)) if problem.code == "SAVED_LIMIT" => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(refused, 8);
    let saved = "SELECT count(*) FROM opportunity_feedback";
    assert_eq!(app.count(saved).await, MOST_SAVED);
    app.finish().await;
}
