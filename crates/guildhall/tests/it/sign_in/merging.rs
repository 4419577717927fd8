//! Linking a GitHub account that is known from deliveries, and splitting it off again.

use chrono::TimeDelta;
use identity::{
    actions,
    gateway::OauthApp,
    model::{
        AccountKind, Device, GithubAccount, OpenIdAccount, ProvenAccount, SignInMethods, UserId,
        Viewer,
    },
    reads,
};
use kernel::Problem;
use platform::{ActionError, audit::Actor};
use testkit::histories::{History, HistorySpec};

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

const ISSUER: &str = "https://accounts.example";

/// Signs a person in with an OpenID account.
async fn sign_in(app: &TestApp, subject: &str) -> Viewer {
    let account = OpenIdAccount {
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        name: Some(format!("Wren {subject}")),
        role: None,
    };
    let device = Device::default();
    let welcome = actions::sign_in_openid(app.context(), &account, &device, None).await;
    let token = welcome.expect("signed in").token;
    let found = actions::recognize(app.context(), &token).await;
    found.expect("read").expect("a session").viewer
}

/// Returns a GitHub account as GitHub states it now, with the login that this server knows.
async fn account(app: &TestApp, github_id: i64) -> ProvenAccount {
    let sql = format!(
        "SELECT u.login AS value FROM users u JOIN user_identities i ON i.user_id = u.id \
         WHERE i.provider = 'github' AND i.subject = '{github_id}'"
    );
    ProvenAccount::Github(GithubAccount {
        github_id,
        login: app.values(&sql).await.remove(0),
        kind: AccountKind::User,
        avatar_url: Some("https://avatars.example/7".to_owned()),
        created_at: None,
        seen_at: app.context().now(),
    })
}

async fn link(app: &TestApp, viewer: &Viewer, github_id: i64) -> Result<(), ActionError> {
    let shown = account(app, github_id).await;
    actions::link_identity(app.context(), viewer, &shown).await
}

async fn unlink(app: &TestApp, viewer: &Viewer) {
    let own = reads::identities(&app.context().db, viewer.user_id).await;
    let own = own.expect("identities").into_iter();
    let github = own.filter(|own| own.provider == "github").map(|own| own.id);
    let github = github.collect::<Vec<_>>().remove(0);
    let methods = SignInMethods {
        providers: vec![(ISSUER.to_owned(), "Oak Accounts".to_owned())],
        by_email: false,
    };
    let unlinked =
        actions::unlink_identity(app.context(), &OauthApp::default(), viewer, &methods, github)
            .await;
    assert!(unlinked.expect("unlinked"), "it was theirs");
}

fn code(result: Result<(), ActionError>) -> &'static str {
    match result.expect_err("refused") {
        ActionError::Refused(Problem { code, .. }) => code,
        error => panic!("{error}"),
    }
}

/// Everything that says whose an account and its activity are, with logins instead of IDs.
async fn attribution(app: &TestApp) -> Vec<String> {
    const READS: [&str; 7] = [
        "SELECT 'person ' || u.login || CASE WHEN u.is_deleted THEN ' hidden ' ELSE ' ' END \
         || CAST(u.total_points AS text) || ' ' || u.role FROM users u",
        "SELECT 'login ' || u.login || ' ' || l.login FROM user_logins l JOIN users u ON u.id = l.user_id",
        "SELECT 'identity ' || u.login || ' ' || i.subject || CASE WHEN i.unlinked_at IS NULL THEN '' \
         ELSE ' unlinked' END FROM user_identities i JOIN users u ON u.id = i.user_id",
        "SELECT 'pull request ' || CAST(p.number AS text) || ' ' || coalesce(a.login, '–') || ' ' \
         || coalesce(m.login, '–') FROM pull_requests p LEFT JOIN users a ON a.id = p.author_id \
         LEFT JOIN users m ON m.id = p.merged_by_id",
        "SELECT 'review ' || CAST(g.github_id AS text) || ' ' || coalesce(u.login, '–') \
         FROM github_reviews g LEFT JOIN users u ON u.id = g.reviewer_id",
        "SELECT 'contribution ' || CAST(c.github_id AS text) || ' ' || coalesce(u.login, '–') || ' ' \
         || CAST(c.score AS text) FROM contributions c LEFT JOIN users u ON u.id = c.author_id",
        "SELECT 'board ' || b.key || ' ' || u.login || ' ' || CAST(r.points AS text) FROM board_rows r \
         JOIN boards b ON b.id = r.board_id JOIN users u ON u.id = r.user_id",
    ];
    let mut all = Vec::new();
    for sql in READS {
        let sql =
            format!("SELECT s.value FROM ({}) s", sql.replacen(" FROM ", " AS value FROM ", 1));
        all.extend(app.values(&sql).await);
    }
    // Projects have random IDs in their boards' keys.
    all.retain(|line| !line.starts_with("board project:"));
    all.sort();
    all
}

