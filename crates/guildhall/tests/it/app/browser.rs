//! A browser for tests: it stores cookies, does not follow redirects on its own, and sends the origin of the page that
//! a form is on.

use std::{collections::BTreeMap, sync::Mutex};

use identity::{
    actions::sign_in,
    model::{AccountKind, Device, GithubAccount},
};
use reqwest::{RequestBuilder, StatusCode, header};
use serde_json::Value;
use testkit::fake_github::FakeGithub;

use super::{TestApp, at, client_builder, logs, markup::joined, scenarios::person};

/// The session cookie of sites without TLS.
pub(crate) const SESSION: &str = "guildhall-session";

pub(crate) struct Browser<'a> {
    /// The address of the server.
    url: &'a str,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// Returns the location of a redirect.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().expect("text")
    }

    /// Returns the address that a page leads on to.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        let to = self.header("refresh").strip_prefix("0; url=");
        to.expect("an address")
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// Returns the body as JSON, or null if there is none.
    pub(crate) fn body(&self) -> Value {
        match self.text.is_empty() {
            true => Value::Null,
            false => self.json(),
        }
    }

    /// Checks the status, the problem code, and that the body contains `words`.
    pub(crate) fn refuses(&self, status: u16, code: &str, words: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert!(self.text.contains(code), "{code}: {}", self.text);
        assert!(self.says(words), "{words}: {}", self.text);
    }

    /// Returns true if the page contains a text, whose paths may be links.
    fn says(&self, words: &str) -> bool {
        self.text.contains(words) || without_links(&self.text).contains(words)
    }

    /// Checks that the form is shown again with a message that contains `words`, at `field` or in the banner.
    pub(crate) fn refuses_form(&self, status: u16, field: Option<&str>, words: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let is_said = match field {
            None => self.text.contains("role=\"alert\""),
            Some(field) => {
                let error = self.text.split(&format!("id=\"{field}-e\">")).nth(1);
                let error = error.and_then(|rest| rest.split("</p>").next());
                error.is_some_and(|error| without_links(error).contains(words))
                    && self.text.contains("aria-invalid=\"true\"")
            }
        };
        assert!(is_said && self.says(words), "{words}: {}", self.text);
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }
}

