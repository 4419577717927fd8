//! Parsers of headers, queries and cursors, which any client can send, never panic.

use std::net::IpAddr;

use axum::{
    extract::{FromRequest as _, FromRequestParts as _, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
};
use futures_util::FutureExt as _;
use serde::Deserialize;
use testkit::growth::linear;
use uuid::Uuid;

use super::{
    Body, Client, Cookies, ListQuery, Query, WebError, came_from, coding::Coding, cursor_after,
    is_from_elsewhere, own_change, page_cache, read_instant, serve::Peer, write_instant,
};
use crate::{idempotency, probes::openmetrics};

const NAMES: [HeaderName; 10] = [
    header::HOST,
    header::ORIGIN,
    header::REFERER,
    header::COOKIE,
    header::ACCEPT_ENCODING,
    header::IF_NONE_MATCH,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("sec-fetch-site"),
    header::ACCEPT,
];

/// Returns headers with one line of a text each. Lines after the last name repeat the names, because a header can be sent
/// several times.
fn headers_of(bytes: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let lines = bytes.split(|byte| *byte == b'\n');
    for (name, line) in NAMES.iter().cycle().zip(lines) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name, value);
        }
    }
    headers
}

#[test]
fn headers() {
    let proxies = ["10.0.0.0/8".parse().expect("a network")];
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let headers = headers_of(bytes);
        let own = Some("https://guild.example");
        let _ = is_from_elsewhere(&Method::POST, &headers, own, true);
        if let Some(path) = came_from(&headers, own) {
            assert!(path.starts_with('/'), "{path}");
        }
        for cookies in [Cookies::new(true), Cookies::new(false)] {
            if let Some(value) = cookies.read(&headers, "session") {
                assert!(!value.contains(';'), "{value}");
            }
            let _ = own_change::age(cookies, &headers, kernel::Timestamp::default());
        }
        let _ = Coding::of(&headers).alone();
        let mut accepted =
            headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let is_open = accepted.any(openmetrics::is_preferred);
        assert!(!is_open || bytes.len() > "openmetrics".len());
        if let Some(known) = headers.get(header::IF_NONE_MATCH) {
            let _ = page_cache::finished::names(known, &HeaderValue::from_static("\"ab\""));
        }
        if let Ok(Some(key)) = idempotency::key(&headers) {
            assert!(key.bytes().all(|byte| byte.is_ascii_graphic()), "{key}");
        }
        let mut request = Request::new(axum::body::Body::empty());
        *request.headers_mut() = headers;
        let peer: IpAddr = "10.0.0.1".parse().expect("an address");
        request.extensions_mut().insert(Peer(peer));
        let client = Client::of(&request, &proxies);
        assert_eq!(client.0, client.0.to_canonical());
        let _ = client.network();
    }));
}

/// A cursor that is accepted is one that the server could have issued: it is written in the same way again.
#[test]
fn cursors() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if let Some(at) = read_instant(&text) {
            assert_eq!(read_instant(&write_instant(at)), Some(at));
        }
        let query = ListQuery { limit: text.parse().ok(), cursor: Some(text) };
        if let Ok(limit) = query.limit() {
            assert!((1..=100).contains(&limit), "{limit}");
        }
        if let Ok(Some(place)) = query.place() {
            let again = ListQuery { limit: None, cursor: Some(cursor_after(place)) };
            assert_eq!(again.place().expect("read"), Some::<(_, Uuid)>(place));
        }
    }));
}

/// A body of the API. Its fields are only compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "inner")]
    _inner: Option<Inner>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    #[serde(rename = "size")]
    _size: i64,
    #[serde(rename = "is_open")]
    _is_open: bool,
}

/// The messages for queries and bodies that cannot be read are derived from the parser's errors, which quote the input.
#[test]
fn queries_and_bodies() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let at_once = "nothing to wait for";
        if let Ok(uri) = Uri::try_from([b"/x?", bytes].concat()) {
            let (mut parts, _) = Request::new(axum::body::Body::empty()).into_parts();
            parts.uri = uri;
            let query = Query::<ListQuery>::from_request_parts(&mut parts, &()).now_or_never();
            if let Err(error) = query.expect(at_once) {
                assert!(matches!(error, WebError::Refused(_)), "{error:?}");
            }
            let inner = Query::<Inner>::from_request_parts(&mut parts, &()).now_or_never();
            let _ = inner.expect(at_once);
        }
        let request = Request::builder().header(header::CONTENT_TYPE, "application/json");
        let request = request.body(axum::body::Body::from(bytes.to_vec()));
        let body = Body::<Outer>::from_request(request.expect("a request"), &()).now_or_never();
        if let Err(error) = body.expect(at_once) {
            assert!(matches!(error, WebError::Refused(_)), "{error:?}");
        }
    }));
}
