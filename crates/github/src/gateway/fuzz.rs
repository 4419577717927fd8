//! Parsers of GitHub's responses never panic, and bound what they return.

use kernel::Timestamp;
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use testkit::growth::{SHAPES, linear, linear_of};

use super::{
    answer::{has_next, message, next_place, single_sign_on, stated},
    code::{address, moved_to},
    hooks::Hook,
    installations::Repositories,
    members::Permission,
    own_app::{OwnApp, SentDelivery},
    patches::kept,
};
use crate::model::PatchedFile;
use crate::rules::{
    app_token::{InstallationToken, is_usable},
    bio::PublicProfile,
    manifest::CreatedApp,
};

const LIMITS: [&str; 3] = ["x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"];

#[test]
fn answers_of_github() {
    type Answer = (u16, [Option<String>; 3], Vec<u8>);
    let target = |(status, limits, body): &Answer| {
        assert!(message(body).chars().count() <= 200);
        let _ = serde_json::from_slice::<Hook>(body);
        let _ = serde_json::from_slice::<Repositories>(body);
        let _ = serde_json::from_slice::<CreatedApp>(body);
        if let Ok(app) = serde_json::from_slice::<OwnApp>(body) {
            assert!(app.name().chars().count() <= 200);
        }
        for delivery in serde_json::from_slice::<Vec<SentDelivery>>(body).unwrap_or_default() {
            assert!(delivery.status().chars().count() <= 200);
            assert!(delivery.message().event.chars().count() <= 200);
        }
        if let Ok(profile) = serde_json::from_slice::<PublicProfile>(body) {
            if let Ok(person) = profile.person_named("wren-oak", Timestamp::UNIX_EPOCH) {
                assert!(person.login.eq_ignore_ascii_case("wren-oak"));
            }
            assert!(profile.bio().len() <= body.len());
        }
        if let Ok(token) = serde_json::from_slice::<InstallationToken>(body) {
            assert!(!is_usable(token.expires_at, token.expires_at));
        }
        if let Ok(files) = serde_json::from_slice::<Vec<PatchedFile>>(body) {
            let kept = files.into_iter().map(kept);
            assert!(kept.flat_map(|file| file.patch).all(|patch| patch.len() <= 16 << 10));
        }
        if let Ok(permission) = serde_json::from_slice::<Permission>(body) {
            let _ = (permission.role(7), permission.permissions(7));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in LIMITS.iter().zip(limits) {
            let value = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok());
            if let Some(value) = value {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let status = StatusCode::from_u16(100 + status % 500).expect("a status");
        let now = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
        let limits = stated(status, &headers, now);
        for wait in [limits.refusal(now), limits.pause(now)].into_iter().flatten() {
            assert!(wait.as_secs() <= 65 * 60, "{wait:?}");
        }
    };
    let make = |text: &str| (100, [None, None, None], text.as_bytes().to_vec());
    bolero::check!().with_type::<Answer>().for_each(linear_of(&SHAPES, make, target));
}

#[test]
fn headers_of_lists() {
    let target = |[link, sso]: &[String; 2]| {
        let named = [("link", link), ("x-github-sso", sso)];
        let headers = named.into_iter().filter_map(|(name, text)| {
            let value = HeaderValue::from_str(text).ok()?;
            Some((HeaderName::from_static(name), value))
        });
        let headers = HeaderMap::from_iter(headers);
        let place = next_place(&headers);
        assert!(place.is_none_or(|place| !place.contains(['&', '#', '/', ' '])));
        let _ = has_next(&headers);
        let (_, url) = single_sign_on(&headers);
        assert!(url.is_none_or(|url| url.is_empty() || url.starts_with("http")));
    };
    let shapes = ["<", ";", "<https://api.github.com/a?page={n}>; rel=\"x\", ", "url=http://a; "];
    let make = |text: &str| [text.to_owned(), text.to_owned()];
    bolero::check!().with_type::<[String; 2]>().for_each(linear_of(&shapes, make, target));
}

#[test]
fn addresses_of_redirects() {
    let bases = ["https://api.github.com", "https://git.guild.example/api/v3"];
    bolero::check!().for_each(linear(|location: &[u8]| {
        let location = String::from_utf8_lossy(location);
        assert!(moved_to(&location).is_none_or(|id| id > 0));
        for base in bases {
            let found = address(base, &location);
            assert!(found.is_none_or(|found| found.url.scheme() == "https"));
        }
    }));
}