/// Returns a text without the tags of links that have nothing but an address.
fn without_links(text: &str) -> String {
    let mut parts = text.split("<a href=\"");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once("\">").map_or(part, |(_, rest)| rest));
    std::iter::once(first).chain(rest).collect::<String>().replace("</a>", "")
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self::of(&app.url)
    }

    /// A browser at the server at `url`.
    pub(crate) fn of(url: &'a str) -> Self {
        Self::with_headers(url, header::HeaderMap::new())
    }

    /// A browser behind a proxy, at the client address `address`.
    pub(crate) fn forwarded(app: &'a TestApp, address: &'static str) -> Self {
        let name = header::HeaderName::from_static("x-forwarded-for");
        let address = header::HeaderValue::from_static(address);
        Self::with_headers(&app.url, header::HeaderMap::from_iter([(name, address)]))
    }

    /// A program that sends a token with every request.
    pub(crate) fn bearing(app: &'a TestApp, token: &str) -> Self {
        let shown = format!("Bearer {token}").parse().expect("a header");
        Self::with_headers(&app.url, header::HeaderMap::from_iter([(header::AUTHORIZATION, shown)]))
    }

    fn with_headers(url: &'a str, headers: header::HeaderMap) -> Self {
        let client = client_builder()
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(headers)
            .user_agent("Owl/1.0");
        Self { url, client: client.build().expect("a client"), cookies: Mutex::default() }
    }

    /// The same browser at another server of the site.
    pub(crate) fn at<'b>(&self, url: &'b str) -> Browser<'b> {
        let cookies = self.cookies.lock().expect("cookies").clone();
        Browser { url, client: self.client.clone(), cookies: Mutex::new(cookies) }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("cookies").get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().expect("cookies");
        cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Requests a path of the server, or a full URL.
    pub(crate) async fn get(&self, address: &str) -> Answer {
        let url = self.url(address);
        self.send(self.client.get(url), address).await
    }

    /// Requests a path and returns its JSON; the status must be 200.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }

    /// Calls the API like a page of this site.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call_from("same-origin", method, path, body).await
    }

    /// Calls the API with this value of `Sec-Fetch-Site`.
    pub(crate) async fn call_from(
        &self,
        site: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.call_with_headers(method, path, &[("sec-fetch-site", site)], body).await
    }

    /// Calls the API with headers. Unless they contain an origin, the call looks like one of a page of this site.
    pub(crate) async fn call_with_headers(
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

    /// Submits a form of this site.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from("same-origin", path, form).await
    }

    /// Submits a form with this value of `Sec-Fetch-Site`.
    pub(crate) async fn post_from(&self, site: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.client.post(self.url(path)).form(form);
        self.send(request.header("sec-fetch-site", site), path).await
    }

    /// Submits a form with a file.
    pub(crate) async fn upload(&self, path: &str, file: &[u8]) -> Answer {
        let before = "--limit\r\ncontent-disposition: form-data; name=\"rows\"\r\n\r\n\r\n--limit\r\n\
                      content-disposition: form-data; name=\"file\"; filename=\"roster.csv\"\r\n\r\n";
        let body = [before.as_bytes(), file, b"\r\n--limit--\r\n"].concat();
        let request = self.client.post(self.url(path)).body(body);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
        self.send(request.header("sec-fetch-site", "same-origin"), path).await
    }

    /// Submits a form with a picture.
    pub(crate) async fn upload_picture(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: &[u8],
    ) -> Answer {
        let field = |(name, value): &(&str, &str)| {
            format!("--limit\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields: String = fields.iter().map(field).collect();
        let before = "--limit\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\r\n";
        let body = [fields.as_bytes(), before.as_bytes(), file, b"\r\n--limit--\r\n"].concat();
        let request = self.client.post(self.url(path)).body(body);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
        self.send(request.header("sec-fetch-site", "same-origin"), path).await
    }

    fn url(&self, address: &str) -> String {
        match address.starts_with('/') {
            true => format!("{}{address}", self.url),
            false => address.to_owned(),
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder, address: &str) -> Answer {
        let is_ours = address.starts_with('/') || address.starts_with(self.url);
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().expect("cookies");
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect()
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
        // An event stream never ends.
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let text = match kind {
            "text/event-stream" => String::new(),
            _ => response.text().await.expect("text"),
        };
        let is_page = kind.starts_with("text/html");
        let text = if is_page { joined(&text) } else { text };
        Answer { status, headers, text }
    }

    fn keep(&self, set: &str) {
        let (pair, attributes) = set.split_once(';').expect("attributes");
        let (name, value) = pair.split_once('=').expect("a pair");
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{set}");
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

    /// Begins a sign-in and authenticates on GitHub as `login`; returns the callback URL without opening it.
    pub(crate) async fn callback(&self, github: &FakeGithub, login: &str, begin: &str) -> String {
        github.switch(|switches| switches.sign_in_as = Some(login.to_owned()));
        let to_github = self.get(begin).await.location().to_owned();
        assert!(to_github.starts_with(github.url()), "{to_github}");
        self.get(&to_github).await.location().to_owned()
    }

    /// Begins to connect GitHub and authenticates there as `login`; returns the callback URL without opening it.
    pub(crate) async fn connection(&self, github: &FakeGithub, login: &str, begin: &str) -> String {
        github.switch(|switches| switches.sign_in_as = Some(login.to_owned()));
        let to_github = self.post(begin, &[]).await.leads_to().to_owned();
        assert!(to_github.starts_with(github.url()), "{to_github}");
        self.get(&to_github).await.location().to_owned()
    }

    /// Signs in with GitHub as `login`.
    pub(crate) async fn sign_in(&self, github: &FakeGithub, login: &str) -> Answer {
        let back = self.callback(github, login, "/sign-in/github").await;
        self.get(&back).await
    }
}

impl TestApp {
    /// A browser with a session of this person.
    pub(crate) async fn browser_of(&self, login: &str) -> Browser<'_> {
        let token = self.signed_in(login, &Device::default()).await;
        let browser = Browser::new(self);
        browser.set_cookie(SESSION, &token);
        browser
    }

    /// Creates a session of this person; returns its token.
    pub(crate) async fn signed_in(&self, login: &str, device: &Device) -> String {
        let account = GithubAccount::new(
            person(login).id,
            login.to_owned(),
            AccountKind::User,
            at("2020-01-01T00:00:00Z"),
        );
        let welcome = sign_in(self.context(), account, device, None).await;
        let token = welcome.expect("signed in").token;
        logs::plant(&token);
        token
    }

    /// Opens a browser with a session of this person, who gets a platform role.
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

    /// Bans a person without an end date.
    pub(crate) async fn ban(&self, login: &str) {
        let operator = platform::audit::Actor::Operator;
        identity::actions::ban(self.context(), operator, login, "Spam", None)
            .await
            .expect("banned");
    }

    /// Lifts a person's ban, or bans them. Returns whether they are banned now.
    pub(crate) async fn turn_ban(&self, login: &str) -> bool {
        let operator = platform::audit::Actor::Operator;
        let lifted = identity::actions::unban(self.context(), operator, login, "Appealed").await;
        if lifted.is_err() {
            self.ban(login).await;
        }
        lifted.is_err()
    }

    /// Lifts a person's ban.
    pub(crate) async fn unban(&self, login: &str) {
        let operator = platform::audit::Actor::Operator;
        identity::actions::unban(self.context(), operator, login, "Appealed")
            .await
            .expect("lifted");
    }
}
