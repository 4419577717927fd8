//! The permission matrix: every route × everybody who might come.

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use contributions::actions::appoint_maintainer;
use guildhall::pages::DemoPerson;
use identity::model::Role;
use platform::audit::Actor;

use super::routes;
use crate::app::{
    Database, TestApp,
    browser::Browser,
    tell::{Tale, person, repo},
};

/// Whom a route lets in, and what it answers them.
#[derive(Clone, Copy, Debug)]
enum Door {
    /// Everybody.
    Open(u16),
    /// Whoever is signed in and not banned.
    SignedIn(u16),
    /// Maintainers of the project, and admins.
    Maintainer(u16),
    /// Moderators and admins.
    Moderator(u16),
    /// Admins.
    Admin(u16),
}
use Door::{Admin, Maintainer, Moderator, Open, SignedIn};

/// Who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Person,
    Other,
    Maintains,
    Moderates,
    Admins,
    Banned,
    Expired,
}

const EVERYBODY: [Who; 8] = [
    Who::Nobody,
    Who::Person,
    Who::Other,
    Who::Maintains,
    Who::Moderates,
    Who::Admins,
    Who::Banned,
    Who::Expired,
];

type Form = &'static [(&'static str, &'static str)];
type Row = (&'static str, &'static str, &'static str, Form, Door);

const NONE: Form = &[];

/// Method, route, an address of it, a form, and whom it lets in.
const ROWS: &[Row] = &[
    // Whoever operates.
    ("GET", "/livez", "/livez", NONE, Open(200)),
    ("GET", "/readyz", "/readyz", NONE, Open(200)),
    ("GET", "/api/health", "/api/health", NONE, Open(200)),
    ("GET", "/metrics", "/metrics", NONE, Open(503)),
    // Deliveries: signed, or refused for that.
    (
        "POST",
        "/api/v1/webhooks/github",
        "/api/v1/webhooks/github",
        NONE,
        Open(415),
    ),
    (
        "POST",
        "/api/webhooks/github",
        "/api/webhooks/github",
        NONE,
        Open(415),
    ),
    // What is public, as JSON.
    (
        "GET",
        "/api/v1/people/{login}",
        "/api/v1/people/subject",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/people/{login}/transactions",
        "/api/v1/people/subject/transactions",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/people/{login}/pull-requests",
        "/api/v1/people/subject/pull-requests",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/pull-requests/{owner}/{repository}/{number}",
        "/api/v1/pull-requests/octo-org/lantern/1",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/projects",
        "/api/v1/projects",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/projects/{slug}",
        "/api/v1/projects/season",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/projects/{slug}/rules",
        "/api/v1/projects/season/rules",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/global",
        "/api/v1/leaderboards/global",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/global/ranks/{login}",
        "/api/v1/leaderboards/global/ranks/subject",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/months/{month}",
        "/api/v1/leaderboards/months/2026-10",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/months/{month}/ranks/{login}",
        "/api/v1/leaderboards/months/2026-10/ranks/subject",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/projects/{slug}",
        "/api/v1/leaderboards/projects/season",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
        "/api/v1/leaderboards/projects/season/ranks/subject",
        NONE,
        Open(200),
    ),
    // What is public, as pages.
    ("GET", "/", "/", NONE, Open(200)),
    (
        "GET",
        "/assets/{file}",
        "/assets/nothing.css",
        NONE,
        Open(404),
    ),
    ("GET", "/projects", "/projects", NONE, Open(200)),
    (
        "GET",
        "/projects/{slug}",
        "/projects/season",
        NONE,
        Open(200),
    ),
    ("GET", "/leaderboards", "/leaderboards", NONE, Open(200)),
    (
        "GET",
        "/leaderboards/months/{month}",
        "/leaderboards/months/2026-10",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/projects/{slug}",
        "/leaderboards/projects/season",
        NONE,
        Open(200),
    ),
    ("GET", "/people/{login}", "/people/subject", NONE, Open(200)),
    (
        "GET",
        "/pull-requests/{owner}/{repository}/{number}",
        "/pull-requests/octo-org/lantern/1",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/openapi.json",
        "/api/v1/openapi.json",
        NONE,
        Open(200),
    ),
    ("GET", "/docs/api", "/docs/api", NONE, Open(200)),
    ("GET", "/guides", "/guides", NONE, Open(200)),
    (
        "GET",
        "/guides/{name}",
        "/guides/contributing",
        NONE,
        Open(200),
    ),
    ("GET", "/events", "/events", NONE, Open(200)),
    (
        "GET",
        "/projects/{slug}/rules",
        "/projects/season/rules",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/projects/{slug}/pull-requests.csv",
        "/projects/season/pull-requests.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/people/{login}/ledger.csv",
        "/people/subject/ledger.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/people/{login}/pull-requests.csv",
        "/people/subject/pull-requests.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/people/{login}/days.csv",
        "/people/subject/days.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
        "/pull-requests/octo-org/lantern/1/ledger.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/board.csv",
        "/leaderboards/board.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/months",
        "/leaderboards/months",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/months/{month}/board.csv",
        "/leaderboards/months/2026-10/board.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/projects/{slug}/board.csv",
        "/leaderboards/projects/season/board.csv",
        NONE,
        Open(200),
    ),
    // In and out.
    ("GET", "/sign-in", "/sign-in", NONE, Open(200)),
    ("GET", "/sign-in/github", "/sign-in/github", NONE, Open(404)),
    (
        "GET",
        "/sign-in/github/callback",
        "/sign-in/github/callback",
        NONE,
        Open(404),
    ),
    (
        "POST",
        "/sign-in/demo",
        "/sign-in/demo",
        &[("as", "contributor")],
        Open(303),
    ),
    ("POST", "/sign-out", "/sign-out", NONE, Open(303)),
    // One's own.
    (
        "GET",
        "/settings/sessions",
        "/settings/sessions",
        NONE,
        SignedIn(200),
    ),
    (
        "POST",
        "/settings/sessions/others/end",
        "/settings/sessions/others/end",
        NONE,
        SignedIn(303),
    ),
    (
        "POST",
        "/settings/sessions/{id}/end",
        "/settings/sessions/0198a000-0000-7000-8000-000000000000/end",
        NONE,
        SignedIn(404),
    ),
    // A project's.
    (
        "GET",
        "/projects/{slug}/maintainers",
        "/projects/season/maintainers",
        NONE,
        Maintainer(200),
    ),
    (
        "POST",
        "/projects/{slug}/maintainers",
        "/projects/season/maintainers",
        &[("login", "subject")],
        Maintainer(303),
    ),
    (
        "POST",
        "/projects/{slug}/maintainers/{login}/dismiss",
        "/projects/season/maintainers/other/dismiss",
        NONE,
        Maintainer(409),
    ),
    // The house's.
    (
        "GET",
        "/admin/people",
        "/admin/people",
        NONE,
        Moderator(200),
    ),
    (
        "POST",
        "/admin/people/{login}/role",
        "/admin/people/subject/role",
        &[("role", "user")],
        Admin(303),
    ),
    (
        "GET",
        "/admin/deliveries",
        "/admin/deliveries",
        NONE,
        Admin(200),
    ),
    (
        "GET",
        "/admin/deliveries/{id}",
        "/admin/deliveries/nothing",
        NONE,
        Admin(404),
    ),
    (
        "POST",
        "/admin/deliveries/{id}/retry",
        "/admin/deliveries/nothing/retry",
        NONE,
        Admin(409),
    ),
    (
        "POST",
        "/admin/deliveries/retry-dead",
        "/admin/deliveries/retry-dead",
        NONE,
        Admin(303),
    ),
    ("GET", "/admin/ledger", "/admin/ledger", NONE, Admin(200)),
    (
        "POST",
        "/admin/ledger/verify",
        "/admin/ledger/verify",
        NONE,
        Admin(303),
    ),
];

impl Door {
    fn lets_in(self, who: Who) -> bool {
        use Who::{Admins, Banned, Expired, Maintains, Moderates, Nobody};
        match self {
            Open(_) => true,
            SignedIn(_) => !matches!(who, Nobody | Banned | Expired),
            Maintainer(_) => matches!(who, Maintains | Admins),
            Moderator(_) => matches!(who, Moderates | Admins),
            Admin(_) => who == Admins,
        }
    }

    fn answers(self, method: &str, path: &str, who: Who) -> u16 {
        let (Open(status) | SignedIn(status) | Maintainer(status) | Moderator(status)
        | Admin(status)) = self;
        let is_page = !path.starts_with("/api/");
        match who {
            _ if self.lets_in(who) => status,
            // Sent to sign in, and back afterwards.
            Who::Nobody | Who::Expired if is_page && method == "GET" => 303,
            Who::Nobody | Who::Expired => 401,
            _ => 403,
        }
    }
}

/// The demo's people.
fn house_people() -> Arc<[DemoPerson]> {
    let contributor = DemoPerson {
        part: "contributor",
        what: "Is invented.",
        account: identity::model::GithubAccount {
            github_id: 77,
            login: "demo-contributor".to_owned(),
            kind: identity::model::AccountKind::User,
            avatar_url: None,
            seen_at: crate::app::at("2026-01-01T00:00:00Z"),
        },
    };
    Arc::from([contributor])
}

/// A house with a project, somebody with points, a demo and everybody who might come.
async fn house() -> TestApp {
    let app = TestApp::demo(Database::create().await, house_people()).await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let tale = Tale::opened(
        &repo(1, "lantern"),
        1,
        &person("subject"),
        "2026-10-02T08:00:00Z",
    )
    .merged("2026-10-03T08:00:00Z");
    app.hear(&[&tale]).await;
    for login in ["person", "other", "maintainer-m", "banned"] {
        app.browser_of(login).await;
    }
    app.browser_with("moderator", Role::Moderator).await;
    app.browser_with("admin", Role::Admin).await;
    appoint_maintainer(app.context(), Actor::Operator, "season", "maintainer-m")
        .await
        .expect("appointed");
    app
}

/// Somebody who comes with a session of their own, begun for this request alone.
async fn come(app: &TestApp, who: Who) -> Browser<'_> {
    let login = match who {
        Who::Nobody => return Browser::new(app),
        Who::Person => "person",
        Who::Other => "other",
        Who::Maintains => "maintainer-m",
        Who::Moderates => "moderator",
        Who::Admins => "admin",
        Who::Banned => return banned(app).await,
        Who::Expired => {
            let browser = app.browser_of("person").await;
            let ago = app.context().now() - TimeDelta::days(1);
            let ended = platform::db::sqlite_instant(ago);
            let latest = "(SELECT id FROM sessions ORDER BY id DESC LIMIT 1)";
            app.change(&format!(
                "UPDATE sessions SET expires_at = '{ended}' WHERE id = {latest}"
            ))
            .await
            .expect("ended");
            return browser;
        }
    };
    app.browser_of(login).await
}

