//! The permission matrix: every route × everybody who might come.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::TimeDelta;
use contributions::actions::appoint_maintainer;
use guildhall::pages::DemoPerson;
use identity::model::Role;
use platform::audit::Actor;
use serde_json::json;

use super::{
    routes,
    rows::{
        Door::{self, Admin, Maintainer, Moderator, Open, SignedIn},
        all,
    },
};
use crate::app::{
    Database, TestApp,
    browser::Browser,
    tell::{Tale, person, repo},
};

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
    app.ban("banned").await;
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
    app.unban("banned").await;
    let browser = app.browser_of("banned").await;
    app.ban("banned").await;
    browser
}

#[tokio::test]
async fn every_route_answers_everybody_as_its_row_says() {
    let mut app = house().await;
    app.may_leave_work();
    let mut wrong = Vec::new();
    for (method, _, path, form, door) in all() {
        for who in EVERYBODY {
            let browser = come(&app, who).await;
            let answer = match method {
                "GET" => browser.get(path).await,
                "POST" => browser.post(path, form).await,
                _ => {
                    let body: BTreeMap<&str, &str> = form.iter().copied().collect();
                    browser.call(method, path, Some(&json!(body))).await
                }
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
    let all = all();
    let rows: BTreeSet<(String, String)> = all
        .iter()
        .map(|(method, route, ..)| ((*method).to_owned(), (*route).to_owned()))
        .collect();
    assert_eq!(rows.len(), all.len(), "a route has two rows");
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
