//! Every audited action writes its kind into the audit log.

use std::{collections::BTreeSet, path::PathBuf};

use chrono::TimeDelta;
use github::actions::NewRepository;
use guildhall::{
    MODULES,
    backup::keys::{RotateInput, rotate},
};
use identity::{
    actions::{link_identity, unlink_identity},
    gateway::OauthApp,
    model::{OpenIdAccount, ProvenAccount, Role, SignInMethods},
};
use platform::{
    audit::Actor::Operator,
    flags::{FlagChange, change},
    module::AuditKind,
    outbox::search,
    settings::{SettingChange, save},
};

use serde_json::json;

use crate::{
    PROGRAMMES,
    app::{
        TestApp,
        browser::{Browser, SESSION},
        scenarios::{Scenario, person, repo},
        sources,
    },
    messages::{email_address::verify_and_remove, push::subscription},
};

fn listed() -> BTreeSet<String> {
    let word = |kind: AuditKind| format!("{} {}", kind.action, kind.target);
    MODULES.audit().into_iter().map(word).collect()
}

#[tokio::test]
async fn each_action_writes_its_kind() {
    let (mut app, mailbox) = TestApp::mailing().await;
    app.may_leave_work();
    let context = app.context();
    guildhall::sample_data::begin(context, &app.server.config).await.expect("an empty database");
    crate::auth::setup::act(&app).await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    own_hook(&app).await;
    let browser = app.browser_with("wren-oak", Role::Moderator).await;
    verify_and_remove(&app, &mailbox, &browser).await;
    crate::admin::invitations::act(&app).await;
    let token_input = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 1 });
    let path = "/api/v1/me/tokens";
    let token = browser.call("POST", path, Some(&token_input)).await.json();
    let token = format!("{path}/{}", token["id"].as_str().expect("an id"));
    assert_eq!(browser.call("DELETE", &token, None).await.status, 204);
    let pair = browser.call("POST", "/api/v1/auth/token", None).await.json();
    let shown = json!({ "refresh_token": pair["refresh_token"] });
    for status in [200, 401] {
        let answer = browser.call("POST", "/api/v1/auth/refresh", Some(&shown)).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
    link_and_unlink(&app, &browser).await;
    second_factor(&app, &browser).await;
    crate::registration::connect(&app, "wren-oak").await;
    let gone = browser.call("DELETE", "/api/v1/me/github-connection", None).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let path = "/api/v1/me/push-subscriptions";
    let added = subscription("https://push.example/wren");
    let added = browser.call("POST", path, Some(&added)).await.json();
    let added = format!("{path}/{}", added["id"].as_str().expect("an id"));
    assert_eq!(browser.call("DELETE", &added, None).await.status, 204);
    crate::notifications::webhooks::act(&app, "wren-oak").await;
    crate::notifications::phones::act(&app, "wren-oak").await;
    let gone = browser.call("DELETE", "/api/v1/me/phone", None).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    app.ban("wren-oak").await;
    app.unban("wren-oak").await;
    crate::pictures::act(&app, "wren-oak").await;
    crate::badges::act(&app, "wren-oak").await;
    crate::community::act(&app).await;
    crate::operations::feedback::act(&app, "wren-oak").await;
    for programme in PROGRAMMES {
        (programme.act)(&app, "wren-oak").await;
    }
    finalize_and_opt_out(&app).await;
    change(context, Operator, "api_docs", FlagChange::default(), "to try").await.expect("set");
    let name = [SettingChange::set("community_name", "Fenwick Commons")];
    save(context, &app.server.config, Operator, 0, &name).await.expect("saved");
    platform::jobs::ask(context, Operator, recognition::jobs::VERIFICATION).await.expect("asked");
    platform::jobs::pause(context, Operator, recognition::jobs::VERIFICATION, "to try")
        .await
        .expect("paused");
    platform::jobs::resume(context, Operator, recognition::jobs::VERIFICATION)
        .await
        .expect("resumed");
    rotate(context, &app.server.ring, RotateInput::default(), |_| {}).await.expect("rotated");
    app.change("UPDATE jobs SET dead_at = created_at, due_at = NULL").await.expect("dead");
    platform::jobs::retry_dead(context, Operator, recognition::jobs::VERIFICATION)
        .await
        .expect("again");
    dead_message(&app).await;
    waiting_message(&app).await;
    dead_delivery(&app).await;
    github::actions::retry_all_dead(context, Operator).await.expect("again");
    close_reopen_and_erase(&app).await;
    let written = "SELECT DISTINCT action || ' ' || target_kind AS value FROM audit_logs";
    let written: BTreeSet<String> = app.values(written).await.into_iter().collect();
    assert_eq!(written, listed(), "`audit` of each MODULE lists them");
    app.abandon().await;
}

