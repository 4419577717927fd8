//! Second factors: the app on a person's phone.

use chrono::TimeDelta;
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use super::{TestApp, browser::Browser, logs};

/// An authenticator app with the secret of a person.
pub(crate) struct Authenticator<'a> {
    app: &'a TestApp,
    totp: Totp,
    pub(crate) recovery_codes: Vec<String>,
}

impl<'a> Authenticator<'a> {
    /// Reads a secret in base 32, with or without spaces.
    pub(crate) fn reading(app: &'a TestApp, secret: &str) -> Self {
        let secret = secret.replace(' ', "");
        logs::plant(&secret);
        let secret = Secret::try_from_base32(secret).expect("base 32");
        let totp = Builder::new().with_secret(secret).build().expect("a secret");
        Self { app, totp, recovery_codes: Vec::new() }
    }

    /// Returns the code that the app shows now.
    pub(crate) fn code(&self) -> String {
        let now = self.app.context().now().timestamp();
        self.totp.generate(u64::try_from(now).expect("after 1970")).to_string()
    }

    /// Waits for the next code, because each works once.
    pub(crate) fn next_code(&self) -> String {
        self.app.clock.advance(TimeDelta::seconds(30));
        self.code()
    }

    /// Returns a code that no step near the present has.
    pub(crate) fn wrong_code(&self) -> String {
        let now = u64::try_from(self.app.context().now().timestamp()).expect("after 1970");
        let codes = (0..200_u32).map(|number| format!("{number:06}"));
        let mut wrong = codes.filter(|code| self.totp.check(code, now).is_none());
        wrong.next().expect("a wrong code")
    }
}

impl TestApp {
    /// Sets up a second factor in a browser, whose session proves it.
    pub(crate) async fn second_factor(&self, browser: &Browser<'_>) -> Authenticator<'_> {
        let path = "/api/v1/me/second-factor";
        let begun = browser.call("POST", path, None).await.json();
        let mut phone = Authenticator::reading(self, begun["secret"].as_str().expect("a secret"));
        let code = json!({ "code": phone.code() });
        let set = browser.call("POST", &format!("{path}/confirm"), Some(&code)).await;
        assert_eq!(set.status, 200, "{}", set.text);
        phone.recovery_codes =
            serde_json::from_value(set.json()["recovery_codes"].clone()).expect("codes");
        phone.recovery_codes.iter().for_each(|code| logs::plant(code));
        phone
    }
}
