//! An event in the database of a sandbox.

use std::{collections::BTreeMap, sync::Arc};

use guildhall::MODULES;
use hackathons::{
    actions::{NewHackathon, add_host, apply, create_hackathon, publish},
    rules::{applications::ApplicationInput, details::HackathonInput},
};
use identity::model::{AccountKind, Device, GithubAccount, UserId};
use platform::{
    Context, ContextParts, RandomIds, SystemClock, audit::Actor::Operator, crypto::KeyRing,
    db::Sql as _, flags::Flags,
};

use crate::{app::scenarios::person, process::Sandbox};

/// The slug of the event.
pub(super) const SLUG: &str = "low-tide";

/// Returns a context with the key and the flags that a server created.
pub(super) async fn context(sandbox: &Sandbox) -> Context {
    let key = sandbox.directory().join("secret.key");
    let flags = Flags::new(MODULES.flags(), &BTreeMap::new()).expect("flags");
    flags.look(&sandbox.db).await.expect("read");
    Context::from(ContextParts {
        keys: Some(KeyRing::from_file(&key).expect("the key of the servers")),
        db: sandbox.db.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        flags,
    })
}

/// Signs a person in. Returns the person and the token of the session.
pub(super) async fn signed_in(context: &Context, login: &str) -> (UserId, String) {
    let id = person(login).id;
    let account = GithubAccount::new(id, login.to_owned(), AccountKind::User, context.now());
    let welcome = identity::actions::sign_in(context, account, &Device::default(), None).await;
    let welcome = welcome.expect("signed in");
    crate::app::logs::plant(&welcome.token);
    (welcome.user_id, welcome.token)
}

/// Changes the event.
pub(super) async fn change(context: &Context, set: &str) {
    let sql = format!("UPDATE hackathons SET {set} WHERE slug = '{SLUG}'");
    let tx = context.begin().await.expect("a transaction");
    tx.run(tx.statement(&sql, [])).await.expect("changed");
    tx.commit().await.expect("committed");
}

/// Creates an event that takes applications, with people who have a place. Returns them.
pub(super) async fn accepted(context: &Context, people: usize) -> Vec<UserId> {
    let (organizer, _) = signed_in(context, "organizer").await;
    let days = [-1, 1, 2, 3, 4, 5].map(|days| {
        let at = context.now() + chrono::TimeDelta::days(days);
        Some(at.to_rfc3339())
    });
    let details = HackathonInput {
        title: Some("Low Tide".to_owned()),
        timezone: Some("Europe/Lisbon".to_owned()),
        dates: days,
        ..HackathonInput::default()
    };
    let new = NewHackathon { slug: Some(SLUG.to_owned()), details };
    add_host(context, Operator, "organizer").await.expect("a host");
    create_hackathon(context, organizer, new).await.expect("a draft");
    publish(context, Operator, SLUG).await.expect("published");
    let mut accepted = Vec::new();
    for number in 0..people {
        let (hacker, _) = signed_in(context, &format!("hacker-{number}")).await;
        let input = ApplicationInput { conduct_version: 1, ..ApplicationInput::default() };
        apply(context, hacker, SLUG, "", &input).await.expect("applied");
        accepted.push(hacker);
    }
    accepted
}