/// Starts a server for a history, with a person who is signed in with OpenID.
async fn scene(history: &History) -> (TestApp, Viewer) {
    let app = TestApp::start().await;
    app.project("season").await;
    for repository in &history.repositories {
        let name = repository.full_name();
        app.repository("season", &name, repository.id).await;
    }
    let viewer = sign_in(&app, "oak").await;
    (app, viewer)
}

/// Links an account in the middle of a history and unlinks it at the end, and compares with a server without that.
async fn links_and_splits(history: &History, github_id: i64) {
    let (linked, viewer) = scene(history).await;
    let (other, _) = scene(history).await;
    let (before, after) = history.deliveries.split_at(history.deliveries.len() / 2);
    for app in [&linked, &other] {
        app.deliver(before).await;
        app.work().await;
    }
    link(&linked, &viewer, github_id).await.expect("linked");
    linked.work().await;
    linked.verify().await;
    assert_eq!(linked.dump().await, other.dump().await, "linked: {github_id}");
    for app in [&linked, &other] {
        app.deliver(after).await;
        app.work().await;
    }
    linked.verify().await;
    assert_eq!(linked.dump().await, other.dump().await, "later: {github_id}");
    let sql = format!(
        "SELECT count(*) FROM contributions c JOIN user_identities i ON i.user_id = c.author_id \
         WHERE i.provider = 'github' AND i.subject = '{github_id}'"
    );
    assert_eq!(linked.count(&sql).await, other.count(&sql).await);
    unlink(&linked, &viewer).await;
    linked.work().await;
    linked.verify().await;
    assert_eq!(linked.dump().await, other.dump().await, "split: {github_id}");
    assert_eq!(attribution(&linked).await, attribution(&other).await);
    linked.finish().await;
    other.finish().await;
}

#[tokio::test]
async fn linking_and_unlinking_moves_all_activity_there_and_back() {
    let (mut moved, mut seed) = (0, 40_u64);
    while moved < 6 {
        seed += 1;
        let history = HistorySpec::small(seed).generate();
        let half = &history.deliveries[..history.deliveries.len() / 2];
        // An account that the first half names: the author of its first pull request.
        let first = half.iter().find(|one| one.event == "pull_request");
        let Some(first) = first else { continue };
        let body: serde_json::Value = serde_json::from_slice(first.bytes()).expect("JSON");
        let author = &body["pull_request"]["user"];
        let (Some(id), Some("User")) = (author["id"].as_i64(), author["type"].as_str()) else {
            continue;
        };
        links_and_splits(&history, id).await;
        moved += 1;
    }
}

