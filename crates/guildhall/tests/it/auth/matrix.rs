//! The permission matrix: every route × every kind of visitor.

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use guildhall::MODULES;
use identity::model::DemoPerson;
use identity::model::{Device, Role, Scope};
use platform::module::Description;
use serde_json::{Value, json};

use super::{
    routes,
    rows::{
        Access::{
            self, Admin, AdminInPerson, EvenBanned, Hidden, InPerson, Moderator, Open, Owner,
            Party, SignedIn, Unread,
        },
        Form, all,
    },
};
use crate::{
    PROGRAMMES,
    app::{
        Database, TestApp,
        browser::{Browser, SESSION},
    },
};

/// The kinds of visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visitor {
    Anonymous,
    Person,
    Other,
    Owns(&'static str),
    Moderates,
    Admins,
    Banned,
    Expired,
    // A person's tokens by scope, and an admin's token with the scope of the admin pages.
    TokenReads,
    TokenWrites,
    TokenAdmins,
    TokenExpired,
    TokenRevoked,
    // Access tokens of programs.
    Access,
    AccessExpired,
    AccessEnded,
    AccessBanned,
}

const VISITORS: [Visitor; 16] = [
    Visitor::Anonymous,
    Visitor::Person,
    Visitor::Other,
    Visitor::Moderates,
    Visitor::Admins,
    Visitor::Banned,
    Visitor::Expired,
    Visitor::TokenReads,
    Visitor::TokenWrites,
    Visitor::TokenAdmins,
    Visitor::TokenExpired,
    Visitor::TokenRevoked,
    Visitor::Access,
    Visitor::AccessExpired,
    Visitor::AccessEnded,
    Visitor::AccessBanned,
];

/// Returns every visitor, including the owners in rows.
fn visitors() -> Vec<Visitor> {
    let owners: BTreeSet<_> = all()
        .iter()
        .filter_map(|row| match row.4 {
            Owner(login, _) | Party(login, _) | Hidden(login, _) => Some(login),
            _ => None,
        })
        .collect();
    let owners = owners.into_iter().map(Visitor::Owns);
    VISITORS.into_iter().chain(owners).collect()
}

impl Visitor {
    /// Returns true for an expired or revoked token.
    fn is_refused(self) -> bool {
        use Visitor::{AccessEnded, AccessExpired, TokenExpired, TokenRevoked};
        matches!(self, TokenExpired | TokenRevoked | AccessExpired | AccessEnded)
    }

    fn has_session(self) -> bool {
        use Visitor::{Admins, Moderates, Other, Owns, Person};
        matches!(self, Person | Other | Owns(_) | Moderates | Admins)
    }

    /// The owner and the scopes of their personal token.
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

impl Access {
    fn admits(self, method: &str, visitor: Visitor) -> bool {
        use Visitor::{
            AccessBanned, Admins, Banned, Moderates, Owns, TokenAdmins, TokenReads, TokenWrites,
        };
        let by_scope = match method {
            "GET" => TokenReads,
            _ => TokenWrites,
        };
        match self {
            Open(_) => !visitor.is_refused(),
            Unread(_) => true,
            SignedIn(_) => {
                visitor.has_session() || visitor == by_scope || visitor == Visitor::Access
            }
            EvenBanned(status) => {
                SignedIn(status).admits(method, visitor) || matches!(visitor, Banned | AccessBanned)
            }
            InPerson(_) => visitor.has_session(),
            Owner(login, _) | Hidden(login, _) => visitor == Owns(login) || visitor == Admins,
            Party(login, _) => visitor == Owns(login) || matches!(visitor, Moderates | Admins),
            Moderator(_) => matches!(visitor, Moderates | Admins | TokenAdmins),
            Admin(_) => matches!(visitor, Admins | TokenAdmins),
            AdminInPerson(_) => visitor == Admins,
        }
    }

    /// The security requirement that the API description should state.
    fn described(self, method: &str) -> Value {
        let scope = match (self, method) {
            (Open(_) | Unread(_), _) => return Value::Null,
            (InPerson(_) | AdminInPerson(_), _) => return json!([{ "session": [] }]),
            (Moderator(_) | Admin(_), _) => Scope::Admin,
            (_, "GET") => Scope::Read,
            _ => Scope::Write,
        };
        json!([{ "session": [] }, { "bearer": [scope.as_str()] }])
    }

