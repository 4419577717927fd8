//! The statements of Today.

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Maximum number of statements of Today for a person with work in all programmes, besides the session and the version of the data:
/// unread notices, the work of all modules, what runs, rank and days, notices, own pull requests, and the stamp of the issues that
/// fit.
const MOST: usize = 8;

/// Maximum number of statements of the list of all work: besides the work, what the person did in a week, and the next pull request.
const LIST: usize = 4;

/// The session, and the version of the data.
const ALWAYS: usize = 2;

#[tokio::test]
async fn today_runs_few_statements_however_much_work_there_is() {
    let (app, count) = TestApp::counted().await;
    app.project("lantern").await;
    app.repository("lantern", "octo-org/lantern", 1).await;
    let opened = |number| {
        let author = person(if number % 2 == 0 { "wren-oak" } else { "finch-ash" });
        Scenario::opened(&repo(1, "lantern"), number, &author, "2026-10-05T08:00:00Z")
    };
    let open: Vec<Scenario> = (1..20).map(opened).collect();
    app.deliver_all(&open.iter().collect::<Vec<_>>()).await;
    let maintainer = app.browser_of("wren-oak").await;
    app.add_maintainer("lantern", "wren-oak").await;
    maintainer.get("/").await;
    // The first request after a change counts everything anew.
    app.deliver_all(&[&opened(20)]).await;
    count.take();
    assert_eq!(maintainer.get("/").await.status, 200);
    let anew = count.take().saturating_sub(ALWAYS);
    assert!(anew <= MOST, "{anew} statements after a change");
    assert_eq!(maintainer.get("/").await.status, 200);
    let again = count.take().saturating_sub(ALWAYS);
    assert!(again < anew, "{again} statements instead of {anew} without a change");
    assert_eq!(maintainer.get("/work").await.status, 200);
    let list = count.take().saturating_sub(ALWAYS);
    assert!(list <= LIST, "{list} statements of the list");
    app.finish().await;
}