/// A server with a scored pull request of `hexacat`, who has not signed in.
async fn scored() -> (TestApp, i64) {
    let app = TestApp::of_lantern().await;
    let author = person("hexacat");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-10-02T08:00:00Z")
        .approved("2026-10-02T09:00:00Z")
        .merged("2026-10-02T10:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    (app, author.id)
}

async fn points(app: &TestApp, person: UserId) -> i64 {
    reads::points(&app.context().db, person).await.expect("points")
}

#[tokio::test]
async fn points_follow_an_account_and_every_point_stays_explained() {
    let (app, hexacat) = scored().await;
    let viewer = sign_in(&app, "oak").await;
    let earned = app.count("SELECT max(total_points) FROM users").await;
    assert!(earned > 0);
    let before = attribution(&app).await;
    link(&app, &viewer, hexacat).await.expect("linked");
    app.work().await;
    assert_eq!(points(&app, viewer.user_id).await, earned);
    assert_eq!(app.count("SELECT count(*) FROM users WHERE total_points > 0").await, 1);
    // The profile has the login from GitHub, and shows the pull request and its entries.
    let profile = app.json("/api/v1/people/hexacat").await;
    assert_eq!(profile["id"], viewer.user_id.0.to_string());
    let entries = app.json("/api/v1/people/hexacat/transactions").await;
    let entries = entries["items"].as_array().expect("entries");
    let sum: i64 = entries.iter().filter_map(|entry| entry["points"].as_i64()).sum();
    assert_eq!(sum, earned, "{entries:?}");
    app.verify().await;
    unlink(&app, &viewer).await;
    app.work().await;
    assert_eq!(points(&app, viewer.user_id).await, 0);
    assert_eq!(attribution(&app).await, before);
    // The account can be linked again.
    link(&app, &viewer, hexacat).await.expect("linked again");
    app.work().await;
    assert_eq!(points(&app, viewer.user_id).await, earned);
    app.verify().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_people_who_link_an_account_at_once_one_gets_it() {
    let (app, hexacat) = scored().await;
    for round in 0..8 {
        let first = sign_in(&app, &format!("first{round}")).await;
        let second = sign_in(&app, &format!("second{round}")).await;
        let (one, two) = tokio::join!(link(&app, &first, hexacat), link(&app, &second, hexacat));
        let (winner, refused) = match one {
            Ok(()) => (first, two),
            Err(_) => {
                two.expect("one of them gets it");
                (second, one)
            }
        };
        assert_eq!(code(refused), "IDENTITY_TAKEN");
        app.work().await;
        assert!(points(&app, winner.user_id).await > 0);
        app.verify().await;
        unlink(&app, &winner).await;
        app.work().await;
    }
    app.finish().await;
}

#[tokio::test]
async fn a_banned_account_cannot_be_linked() {
    let (app, hexacat) = scored().await;
    let viewer = sign_in(&app, "oak").await;
    let banned = actions::ban(app.context(), Actor::Operator, "hexacat", "Spam", None).await;
    banned.expect("banned");
    assert_eq!(code(link(&app, &viewer, hexacat).await), "BANNED");
    app.finish().await;
}

#[tokio::test]
async fn a_pull_request_opened_during_a_ban_earns_nothing_after_its_account_is_linked() {
    let (app, hexacat) = scored().await;
    app.ban("hexacat").await;
    app.clock.advance(TimeDelta::days(2));
    app.unban("hexacat").await;
    app.clock.advance(TimeDelta::days(2));
    let author = person("hexacat");
    let during = Scenario::opened(&repo(1, "lantern"), 2, &author, "2026-11-02T08:00:00Z")
        .merged("2026-11-04T08:00:00Z");
    app.deliver(&during.deliveries).await;
    app.work().await;
    let earned = app.net_ledger().await;
    assert!(earned.iter().all(|entry| entry.starts_with("#1 ")), "{earned:?}");
    let viewer = sign_in(&app, "oak").await;
    link(&app, &viewer, hexacat).await.expect("linked");
    app.work().await;
    assert_eq!(app.net_ledger().await, earned);
    app.verify().await;
    app.finish().await;
}

/// More pull requests than are moved in one transaction.
const MANY: i64 = 70;

/// Links an account with many pull requests. Returns how many the viewer has then, and whether all were moved.
async fn link_many(app: &TestApp, planted: Option<&str>) -> (i64, bool) {
    for number in 1..=MANY {
        let author = person("hexacat");
        let opened = Scenario::opened(&repo(1, "lantern"), number, &author, "2026-10-02T08:00:00Z");
        app.deliver(&opened.deliveries).await;
    }
    app.work().await;
    let viewer = sign_in(app, "oak").await;
    link(app, &viewer, person("hexacat").id).await.expect("linked");
    if let Some(sql) = planted {
        app.change(sql).await.expect("planted");
    }
    let workers = app.server.jobs().workers.into_iter();
    let mut movers = workers.filter(|worker| worker.name == "moved-accounts");
    let mover = movers.next().expect("the worker");
    let moved = mover.run(app.context().clone(), app.context().ids.next());
    let is_moved = moved.await.is_ok();
    let sql = "SELECT count(*) FROM pull_requests p JOIN user_identities i ON i.user_id = p.author_id \
               WHERE i.provider <> 'github'";
    (app.count(sql).await, is_moved)
}

#[tokio::test]
async fn many_pull_requests_are_moved_in_several_transactions() {
    let app = TestApp::of_lantern().await;
    assert_eq!(link_many(&app, None).await, (MANY, true));
    app.work().await;
    app.verify().await;
    app.finish().await;
    // A statement that cannot be read holds up only those moved in the same transaction.
    let mut app = TestApp::of_lantern().await;
    app.may_leave_work();
    let unreadable = "INSERT INTO pull_request_versions (id, pull_request_id, instant, digest, facts, created_at) \
        SELECT p.id, p.id, v.instant, v.other, '{\"title\": 5}', p.created_at FROM \
        (SELECT id, created_at FROM pull_requests ORDER BY id DESC LIMIT 1) p, \
        (SELECT instant, digest AS other FROM pull_request_versions ORDER BY id LIMIT 1) v";
    assert_eq!(link_many(&app, Some(unreadable)).await, (64, false));
    app.finish().await;
}

#[tokio::test]
async fn erasing_a_person_erases_the_accounts_that_are_linked_to_them() {
    let (app, hexacat) = scored().await;
    let viewer = sign_in(&app, "oak").await;
    link(&app, &viewer, hexacat).await.expect("linked");
    app.work().await;
    let (modules, operator) = (guildhall::MODULES, Actor::Operator);
    let rehearsed = guildhall::privacy::rehearse(modules, app.context(), operator, viewer.user_id);
    let rehearsed = rehearsed.await.expect("rehearsed");
    let tx = app.context().begin().await.expect("a transaction");
    let exported = guildhall::privacy::export(modules, &tx, app.context(), viewer.user_id).await;
    drop(tx);
    for data in [rehearsed, exported.expect("exported")] {
        let linked = data["linked_accounts"].as_array().expect("linked accounts");
        assert_eq!(linked.len(), 1, "{data}");
        // The person has the login from GitHub, and the linked account the same one.
        let login = &linked[0]["identity"]["account"][0]["login"];
        assert_eq!(login, "hexacat", "{data}");
    }
    let kept = "SELECT count(*) FROM users WHERE erased_at IS NOT NULL";
    assert_eq!(app.count(kept).await, 0, "a rehearsal erases nothing");
    let erased = guildhall::privacy::erase(modules, app.context(), operator, viewer.user_id);
    erased.await.expect("erased");
    let named = "SELECT count(*) FROM users WHERE login = 'hexacat' OR login LIKE 'wren%'";
    assert_eq!(app.count(named).await, 0);
    let logins = "SELECT count(*) FROM user_logins WHERE login = 'hexacat' OR login LIKE 'wren%'";
    assert_eq!(app.count(logins).await, 0);
    let former = "SELECT count(*) FROM user_identities WHERE former_login IS NOT NULL";
    assert_eq!(app.count(former).await, 0);
    app.verify().await;
    app.finish().await;
}
