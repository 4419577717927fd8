//! Many people join by invitation while those who invited them lose the right to invite. On PostgreSQL, transactions
//! run side by side.

use futures_util::future::join_all;
use guildhall::{MODULES, privacy};
use identity::{
    actions::{ban, change_role, join_by_invitation},
    model::{Device, Role, UserId},
    reads::open_invitations,
};
use platform::{ActionError, Context, audit::Actor::Operator};

use super::invitations::{invite, link};
use crate::app::{TestApp, at_once::patiently};

/// An event that ends the right to invite.
#[derive(Clone, Copy)]
enum End {
    Ban,
    Erasure,
    Role,
}

impl End {
    async fn of(self, context: &Context, login: &str, person: UserId) -> Result<(), ActionError> {
        match self {
            Self::Ban => ban(context, Operator, login, "Spam", None).await.map(drop),
            Self::Erasure => privacy::erase(MODULES, context, Operator, person).await,
            Self::Role => {
                change_role(context, Operator, login, Role::Moderator, None).await.map(drop)
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_invitation_lets_one_in_or_ends_with_the_right_of_its_sender() {
    let (app, mailbox) = TestApp::mailing().await;
    app.browser_with("rook-elm", Role::Admin).await;
    let mut sent = Vec::new();
    for (number, end) in [End::Ban, End::Erasure, End::Role].into_iter().cycle().take(9).enumerate()
    {
        let login = format!("finch-{number}");
        let admin = app.browser_with(&login, Role::Admin).await;
        invite(&admin, &format!("marit-{number}@harbor.example")).await.location();
        app.work().await;
        let person: UserId = app.person_id(&login).await.into();
        let link = link(&app, &mailbox);
        let token = link.strip_prefix("/invitations/").expect("a token").to_owned();
        sent.push((end, login, person, token));
    }
    let join = |token: &str| {
        let (context, token) = (app.context().clone(), token.to_owned());
        tokio::spawn(async move {
            let device = Device::default();
            patiently(|| join_by_invitation(&context, &token, &device, None)).await
        })
    };
    let (mut joins, mut ends) = (Vec::new(), Vec::new());
    for (end, login, person, token) in sent {
        joins.push(join(&token));
        let context = app.context().clone();
        ends.push(tokio::spawn(
            async move { patiently(|| end.of(&context, &login, person)).await },
        ));
        joins.push(join(&token));
    }
    for ended in join_all(ends).await {
        ended.expect("a result").expect("the right ends");
    }
    let mut joined = 0;
    for outcome in join_all(joins).await {
        match outcome.expect("a result") {
            Ok(_) => joined += 1,
            Err(ActionError::Refused(problem)) => assert_eq!(problem.code, "INVITATION_DEAD"),
            Err(error) => panic!("{error}"),
        }
    }
    // Whoever was first stays, and no one can follow.
    let accounts = "SELECT count(*) FROM user_emails WHERE address LIKE 'marit-%'";
    assert_eq!(app.count(accounts).await, joined);
    let used =
        "SELECT count(*) FROM invitations WHERE address IN (SELECT address FROM user_emails)";
    assert_eq!(app.count(used).await, 0);
    let open = open_invitations(&app.context().db, app.context().now()).await.expect("read");
    assert!(open.is_empty(), "{open:?}");
    app.work().await;
    app.finish().await;
}
