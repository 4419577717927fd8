//! Messages after an action, shown once on the page that a redirect leads to.

use std::sync::LazyLock;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};

use platform::{crypto, web::Next};
use sha2::{Digest as _, Sha256};

use crate::format::segment;

const COOKIE: &str = "guildhall-notice";
/// The maximum length of an encoded message, in bytes.
const LONGEST: usize = 2000;

/// Redirects to `path`, which shows `message` once, such as "Token “ci” revoked".
#[must_use]
pub fn redirect(path: &str, message: &str) -> Response {
    redirect_with(path, &segment(message))
}

/// Redirects with an encoded message.
fn redirect_with(path: &str, encoded: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    let cookie = format!("{COOKIE}={encoded}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The form that undoes an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The path that it is sent to.
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Undo {
    /// Describes a form without fields.
    #[must_use]
    pub fn by(action: impl Into<String>) -> Self {
        Self { action: action.into(), fields: Vec::new() }
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// Encodes the form for a cookie, signed by this process: a cookie of another origin leads to no button. Another process does
    /// not know the signature, and shows the message without the button.
    fn encoded(&self) -> Option<String> {
        let action = ("", self.action.as_str());
        let fields = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let form: Vec<(&str, &str)> = std::iter::once(action).chain(fields).collect();
        let form = serde_urlencoded::to_string(form).ok()?;
        Some(format!("{}{BETWEEN}{form}", signature(&form)?))
    }

    fn decoded(text: &str) -> Option<Self> {
        let (signed, form) = text.split_once(BETWEEN)?;
        if signature(form)? != signed {
            return None;
        }
        let mut fields: Vec<(String, String)> = serde_urlencoded::from_str(form).ok()?;
        let is_action = fields.first().is_some_and(|(name, path)| {
            name.is_empty() && path.starts_with('/') && !path.starts_with("//")
        });
        is_action.then(|| Self { action: fields.remove(0).1, fields })
    }
}

/// Divides the parts of the cookie. Neither encoding of texts leaves it as it is.
const BETWEEN: char = '|';

/// The key of the signatures of this process.
static KEY: LazyLock<Option<[u8; 32]>> = LazyLock::new(|| crypto::random().ok());

fn signature(text: &str) -> Option<String> {
    let key = KEY.as_ref()?;
    let keyed = |text: &[u8]| Sha256::new().chain_update(key).chain_update(text).finalize();
    Some(hex::encode(&keyed(&keyed(text.as_bytes())[..])[..16]))
}

/// Redirects like [`redirect`], with a button that undoes the action.
#[must_use]
pub fn redirect_with_undo(path: &str, message: &str, undo: &Undo) -> Response {
    let encoded = undo.encoded().map(|undo| format!("{}{BETWEEN}{undo}", segment(message)));
    match encoded.filter(|encoded| encoded.len() <= LONGEST) {
        Some(encoded) => redirect_with(path, &encoded),
        None => redirect(path, message),
    }
}

/// A message for the page that this request shows, as a request extension.
#[derive(Clone, Debug)]
pub(crate) struct Notice(pub(crate) String);

/// Passes the message to the page, and removes it once a page has shown it. Lies outside the page cache, so that
/// cached pages show messages as well.
pub async fn notices(mut request: Request, next: Next) -> Response {
    let Some(message) = read(request.headers()) else {
        return next.run(request).await;
    };
    if let Some(undo) = read_undo(request.headers()) {
        request.extensions_mut().insert(undo);
    }
    request.extensions_mut().insert(Notice(message));
    let mut response = next.run(request).await;
    if is_page(&response) {
        clear(response.headers_mut());
    }
    response
}

/// Reads the message from the request's cookie.
pub(crate) fn read(headers: &HeaderMap) -> Option<String> {
    let value = value(headers)?;
    let message = value.split(BETWEEN).next().unwrap_or_default();
    let text = decoded(message)?;
    Some(crate::format::tame(&text)).filter(|text| !text.is_empty())
}

/// Reads the form that undoes the action from the request's cookie, if this process wrote it.
pub(crate) fn read_undo(headers: &HeaderMap) -> Option<Undo> {
    let (_, undo) = value(headers)?.split_once(BETWEEN)?;
    Undo::decoded(undo)
}

fn value(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs =
        cookies.filter_map(|cookies| cookies.to_str().ok()).flat_map(|all| all.split(';'));
    let value = pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    Some(value).filter(|value| value.len() <= LONGEST)
}

/// Returns true if the response is a page, which shows the message. Redirects and files do not.
fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Clears the cookie.
fn clear(headers: &mut HeaderMap) {
    let cookie = "guildhall-notice=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
    headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
}

/// Decodes percent-encoded text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let plain = match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        };
        bytes.push(plain);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookie).expect("a cookie"))])
    }

    #[test]
    fn a_message_round_trips() {
        let response = redirect("/settings", "“wren” is a maintainer; 3 % = all");
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
        let pair = cookie.split(';').next().expect("a pair");
        let found = read(&request(&format!("a=b; {pair}; c=d")));
        assert_eq!(found.as_deref(), Some("“wren” is a maintainer; 3 % = all"));
    }

    #[test]
    fn an_undo_round_trips_only_if_it_was_signed() {
        let undo = Undo::by("/projects/a/maintainers").with("login", "wren & co|1");
        let response = redirect_with_undo("/projects/a", "“wren” is gone | now", &undo);
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
        let pair = cookie.split(';').next().expect("a pair");
        assert_eq!(read(&request(pair)).as_deref(), Some("“wren” is gone | now"));
        assert_eq!(read_undo(&request(pair)), Some(undo.clone()));
        let forged = pair.replace("maintainers", "maintainerz");
        assert_eq!(read_undo(&request(&forged)), None);
        assert_eq!(read_undo(&request("guildhall-notice=a|b|=%2Fx")), None);
        let away = Undo::by("//else.example/x").encoded().expect("a text");
        assert_eq!(Undo::decoded(&away), None);
        let long = undo.with("text", "x".repeat(LONGEST));
        let response = redirect_with_undo("/", "Gone", &long);
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
        assert!(cookie.starts_with("guildhall-notice=Gone; "), "{cookie}");
    }

    #[test]
    fn forged_messages_are_bounded_and_sanitized() {
        assert_eq!(read(&request("guildhall-notice=")), None);
        assert_eq!(read(&request("guildhall-notice=%F")), None);
        assert_eq!(read(&request("guildhall-notice=%FF%FE")), None);
        assert_eq!(read(&request(&format!("guildhall-notice={}", "a".repeat(2001)))), None);
        let found = read(&request("guildhall-notice=a%E2%80%AEb%00"));
        assert_eq!(found.as_deref(), Some("ab"));
    }
}
