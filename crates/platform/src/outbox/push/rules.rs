use base64::{
    Engine as _,
    engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD},
};
use kernel::{Problem, ProblemKind};
use reqwest::Url;
use serde_json::json;
use web_push_native::{Auth, p256::PublicKey};

use super::NewBrowser;
use crate::{
    outbox::Message,
    outside::{self, Refused},
};

/// The maximum length of an endpoint, in bytes: several times that of common ones.
const LONGEST_ENDPOINT: usize = 1_024;
/// The maximum length of a title, in characters.
const LONGEST_TITLE: usize = 200;
/// The size of the secret that a browser shares with the sender, in bytes (RFC 8291, section 3.2).
const AUTH: usize = 16;

/// The push services that may be called.
#[derive(Clone, Debug, Default)]
pub struct PushServices {
    /// Origins on this machine that the operator configured, for development.
    pub named: Vec<String>,
}

impl PushServices {
    /// Returns true if the operator configured the service, which then may be called at any address.
    pub(super) fn names(&self, endpoint: &Url) -> bool {
        let origin = endpoint.origin().ascii_serialization();
        self.named.contains(&origin)
    }

    /// Parses an endpoint, if it may be called. The addresses of its host are checked at each call.
    fn judge(&self, endpoint: &str) -> Result<Url, Refused> {
        let url = Url::parse(endpoint).map_err(|_| Refused::NotOfTheWeb)?;
        if self.names(&url) {
            return Ok(url);
        }
        match url.scheme() {
            "https" => outside::judge(&url).map(|()| url),
            _ => Err(Refused::NotOfTheWeb),
        }
    }

    /// Validates a subscription. Returns it and the URL of its endpoint, whose host is not looked up.
    pub(in crate::outbox) fn check(&self, new: &NewBrowser) -> Result<(NewBrowser, Url), Problem> {
        let endpoint = new.endpoint.trim();
        if endpoint.len() > LONGEST_ENDPOINT {
            let detail = format!(
                "A push endpoint can have at most {LONGEST_ENDPOINT} characters, but this one has {}.",
                endpoint.len()
            );
            return Err(refused(detail));
        }
        let url = self.judge(endpoint).map_err(not_allowed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(
                "A push endpoint must not contain a user name or password.".to_owned(),
            ));
        }
        if of_browser(&new.p256dh, &new.auth).is_none() {
            let detail = "keys.p256dh or keys.auth is invalid. Send the output of \
                          PushSubscription.toJSON().";
            return Err(Problem::new(ProblemKind::Invalid, "BAD_PUSH_KEYS", detail));
        }
        Ok((NewBrowser { endpoint: url.to_string(), ..new.clone() }, url))
    }
}

/// Returns the refusal of an endpoint that may not be called.
pub(super) fn not_allowed(why: Refused) -> Problem {
    refused(format!("This push endpoint is not allowed: {why}."))
}

fn refused(detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_PUSH_ENDPOINT", detail)
}

/// Decodes the key and secret of a browser.
pub(super) fn of_browser(p256dh: &str, auth: &str) -> Option<(PublicKey, Auth)> {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text));
    let key = PublicKey::from_sec1_bytes(&bytes(p256dh).ok()?).ok()?;
    let auth: [u8; AUTH] = bytes(auth).ok()?.try_into().ok()?;
    Some((key, Auth::from(auth)))
}

/// Encodes the body of a message: a title, the page it is about, and a tag that makes a second copy replace the
/// first.
pub(super) fn payload(message: &Message) -> Vec<u8> {
    let content = &message.content;
    let title: String = content.subject.chars().take(LONGEST_TITLE).collect();
    let payload = json!({ "title": title, "link": content.link, "tag": message.id });
    payload.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH_SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    fn browser(endpoint: &str) -> NewBrowser {
        NewBrowser {
            endpoint: endpoint.to_owned(),
            p256dh: P256DH.to_owned(),
            auth: AUTH_SECRET.to_owned(),
            user_agent: None,
        }
    }

    #[test]
    fn only_valid_subscriptions_of_public_services_are_accepted() {
        let services = PushServices { named: vec!["http://127.0.0.1:2526".to_owned()] };
        let code = |new: &NewBrowser| services.check(new).map_err(|problem| problem.code);
        for fine in
            ["https://push.example/a?b=c", "https://1.1.1.1/a", "http://127.0.0.1:2526/push/a"]
        {
            assert!(code(&browser(fine)).is_ok(), "{fine}");
        }
        let long = format!("https://push.example/{}", "a".repeat(LONGEST_ENDPOINT));
        for wrong in [
            "",
            "push.example",
            "http://push.example/a",
            "http://127.0.0.1:2527/push/a",
            "https://127.0.0.1:2526/push/a",
            "http://127.0.0.1:2526@push.example/",
            "https://name:word@push.example/a",
            "https://169.254.169.254/latest",
            "https://[::ffff:127.0.0.1]/",
            "https://2130706433/",
            &long,
        ] {
            assert_eq!(code(&browser(wrong)), Err("BAD_PUSH_ENDPOINT"), "{wrong}");
        }
        for (p256dh, auth) in [
            ("", AUTH_SECRET),
            (P256DH, ""),
            (&P256DH[..80], AUTH_SECRET),
            (&P256DH.replace("BCV", "BAA"), AUTH_SECRET),
            (P256DH, &AUTH_SECRET[..20]),
            ("?", "?"),
        ] {
            let new = NewBrowser {
                p256dh: p256dh.to_owned(),
                auth: auth.to_owned(),
                ..browser("https://push.example/a")
            };
            assert_eq!(code(&new), Err("BAD_PUSH_KEYS"), "{p256dh} {auth}");
        }
    }
}
