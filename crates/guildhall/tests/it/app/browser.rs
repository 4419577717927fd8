//! A browser as far as doors care: keeps cookies, follows nothing by itself, and says which page a
//! form was sent from.

use std::{collections::BTreeMap, sync::Mutex};

use identity::{
    actions::sign_in,
    model::{AccountKind, Device, GithubAccount},
};
use reqwest::{RequestBuilder, StatusCode, header};
use serde_json::Value;
use testkit::fake_github::FakeGithub;

use super::{TestApp, at, logs, stories::person};

/// The session's cookie where people do not come over TLS.
pub(crate) const SESSION: &str = "guildhall-session";

pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What a browser was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().expect("text")
    }

    /// What it says.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// It refuses with this status and code, in a sentence that contains `words`.
    pub(crate) fn refuses(&self, status: u16, code: &str, words: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert!(self.text.contains(code), "{code}: {}", self.text);
        assert!(self.text.contains(words), "{words}: {}", self.text);
    }

    /// Shows the form again with a sentence that contains `words`: at a field, or in the banner alone.
    pub(crate) fn refuses_form(&self, status: u16, field: Option<&str>, words: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let is_said = match field {
            None => self.text.contains("role=\"alert\""),
            Some(field) => {
                let error = self.text.split(&format!("id=\"{field}-e\">")).nth(1);
                let error = error.and_then(|rest| rest.split('<').next());
                error.is_some_and(|error| error.contains(words))
                    && self.text.contains("aria-invalid=\"true\"")
            }
        };
        assert!(
            is_said && self.text.contains(words),
            "{words}: {}",
            self.text
        );
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self::saying(app, header::HeaderMap::new())
    }

    /// One whose requests come through a proxy, from `address`.
    pub(crate) fn forwarded(app: &'a TestApp, address: &'static str) -> Self {
        let name = header::HeaderName::from_static("x-forwarded-for");
        let address = header::HeaderValue::from_static(address);
        Self::saying(app, header::HeaderMap::from_iter([(name, address)]))
    }

    /// A program that shows a token with every request.
    pub(crate) fn bearing(app: &'a TestApp, token: &str) -> Self {
        let shown = format!("Bearer {token}").parse().expect("a header");
        Self::saying(
            app,
            header::HeaderMap::from_iter([(header::AUTHORIZATION, shown)]),
        )
    }

    fn saying(app: &'a TestApp, headers: header::HeaderMap) -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(headers)
            .user_agent("Owl/1.0");
        Self {
            app,
            client: client.build().expect("a client"),
            cookies: Mutex::default(),
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("cookies").get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().expect("cookies");
        cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Asks for a path of the server, or for an address elsewhere.
    pub(crate) async fn get(&self, address: &str) -> Answer {
        let url = self.url(address);
        self.send(self.client.get(url), address).await
    }

    /// The JSON at an address that answers 200.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }

    /// Calls the API as a page of the server does.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call_from("same-origin", method, path, body).await
    }

    /// Calls the API from somewhere.
    pub(crate) async fn call_from(
        &self,
        site: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.call_saying(method, path, &[("sec-fetch-site", site)], body)
            .await
    }

    /// Calls the API with headers; unless they say from where, as a page of the server does.
    pub(crate) async fn call_saying(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let method = method.parse().expect("a method");
        let mut request = self.client.request(method, self.url(path));
        if let Some(body) = body {
            request = request.json(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if headers.iter().all(|(name, _)| *name != "sec-fetch-site") {
            request = request.header("sec-fetch-site", "same-origin");
        }
        self.send(request, path).await
    }

    /// Sends a form from a page of the server.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from("same-origin", path, form).await
    }

    /// Sends a form from somewhere.
    pub(crate) async fn post_from(&self, site: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.client.post(self.url(path)).form(form);
        self.send(request.header("sec-fetch-site", site), path)
            .await
    }

    fn url(&self, address: &str) -> String {
        match address.starts_with('/') {
            true => format!("{}{address}", self.app.url),
            false => address.to_owned(),
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder, address: &str) -> Answer {
        let is_ours = address.starts_with('/') || address.starts_with(&self.app.url);
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().expect("cookies");
            cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        };
        let request = match is_ours && !cookies.is_empty() {
            true => request.header(header::COOKIE, cookies.join("; ")),
            false => request,
        };
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        if is_ours {
            for set in headers.get_all(header::SET_COOKIE) {
                self.keep(set.to_str().expect("text"));
            }
        }
        // A stream of events has no end.
        let kind = headers.get(header::CONTENT_TYPE);
        let text = match kind.is_some_and(|kind| kind == "text/event-stream") {
            true => String::new(),
            false => response.text().await.expect("text"),
        };
        Answer {
            status,
            headers,
            text,
        }
    }

    fn keep(&self, set: &str) {
        let (pair, attributes) = set.split_once(';').expect("attributes");
        let (name, value) = pair.split_once('=').expect("a pair");
        assert!(
            attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"),
            "{set}"
        );
        assert!(attributes.contains("Path=/;"), "{set}");
        let mut cookies = self.cookies.lock().expect("cookies");
        match attributes.contains("Max-Age=0;") {
            true => cookies.remove(name),
            false => {
                logs::plant(value);
                cookies.insert(name.to_owned(), value.to_owned())
            }
        };
    }

    /// Begins to sign in and comes back from GitHub as somebody: the way back, not yet gone.
    pub(crate) async fn way_back(&self, github: &FakeGithub, login: &str, begin: &str) -> String {
        github.switch(|switches| switches.sign_in_as = Some(login.to_owned()));
        let to_github = self.get(begin).await.location().to_owned();
        assert!(to_github.starts_with(github.url()), "{to_github}");
        self.get(&to_github).await.location().to_owned()
    }

    /// Signs in as somebody.
    pub(crate) async fn sign_in(&self, github: &FakeGithub, login: &str) -> Answer {
        let back = self.way_back(github, login, "/sign-in/github").await;
        self.get(&back).await
    }
}

impl TestApp {
    /// A browser in which a person is signed in.
    pub(crate) async fn browser_of(&self, login: &str) -> Browser<'_> {
        let token = self.signed_in(login, &Device::default()).await;
        let browser = Browser::new(self);
        browser.set_cookie(SESSION, &token);
        browser
    }

    /// Signs a person in by a device; gives the session's token.
    pub(crate) async fn signed_in(&self, login: &str, device: &Device) -> String {
        let account = GithubAccount {
            github_id: person(login).id,
            login: login.to_owned(),
            kind: AccountKind::User,
            avatar_url: None,
            seen_at: at("2020-01-01T00:00:00Z"),
        };
        let welcome = sign_in(self.context(), account, device, None).await;
        let token = welcome.expect("signed in").token;
        logs::plant(&token);
        token
    }

    /// The same, with a role on the whole platform.
    pub(crate) async fn browser_with(
        &self,
        login: &str,
        role: identity::model::Role,
    ) -> Browser<'_> {
        let browser = self.browser_of(login).await;
        let operator = platform::audit::Actor::Operator;
        identity::actions::grant_role(self.context(), operator, login, role)
            .await
            .expect("granted");
        browser
    }

    /// Bans a person until somebody lifts it.
    pub(crate) async fn ban(&self, login: &str) {
        let operator = platform::audit::Actor::Operator;
        identity::actions::ban(self.context(), operator, login, "Spam", None)
            .await
            .expect("banned");
    }

    /// Lifts a person's ban.
    pub(crate) async fn unban(&self, login: &str) {
        let operator = platform::audit::Actor::Operator;
        identity::actions::unban(self.context(), operator, login, "Appealed")
            .await
            .expect("lifted");
    }
}
