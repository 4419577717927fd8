use chrono::TimeDelta;

use super::*;

async fn transfers(app: &TestApp, from: &str, login: &str) {
    let actor = platform::audit::Actor::Person(app.person_id(from).await);
    transfer_project(app.context(), actor, false, "season", &to(login, ""))
        .await
        .expect("transferred");
    app.work().await;
    app.clock.advance(TimeDelta::minutes(1));
}

/// Counts the notifications of a person with a title.
async fn notified(app: &TestApp, login: &str, title: &str) -> usize {
    let inbox = app.inbox(&app.browser_of(login).await).await;
    inbox.iter().filter(|one| one.ends_with(title)).count()
}

#[tokio::test]
async fn both_are_notified_of_each_transfer() {
    let app = scene().await;
    app.work().await;
    app.clock.advance(TimeDelta::minutes(1));
    let (gained, lost) = ("You now own season", "You no longer own season");
    assert_eq!(notified(&app, OWNER, gained).await, 1);
    for round in 1..=2 {
        transfers(&app, OWNER, MAINTAINER).await;
        assert_eq!(notified(&app, MAINTAINER, gained).await, round);
        assert_eq!(notified(&app, OWNER, lost).await, round);
        transfers(&app, MAINTAINER, OWNER).await;
        assert_eq!(notified(&app, MAINTAINER, lost).await, round);
        assert_eq!(notified(&app, OWNER, gained).await, 1 + round);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_new_owner_gets_an_email() {
    let (app, mailbox) = TestApp::mailing().await;
    app.project("season").await;
    app.know_reviewer("season", MAINTAINER).await;
    app.verify_address(MAINTAINER).await;
    app.make_owner("season", MAINTAINER).await;
    app.work().await;
    let subjects = mailbox.subjects();
    let title = "You now own season";
    let owned = subjects.iter().filter(|subject| subject.ends_with(title));
    assert_eq!(owned.count(), 1, "{subjects:?}");
    app.finish().await;
}