/// Makes a month final, and takes a person off the leaderboards and puts them back.
async fn finalize_and_opt_out(app: &TestApp) {
    let opened =
        Scenario::opened(&repo(1, "lantern"), 1, &person("wren-oak"), "2026-09-02T08:00:00Z");
    app.deliver_all(&[&opened]).await;
    let programmes = recognition::Programmes::of(&app.server);
    let month = "2026-09".parse().expect("a month");
    recognition::actions::finalize_month(app.context(), programmes, Operator, month)
        .await
        .expect("final");
    let person = identity::reads::find_account(&app.context().db, "wren-oak").await;
    let person = person.expect("known").id.into();
    for is_listed in [false, true] {
        recognition::actions::set_listed(app.context(), person, is_listed).await.expect("set");
    }
}

/// Downloads a person's data, closes the account, reopens it and erases it.
async fn close_reopen_and_erase(app: &TestApp) {
    let browser = app.browser_of("finch-ash").await;
    let post = |path| browser.post(path, &[("login", "finch-ash")]);
    post("/settings/account/export").await.location();
    post("/settings/account/close").await.location();
    app.browser_of("finch-ash").await;
    let person = identity::reads::find_account(&app.context().db, "finch-ash").await;
    let person = person.expect("known").id;
    guildhall::privacy::erase(guildhall::MODULES, app.context(), Operator, person.into())
        .await
        .expect("erased");
}

/// Links and unlinks a sign-in method.
async fn link_and_unlink(app: &TestApp, browser: &Browser<'_>) {
    let token = browser.cookie(SESSION).expect("a session");
    let found = identity::actions::recognize(app.context(), &token).await;
    let viewer = found.expect("looked up").expect("signed in").viewer;
    let shown = ProvenAccount::OpenId(OpenIdAccount {
        issuer: "https://id.example".to_owned(),
        subject: "7".to_owned(),
        name: None,
        role: None,
    });
    link_identity(app.context(), &viewer, &shown).await.expect("linked");
    let own = identity::reads::identities(&app.context().db, viewer.user_id);
    let own = own.await.expect("sign-in methods");
    let linked = own.iter().find(|own| own.provider != "github");
    let ways = SignInMethods {
        providers: vec![("github".to_owned(), "GitHub".to_owned())],
        by_email: false,
    };
    let id = linked.expect("the issuer's").id;
    let gone = unlink_identity(app.context(), &OauthApp::default(), &viewer, &ways, id).await;
    assert!(gone.expect("unlinked"));
}

/// Sets up a second factor, replaces its recovery codes, removes it, and has another one reset.
async fn second_factor(app: &TestApp, browser: &Browser<'_>) {
    let phone = app.second_factor(browser).await;
    let path = "/api/v1/me/second-factor";
    let code = |code: String| json!({ "code": code });
    let renew = format!("{path}/recovery-codes");
    let renewed = browser.call("POST", &renew, Some(&code(phone.next_code()))).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    let remove = format!("{path}/remove");
    let removed = browser.call("POST", &remove, Some(&code(phone.next_code()))).await;
    assert_eq!(removed.status, 204, "{}", removed.text);
    app.second_factor(browser).await;
    let reset = identity::actions::reset_second_factor(app.context(), Operator, "wren-oak").await;
    reset.expect("reset");
}

