//! Claims follow from the issue.

use super::*;

#[tokio::test]
async fn an_issue_that_can_no_longer_be_done_ends_its_claims() {
    for (what, reason) in [
        (IssueAct::Closed(false), "it is closed"),
        (IssueAct::Locked, "its conversation is locked"),
        (IssueAct::Assigned("octavia".to_owned()), "it is assigned to someone"),
    ] {
        let (reef, app) = with_issues(1).await;
        let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
        ada.claim(&app, 1).await;
        bo.claim(&app, 1).await;
        act(&reef, &app, 1, &what).await;
        let ended = [format!("1 released, {reason}")];
        assert_eq!(ada.claims().await, ended, "{what:?}");
        assert_eq!(bo.claims().await, ended, "{what:?}");
        assert_eq!(claimed(&app).await, ["1 expired"], "{what:?}");
        let inbox = app.inbox(&ada).await;
        let title = "*Your claim ended: octo-org/lantern#1 Sort the stations by column 1";
        assert_eq!(inbox, [title], "{what:?}");
        app.finish().await;
    }
}

#[tokio::test]
async fn an_archived_or_unfollowed_repository_ends_claims() {
    let (reef, app) = with_issues(2).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    reef.github.shape(LANTERN, |repo| repo.archived = true).expect("known");
    act(&reef, &app, 2, &IssueAct::Commented("Bye".to_owned())).await;
    assert_eq!(ada.claims().await, ["1 released, its repository is archived"]);
    app.finish().await;

    let (_reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let names = [LANTERN.to_owned()];
    discovery::actions::unfollow(&mut tx, context, &names).await.expect("unfollowed");
    tx.commit().await.expect("committed");
    app.work().await;
    assert_eq!(ada.claims().await, ["1 released, its repository is no longer followed"]);
    app.finish().await;
}

#[tokio::test]
async fn a_reopened_issue_can_be_claimed_again() {
    let (reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    act(&reef, &app, 1, &IssueAct::Closed(true)).await;
    assert_eq!(claimed(&app).await, ["1 completed"]);
    act(&reef, &app, 1, &IssueAct::Reopened).await;
    assert_eq!(claimed(&app).await, ["1 active"]);
    assert_eq!(ada.claim(&app, 1).await.status, 201);
    app.finish().await;
}