    /// The status that a visitor should get.
    fn answers(self, method: &str, path: &str, visitor: Visitor) -> u16 {
        let (Open(status)
        | Unread(status)
        | SignedIn(status)
        | EvenBanned(status)
        | InPerson(status)
        | Owner(_, status)
        | Party(_, status)
        | Hidden(_, status)
        | Moderator(status)
        | Admin(status)
        | AdminInPerson(status)) = self;
        let is_page = !path.starts_with("/api/");
        match visitor {
            _ if self.admits(method, visitor) => status,
            _ if visitor.is_refused() => 401,
            // Redirected to sign-in, which returns here.
            Visitor::Anonymous | Visitor::Expired if is_page && method == "GET" => 303,
            Visitor::Anonymous | Visitor::Expired => 401,
            _ if matches!(self, Hidden(..)) && SignedIn(status).admits(method, visitor) => 404,
            _ => 403,
        }
    }
}

pub(crate) fn demo_people() -> Arc<[DemoPerson]> {
    let contributor = DemoPerson {
        part: "contributor",
        sees: "Is invented.",
        account: identity::model::GithubAccount::new(
            77,
            "demo-contributor".to_owned(),
            identity::model::AccountKind::User,
            crate::app::at("2026-01-01T00:00:00Z"),
        ),
    };
    Arc::from([contributor])
}

/// Starts a server with the objects of every row, a person with points, a demo, and all visitors.
pub(crate) async fn server() -> TestApp {
    let app = TestApp::demo(Database::create().await, demo_people()).await;
    for programme in PROGRAMMES {
        (programme.prepare)(&app).await;
    }
    for login in ["person", "other", "program", "banned"] {
        app.browser_of(login).await;
    }
    app.ban("banned").await;
    app.browser_with("moderator", Role::Moderator).await;
    app.browser_with("admin", Role::Admin).await;
    app
}

/// The sessions of visitors, with their tokens.
#[derive(Default)]
struct Sessions(Vec<(Visitor, String)>);

impl Sessions {
    /// Returns a browser of this visitor without other cookies than the session's.
    async fn visit<'a>(
        &mut self,
        app: &'a TestApp,
        tokens: &Tokens,
        visitor: Visitor,
    ) -> Browser<'a> {
        if let Some((_, token)) = tokens.iter().find(|(holder, _)| *holder == visitor) {
            return Browser::bearing(app, token);
        }
        let browser = Browser::new(app);
        if visitor == Visitor::Anonymous {
            return browser;
        }
        let known = self.0.iter().find(|(holder, _)| *holder == visitor);
        let token = match known {
            Some((_, token)) => token.clone(),
            None => {
                let token = signed_in(app, visitor).await;
                self.0.push((visitor, token.clone()));
                token
            }
        };
        browser.set_cookie(SESSION, &token);
        browser
    }

    /// Forgets the session of a visitor whose request may have ended it.
    fn forget(&mut self, visitor: Visitor) {
        self.0.retain(|(holder, _)| *holder != visitor);
    }
}

/// Creates a session of this visitor; returns its token.
async fn signed_in(app: &TestApp, visitor: Visitor) -> String {
    let device = Device::default();
    let login = match visitor {
        Visitor::Person | Visitor::Expired => "person",
        Visitor::Other => "other",
        Visitor::Owns(login) => login,
        Visitor::Moderates => "moderator",
        Visitor::Admins => "admin",
        Visitor::Banned => "banned",
        _ => unreachable!("who has a token came with it"),
    };
    if visitor == Visitor::Banned {
        app.unban("banned").await;
    }
    let token = app.signed_in(login, &device).await;
    match visitor {
        Visitor::Banned => app.ban("banned").await,
        Visitor::Expired => {
            let ended = platform::db::sqlite_instant(app.context().now() - TimeDelta::days(1));
            let latest = "(SELECT id FROM sessions ORDER BY id DESC LIMIT 1)";
            app.change(&format!("UPDATE sessions SET expires_at = '{ended}' WHERE id = {latest}"))
                .await
                .expect("ended");
        }
        _ => {}
    }
    token
}

/// The visitors who have tokens, with their tokens.
type Tokens = Vec<(Visitor, String)>;

