//! The last admin keeps their role when several admins act at the same time.

use identity::{actions, model::Role};
use platform::audit::Actor;

use crate::app::TestApp;

async fn admins(app: &TestApp) -> i64 {
    let sql = "SELECT count(*) FROM users u WHERE role = 'admin' AND NOT EXISTS \
               (SELECT 1 FROM bans b WHERE b.user_id = u.id AND NOT b.is_lift)";
    app.count(sql).await
}

async fn id(app: &TestApp, login: &str) -> uuid::Uuid {
    let person = identity::reads::find_person(&app.context().db, login).await;
    person.expect("a person").id
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_cannot_remove_each_other_at_once() {
    let app = TestApp::start().await;
    for round in 0..12 {
        let (one, other) = (format!("wren-{round}"), format!("finch-{round}"));
        for login in [&one, &other] {
            app.browser_with(login, Role::Admin).await;
        }
        let ids = [id(&app, &one).await, id(&app, &other).await];
        let demote = |actor, login: &str| {
            let (context, login) = (app.context().clone(), login.to_owned());
            async move { actions::grant_role(&context, Actor::Person(actor), &login, Role::User).await }
        };
        let ban = |actor, login: &str| {
            let (context, login) = (app.context().clone(), login.to_owned());
            async move { actions::ban(&context, Actor::Person(actor), &login, "Spam", None).await }
        };
        let (first, second) = match round % 2 {
            0 => tokio::join!(demote(ids[0], &other), demote(ids[1], &one)),
            _ => tokio::join!(demote(ids[0], &other), ban(ids[1], &one)),
        };
        assert!(first.is_ok() != second.is_ok(), "one of them is refused: {first:?} {second:?}");
        assert_eq!(admins(&app).await, 1);
        let cleared = "UPDATE users SET role = 'user'";
        app.change(cleared).await.expect("cleared");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_last_admin_cannot_be_demoted_by_the_operator() {
    let app = TestApp::start().await;
    app.browser_with("finch-ash", Role::Admin).await;
    let refused =
        actions::grant_role(app.context(), Actor::Operator, "finch-ash", Role::User).await;
    let refused = refused.expect_err("refused").to_string();
    assert!(refused.contains("finch-ash is the last admin"), "{refused}");
    assert_eq!(admins(&app).await, 1);
    app.finish().await;
}
