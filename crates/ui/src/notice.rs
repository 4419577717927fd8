//! Messages after an action, shown once on the page that a redirect leads to.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};

use platform::web::Next;

use crate::format::segment;

const COOKIE: &str = "guildhall-notice";
/// The maximum length of an encoded message, in bytes.
const LONGEST: usize = 2000;

/// Redirects to `path`, which shows `message` once, such as "Token “ci” revoked".
#[must_use]
pub fn redirect(path: &str, message: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    let cookie =
        format!("{COOKIE}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", segment(message));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
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
    request.extensions_mut().insert(Notice(message));
    let mut response = next.run(request).await;
    if is_page(&response) {
        clear(response.headers_mut());
    }
    response
}

/// Reads the message from the request's cookie.
pub(crate) fn read(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs =
        cookies.filter_map(|cookies| cookies.to_str().ok()).flat_map(|all| all.split(';'));
    let value = pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    let text = decoded(value).filter(|_| value.len() <= LONGEST)?;
    Some(crate::format::tame(&text)).filter(|text| !text.is_empty())
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
    fn forged_messages_are_bounded_and_sanitized() {
        assert_eq!(read(&request("guildhall-notice=")), None);
        assert_eq!(read(&request("guildhall-notice=%F")), None);
        assert_eq!(read(&request("guildhall-notice=%FF%FE")), None);
        assert_eq!(read(&request(&format!("guildhall-notice={}", "a".repeat(2001)))), None);
        let found = read(&request("guildhall-notice=a%E2%80%AEb%00"));
        assert_eq!(found.as_deref(), Some("ab"));
    }
}
