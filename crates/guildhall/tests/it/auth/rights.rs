//! Tokens and sessions, while their owners get and lose roles and projects and are banned.

use identity::{
    actions::grant_role,
    model::{Device, Role, Scope},
};
use platform::audit::Actor::Operator;
use serde_json::json;
use testkit::rng::Rng;

use crate::app::{
    TestApp,
    browser::{Browser, SESSION},
    logs,
    rights::{Reached, Rights, Sessions, hold},
};

const PEOPLE: [&str; 3] = ["finch-ash", "rook-elm", "wren-oak"];
const TOKENS: &str = "/api/v1/me/tokens";
const PATHS: [&str; 4] = [
    "/api/v1/me",
    "/api/v1/projects/season/maintainers",
    "/api/v1/admin/people",
    "/api/v1/admin/audit",
];

struct Token {
    login: &'static str,
    secret: String,
    /// Its ID, unless it belongs to an app.
    id: Option<String>,
    has_ended: bool,
}

struct Session {
    login: &'static str,
    cookie: String,
    has_ended: bool,
}

struct Accounts {
    sessions: Sessions,
    tokens: Vec<Token>,
    others: Vec<Session>,
}

impl Accounts {
    async fn make(&mut self, app: &TestApp, login: &'static str, rng: &mut Rng) -> String {
        if rng.chance(30) {
            let secret = app.access(login).await;
            self.tokens.push(Token { login, secret, id: None, has_ended: false });
            return format!("{login} gets a token of an app");
        }
        let scopes = json!(["read", "write", "admin"]);
        let new = json!({ "name": "CI", "scopes": scopes, "expires_in_days": 1 });
        let browser = self.sessions.browser(app, login);
        let made = browser.call("POST", TOKENS, Some(&new)).await;
        if made.status == 201 {
            let made = made.json();
            let secret = made["secret"].as_str().expect("a secret").to_owned();
            logs::plant(&secret);
            let id = made["id"].as_str().map(str::to_owned);
            self.tokens.push(Token { login, secret, id, has_ended: false });
        }
        format!("{login} creates a token: {}", self.tokens.len())
    }

    async fn end(&mut self, app: &TestApp, login: &'static str, rng: &mut Rng) -> String {
        let browser = self.sessions.browser(app, login);
        if rng.chance(50) {
            let ended = browser.call("DELETE", "/api/v1/me/sessions", None).await.status;
            if ended == 200 {
                let own = self.others.iter_mut().filter(|it| it.login == login);
                own.for_each(|session| session.has_ended = true);
            }
            return format!("{login} ends the other sessions: {ended}");
        }
        let mut own = self.tokens.iter_mut().filter(|it| it.login == login && !it.has_ended);
        let Some((token, id)) = own.find_map(|token| token.id.clone().map(|id| (token, id))) else {
            return format!("{login} has no token");
        };
        let revoked = browser.call("DELETE", &format!("{TOKENS}/{id}"), None).await.status;
        token.has_ended = revoked == 204;
        format!("{login} revokes a token: {revoked}")
    }
}

impl Rights for Accounts {
    async fn begin(app: &TestApp) -> Self {
        app.project("season").await;
        app.browser_with("admin", Role::Admin).await;
        app.browser_of("maintainer-m").await;
        app.add_maintainer("season", "maintainer-m").await;
        let sessions = Sessions::of(app, &PEOPLE).await;
        Self { sessions, tokens: Vec::new(), others: Vec::new() }
    }

    async fn step(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        let (context, login) = (app.context(), *rng.pick(&PEOPLE));
        match rng.below(10) {
            0..3 => self.make(app, login, rng).await,
            3 => {
                let cookie = app.signed_in(login, &Device::default()).await;
                self.others.push(Session { login, cookie, has_ended: false });
                format!("{login} signs in")
            }
            4 => self.end(app, login, rng).await,
            5 => {
                let role = *rng.pick(&[Role::User, Role::Moderator, Role::Admin]);
                grant_role(context, Operator, login, role).await.expect("granted");
                format!("{login} becomes {role}")
            }
            6 | 7 => {
                let path = format!("/projects/season/maintainers/{login}/remove");
                let admin = app.browser_of("admin").await;
                if admin.post(&path, &[]).await.status == 303 {
                    return format!("{login} no longer maintains the project");
                }
                let form = [("login", login)];
                let added = admin.post("/projects/season/maintainers", &form).await.status;
                format!("{login} maintains the project: {added}")
            }
            _ => {
                let is_banned = app.turn_ban(login).await;
                format!("{login} is {}", if is_banned { "banned" } else { "no longer banned" })
            }
        }
    }

    async fn look(&mut self, app: &TestApp) -> Reached {
        let mut reached = Reached::default();
        for token in &self.tokens {
            let program = Browser::bearing(app, &token.secret);
            for path in PATHS {
                if program.get(path).await.status == 200 {
                    let may = !token.has_ended && self.sessions.opens(app, token.login, path).await;
                    reached.add(may, || format!("{path} by a token of {}", token.login));
                }
            }
        }
        for session in &self.others {
            let browser = Browser::new(app);
            browser.set_cookie(SESSION, &session.cookie);
            for path in PATHS {
                if browser.get(path).await.status == 200 {
                    let opens = self.sessions.opens(app, session.login, path).await;
                    let may = !session.has_ended && opens;
                    reached.add(may, || format!("{path} by a session of {}", session.login));
                }
            }
        }
        reached
    }
}

#[tokio::test]
async fn tokens_and_sessions_follow_the_rights_of_their_owners() {
    hold::<Accounts>().await;
}

#[tokio::test]
async fn a_token_reaches_what_its_owner_does() {
    let app = TestApp::start().await;
    let mut accounts = Accounts::begin(&app).await;
    let secret = app.token("finch-ash", &[Scope::Read, Scope::Admin]).await;
    let token = Token { login: "finch-ash", secret, id: None, has_ended: false };
    accounts.tokens.push(token);
    let before = accounts.look(&app).await.working;
    app.add_maintainer("season", "finch-ash").await;
    grant_role(app.context(), Operator, "finch-ash", Role::Admin).await.expect("granted");
    app.work().await;
    let reached = accounts.look(&app).await;
    assert_eq!((before, reached.working), (1, PATHS.len()));
    assert!(reached.beyond.is_empty(), "{:?}", reached.beyond);
    app.finish().await;
}