/// The ban falls while they are signed in.
async fn banned(app: &TestApp) -> Browser<'_> {
    let ban = |is: bool| format!("UPDATE users SET is_banned = {is} WHERE login = 'banned'");
    app.change(&ban(false)).await.expect("allowed");
    let browser = app.browser_of("banned").await;
    app.change(&ban(true)).await.expect("banned");
    browser
}

#[tokio::test]
async fn every_route_answers_everybody_as_its_row_says() {
    let mut app = house().await;
    app.may_leave_work();
    let mut wrong = Vec::new();
    for (method, _, path, form, door) in ROWS {
        for who in EVERYBODY {
            let browser = come(&app, who).await;
            let answer = match *method {
                "GET" => browser.get(path).await,
                _ => browser.post(path, form).await,
            };
            let expected = door.answers(method, path, who);
            if answer.status.as_u16() != expected {
                wrong.push(format!(
                    "{who:?} {method} {path}: {} instead of {expected}",
                    answer.status
                ));
            }
            let is_signed_in = !matches!(who, Who::Nobody);
            let kept = answer.header("cache-control");
            if is_signed_in && !path.starts_with("/assets/") && kept != "private, no-store" {
                wrong.push(format!(
                    "{who:?} {method} {path} may be kept by a cache: {kept:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    app.finish().await;
}

#[tokio::test]
async fn every_route_has_a_row_and_every_row_a_route() {
    let app = TestApp::demo(Database::create().await, house_people()).await;
    let routes = routes::of(&app.house.router(None));
    let rows: BTreeSet<(String, String)> = ROWS
        .iter()
        .map(|(method, route, ..)| ((*method).to_owned(), (*route).to_owned()))
        .collect();
    assert_eq!(rows.len(), ROWS.len(), "a route has two rows");
    let without_row: Vec<_> = routes.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&routes).collect();
    assert!(
        without_row.is_empty(),
        "routes without a row: {without_row:#?}"
    );
    assert!(
        without_route.is_empty(),
        "rows without a route: {without_route:#?}"
    );
    app.finish().await;
}