/// Replaces the secret of a repository's hook.
async fn own_hook(app: &TestApp) {
    let harbor = NewRepository {
        full_name: "octo-org/harbor".to_owned(),
        github_id: 2,
        hook: Some((501, "the harbor's own secret".into())),
    };
    app.register("season", &harbor).await;
    let which = (harbor.full_name.as_str(), None);
    let (ring, day) = (&app.server.ring, TimeDelta::days(1));
    let new = "the harbor's new secret".into();
    github::actions::replace_secret(app.context(), ring, Operator, which, &new, day)
        .await
        .expect("replaced");
    let named = github::reads::with_name(&app.context().db, &harbor.full_name).await;
    let named = named.expect("read").remove(0);
    github::actions::record_update(app.context(), Operator, &named).await.expect("recorded");
}

/// Sends a message that waits for a later time.
async fn waiting_message(app: &TestApp) {
    let later = app.context().now() + chrono::TimeDelta::hours(1);
    let later = later.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let waits = format!(
        "UPDATE outbox_messages SET due_at = '{later}', attempts = 1 WHERE due_at IS NOT NULL"
    );
    app.change(&waits).await.expect("waits");
    search::send_waiting(app.context(), Operator, None).await.expect("sent");
}

/// Retries a failed message.
async fn dead_message(app: &TestApp) {
    crate::messages::write(app, "").await;
    let dead = "UPDATE outbox_messages SET dead_at = created_at, due_at = NULL";
    app.change(dead).await.expect("dead");
    let (context, which) = (app.context(), search::Filter::default());
    let dead = search::search(&context.db, &which, 1).await;
    let id = dead.expect("messages")[0].id;
    search::retry(context, Operator, id).await.expect("again");
}

/// Retries a failed delivery.
async fn dead_delivery(app: &TestApp) {
    use crate::app::scenarios::{Scenario, person, repo};
    let repo = repo(1, "lantern");
    let scenario = Scenario::opened(&repo, 1, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    let dead = "UPDATE webhook_deliveries SET dead_at = received_at, due_at = NULL";
    app.change(dead).await.expect("dead");
}

fn files() -> impl Iterator<Item = (PathBuf, String)> {
    sources::of_modules().into_iter().flat_map(|source| source.files)
}

/// Returns the literals of a text that look like kinds of audited actions, such as `"user.grant"`.
fn kinds(text: &str) -> impl Iterator<Item = &str> {
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.split('"').skip(1).step_by(2).filter(move |literal| {
        let parts = literal.split_once('.');
        parts.is_some_and(|(what, verb)| is_word(what) && is_word(verb))
    })
}

#[test]
fn every_written_kind_is_listed() {
    let mut found = BTreeSet::new();
    for (_, text) in files() {
        let marks = ["audit::record(", " Act {", "note::note"];
        if marks.iter().any(|mark| text.contains(mark)) {
            found.extend(kinds(&text).map(str::to_owned));
        }
    }
    // Lock names begin with their module's name.
    found.retain(|kind| {
        !MODULES.iter().any(|module| kind.starts_with(&format!("{}.", module.name)))
    });
    let listed: BTreeSet<String> =
        MODULES.audit().iter().map(|kind| kind.action.to_owned()).collect();
    assert_eq!(found, listed, "`audit` of each MODULE lists them");
}

/// Actions that another one records in the same transaction: the file, and the call that takes the actor.
const BY_OTHERS: &[(&str, &str)] = &[
    ("actions/register_named.rs", "add_in("),
    ("actions/register_repository.rs", "add_in("),
    ("community/src/actions/restore.rs", "add(&tx, context, actor"),
    ("identity/src/actions/pictures.rs", "media::take_down(&tx, context, actor"),
    ("identity/src/actions/thing_pictures.rs", "(kind.set)(tx, context, PictureChange { actor"),
];

/// Every action that takes an actor must record an audit entry.
#[test]
fn every_action_with_an_actor_is_recorded() {
    for (path, text) in files() {
        let is_action = path.parent().is_some_and(|at| at.ends_with("actions"));
        if is_action && text.contains("actor: Actor") && !text.contains("-> Act<") {
            let mut by_others = BY_OTHERS.iter().filter(|(file, _)| path.ends_with(file));
            let is_by_other = by_others.any(|(_, call)| text.contains(call));
            assert!(text.contains("audit::record(") || is_by_other, "{}", path.display());
        }
    }
}