/// Creates the tokens of all visitors, and expires or revokes those that should be.
async fn tokens(app: &TestApp) -> Tokens {
    let mut tokens = Vec::new();
    for visitor in VISITORS {
        let Some((login, scopes)) = visitor.token() else {
            continue;
        };
        let token = app.token(login, scopes).await;
        let latest = "(SELECT id FROM api_tokens ORDER BY id DESC LIMIT 1)";
        let ends = match visitor {
            Visitor::TokenExpired => "expires_at = created_at",
            Visitor::TokenRevoked => "revoked_at = created_at",
            _ => "last_used_at = NULL",
        };
        app.change(&format!("UPDATE api_tokens SET {ends} WHERE id = {latest}"))
            .await
            .expect("ended");
        tokens.push((visitor, token));
    }
    let ago = app.context().now() - identity::rules::ACCESS_LASTS;
    tokens.push((Visitor::AccessEnded, app.access("program").await));
    app.change("UPDATE sessions SET revoked_at = created_at WHERE is_program")
        .await
        .expect("ended");
    tokens.push((Visitor::AccessExpired, app.access_since("program", ago).await));
    tokens.push((Visitor::Access, app.access("program").await));
    tokens.push((Visitor::AccessBanned, app.access("banned").await));
    tokens
}

/// Returns true for the API, except for deliveries, which are only refused here.
fn takes_json(path: &str) -> bool {
    path.starts_with("/api/") && !path.contains("/webhooks/")
}

/// Returns a form as JSON. Values that are JSON stay so: numbers, lists, objects.
pub(super) fn body(form: Form) -> Value {
    let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| json!(text));
    let fields = form.iter().map(|(name, text)| ((*name).to_owned(), value(text)));
    Value::Object(fields.collect())
}

#[tokio::test]
async fn every_route_answers_every_visitor_as_expected() {
    let mut app = server().await;
    app.may_leave_work();
    let tokens = tokens(&app).await;
    let mut sessions = Sessions::default();
    let mut wrong = Vec::new();
    for (method, _, path, form, access) in all() {
        for visitor in visitors() {
            let browser = sessions.visit(&app, &tokens, visitor).await;
            let answer = match method {
                "GET" => browser.get(path).await,
                "POST" if !takes_json(path) => browser.post(path, form).await,
                _ => browser.call(method, path, Some(&body(form))).await,
            };
            if method != "GET" && !answer.status.is_client_error() {
                sessions.forget(visitor);
            }
            let expected = access.answers(method, path, visitor);
            if answer.status.as_u16() != expected {
                wrong.push(format!(
                    "{visitor:?} {method} {path}: {} instead of {expected}",
                    answer.status
                ));
            }
            let is_signed_in =
                !matches!(visitor, Visitor::Anonymous) && !matches!(access, Unread(_));
            let kept = answer.header("cache-control");
            let is_file = ["/assets/", "/pictures/"].iter().any(|root| path.starts_with(root));
            if is_signed_in && !is_file && kept != "private, no-store" {
                wrong.push(format!("{visitor:?} {method} {path} may be kept by a cache: {kept:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    app.finish().await;
}

#[test]
fn the_api_description_has_the_security_of_each_route() {
    let description = Description::of(MODULES);
    let described = &description.value()["paths"];
    let roles = MODULES.api_roles();
    let of_api = |route: &str| route.starts_with("/api/v1/") && !route.contains("/webhooks/");
    for (method, route, _, _, access) in all().into_iter().filter(|row| of_api(row.1)) {
        let operation = &described[route][method.to_lowercase()];
        let mut stated = operation["security"].clone();
        // Of the roles in a programme, one may be named.
        let session = stated.pointer_mut("/0/session").and_then(Value::as_array_mut);
        if let Some(role) = session.and_then(Vec::pop) {
            assert!(roles.iter().any(|known| role == known.name), "{method} {route}: {role}");
        }
        assert_eq!(stated, access.described(method), "{method} {route}");
    }
}

#[tokio::test]
async fn every_route_has_a_row_and_every_row_has_a_route() {
    let app = TestApp::demo(Database::create().await, demo_people()).await;
    let routes = routes::of(&app.server.router(None));
    let all = all();
    let rows: BTreeSet<(String, String)> =
        all.iter().map(|(method, route, ..)| ((*method).to_owned(), (*route).to_owned())).collect();
    assert_eq!(rows.len(), all.len(), "a route has two rows");
    let without_row: Vec<_> = routes.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&routes).collect();
    assert!(without_row.is_empty(), "routes without a row: {without_row:#?}");
    assert!(without_route.is_empty(), "rows without a route: {without_route:#?}");
    app.finish().await;
}
