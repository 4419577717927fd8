//! The permission matrix: every route × everybody who might come.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::TimeDelta;
use contributions::actions::appoint_maintainer;
use guildhall::{MODULES, api::document::Description};
use identity::model::DemoPerson;
use identity::model::{Role, Scope};
use platform::audit::Actor;
use serde_json::{Value, json};

use super::{
    routes,
    rows::{
        Door::{self, Admin, InPerson, Maintainer, Moderator, Open, SignedIn},
        all,
    },
};
use crate::app::{
    Database, TestApp,
    browser::Browser,
    stories::{Tale, person, repo},
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
    // A person's tokens, by what they may, and an admin's that may only work in the admin pages.
    TokenReads,
    TokenWrites,
    TokenAdmins,
    TokenExpired,
    TokenRevoked,
    // By access tokens.
    Access,
    AccessExpired,
    AccessEnded,
    AccessBanned,
}

const EVERYBODY: [Who; 17] = [
    Who::Nobody,
    Who::Person,
    Who::Other,
    Who::Maintains,
    Who::Moderates,
    Who::Admins,
    Who::Banned,
    Who::Expired,
    Who::TokenReads,
    Who::TokenWrites,
    Who::TokenAdmins,
    Who::TokenExpired,
    Who::TokenRevoked,
    Who::Access,
    Who::AccessExpired,
    Who::AccessEnded,
    Who::AccessBanned,
];

impl Who {
    /// Comes with a token that is none any more.
    fn is_refused(self) -> bool {
        use Who::{AccessEnded, AccessExpired, TokenExpired, TokenRevoked};
        matches!(
            self,
            TokenExpired | TokenRevoked | AccessExpired | AccessEnded
        )
    }

    fn has_session(self) -> bool {
        use Who::{Admins, Maintains, Moderates, Other, Person};
        matches!(self, Person | Other | Maintains | Moderates | Admins)
    }

    /// The scopes of the token that they come with, and whose it is.
    fn token(self) -> Option<(&'static str, &'static [Scope])> {
        match self {
            Self::TokenReads | Self::TokenExpired | Self::TokenRevoked => {
                Some(("person", &[Scope::Read]))
            }
            Self::TokenWrites => Some(("person", &[Scope::Write])),
            Self::TokenAdmins => Some(("admin", &[Scope::Admin])),
            _ => None,
        }
    }
}

impl Door {
    fn lets_in(self, method: &str, who: Who) -> bool {
        use Who::{Admins, Maintains, Moderates, TokenAdmins, TokenReads, TokenWrites};
        let by_scope = match method {
            "GET" => TokenReads,
            _ => TokenWrites,
        };
        match self {
            Open(_) => !who.is_refused(),
            SignedIn(_) => who.has_session() || who == by_scope || who == Who::Access,
            InPerson(_) => who.has_session(),
            Maintainer(_) => matches!(who, Maintains | Admins),
            Moderator(_) => matches!(who, Moderates | Admins | TokenAdmins),
            Admin(_) => matches!(who, Admins | TokenAdmins),
        }
    }

    /// By what the API's description says that one may come.
    fn described(self, method: &str) -> Value {
        let scope = match (self, method) {
            (Open(_), _) => return Value::Null,
            (InPerson(_), _) => return json!([{ "session": [] }]),
            (Moderator(_) | Admin(_), _) => Scope::Admin,
            (_, "GET") => Scope::Read,
            _ => Scope::Write,
        };
        json!([{ "session": [] }, { "bearer": [scope.as_str()] }])
    }

    fn answers(self, method: &str, path: &str, who: Who) -> u16 {
        let (Open(status) | SignedIn(status) | InPerson(status) | Maintainer(status)
        | Moderator(status) | Admin(status)) = self;
        let is_page = !path.starts_with("/api/");
        match who {
            _ if self.lets_in(method, who) => status,
            _ if who.is_refused() => 401,
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

/// A server with a project, somebody with points, a demo and everybody who might come.
async fn server() -> TestApp {
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
    for login in ["person", "other", "program", "maintainer-m", "banned"] {
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
async fn come<'a>(app: &'a TestApp, tokens: &Tokens, who: Who) -> Browser<'a> {
    if let Some((_, token)) = tokens.iter().find(|(holder, _)| *holder == who) {
        return Browser::bearing(app, token);
    }
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
        _ => unreachable!("who has a token came with it"),
    };
    app.browser_of(login).await
}

/// Who comes with a token, and with which.
type Tokens = Vec<(Who, String)>;

/// Everybody's tokens, as they stand.
async fn tokens(app: &TestApp) -> Tokens {
    let mut tokens = Vec::new();
    for who in EVERYBODY {
        let Some((login, scopes)) = who.token() else {
            continue;
        };
        let token = app.token(login, scopes).await;
        let latest = "(SELECT id FROM api_tokens ORDER BY id DESC LIMIT 1)";
        let ends = match who {
            Who::TokenExpired => "expires_at = created_at",
            Who::TokenRevoked => "revoked_at = created_at",
            _ => "last_used_at = NULL",
        };
        app.change(&format!("UPDATE api_tokens SET {ends} WHERE id = {latest}"))
            .await
            .expect("ended");
        tokens.push((who, token));
    }
    let ago = app.context().now() - identity::rules::ACCESS_LASTS;
    tokens.push((Who::AccessEnded, app.access("program").await));
    app.change("UPDATE sessions SET revoked_at = created_at WHERE is_program")
        .await
        .expect("ended");
    tokens.push((Who::AccessExpired, app.access_since("program", ago).await));
    tokens.push((Who::Access, app.access("program").await));
    tokens.push((Who::AccessBanned, app.access("banned").await));
    tokens
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
    let mut app = server().await;
    app.may_leave_work();
    let tokens = tokens(&app).await;
    let mut wrong = Vec::new();
    for (method, _, path, form, door) in all() {
        for who in EVERYBODY {
            let browser = come(&app, &tokens, who).await;
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

#[test]
fn the_description_says_by_what_one_may_come() {
    let description = Description::of(MODULES);
    let described = &description.value()["paths"];
    let of_api = |route: &str| route.starts_with("/api/v1/") && !route.contains("/webhooks/");
    for (method, route, _, _, door) in all().into_iter().filter(|row| of_api(row.1)) {
        let operation = &described[route][method.to_lowercase()];
        let said = &operation["security"];
        assert_eq!(said, &door.described(method), "{method} {route}");
    }
}

#[tokio::test]
async fn every_route_has_a_row_and_every_row_a_route() {
    let app = TestApp::demo(Database::create().await, house_people()).await;
    let routes = routes::of(&app.server.router(None));
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
