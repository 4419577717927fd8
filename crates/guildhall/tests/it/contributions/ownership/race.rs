//! Several people at once. On PostgreSQL, transactions run side by side.

use contributions::actions::remove_maintainer;
use futures_util::future::join_all;
use platform::{ActionError, audit::Actor};

use super::*;

/// Returns the code of a refusal; `None` for a success.
fn code(result: Result<(), ActionError>) -> Option<&'static str> {
    match result {
        Ok(()) => None,
        Err(ActionError::Refused(problem)) => Some(problem.code),
        Err(error) => panic!("{error}"),
    }
}

async fn owner_rows(app: &TestApp) -> i64 {
    let sql = "SELECT count(*) FROM project_maintainers WHERE role = 'owner'";
    app.count(sql).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transfers_at_once_have_one_outcome() {
    let app = scene().await;
    let owner = Actor::Person(app.person_id(OWNER).await);
    let logins = ["moss-fen", "birch", "hexacat", MAINTAINER];
    for login in logins {
        app.know_reviewer("season", login).await;
    }
    let transfer = |login: &'static str| {
        let context = app.context().clone();
        tokio::spawn(async move {
            let input = to(login, "");
            let done = transfer_project(&context, owner, false, "season", &input).await;
            code(done.map(|_| ()))
        })
    };
    let tasks: Vec<_> = logins.into_iter().map(transfer).collect();
    let done = join_all(tasks).await.into_iter();
    let done: Vec<_> = done.map(|task| task.expect("ended")).collect();
    let first = done.iter().position(Option::is_none).expect("a transfer");
    for (place, code) in done.into_iter().enumerate() {
        let expected = (place != first).then_some("OWNER_REQUIRED");
        assert_eq!(code, expected, "{}", logins[place]);
    }
    let browser = app.browser_of(OWNER).await;
    assert_eq!(owners(&browser).await, [logins[first]]);
    assert_eq!(owner_rows(&app).await, 1);
    let acts = "SELECT count(*) FROM audit_logs WHERE action = 'project.transfer'";
    assert_eq!(app.count(acts).await, 2);
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_owner_is_not_removed_at_the_same_time() {
    for _ in 0..4 {
        let app = scene().await;
        let owner = Actor::Person(app.person_id(OWNER).await);
        let [one, other] = [app.context().clone(), app.context().clone()];
        let transferred = tokio::spawn(async move {
            let input = to(MAINTAINER, "");
            let done = transfer_project(&one, owner, false, "season", &input).await;
            code(done.map(|_| ()))
        });
        let removed = tokio::spawn(async move {
            let done = remove_maintainer(&other, owner, "season", MAINTAINER).await;
            code(done.map(|_| ()))
        });
        let transferred = transferred.await.expect("ended");
        let removed = removed.await.expect("ended");
        let (login, maintainers) = match (transferred, removed) {
            (None, Some("OWNS_PROJECT")) => (MAINTAINER, 2),
            (Some("NOT_A_MAINTAINER"), None) => (OWNER, 1),
            both => panic!("{both:?}"),
        };
        let browser = app.browser_of(OWNER).await;
        assert_eq!(owners(&browser).await, [login]);
        let sql = "SELECT count(*) FROM project_maintainers";
        assert_eq!(app.count(sql).await, maintainers);
        app.work().await;
        app.finish().await;
    }
}
