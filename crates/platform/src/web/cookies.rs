use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

/// The naming and protection of this server's cookies: scripts cannot read them, cross-site requests do not carry
/// them, and over TLS the browser binds them to this host.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    is_secure: bool,
}

impl Cookies {
    /// Creates the policy for a server reached over TLS (`is_secure`) or not.
    #[must_use]
    pub fn new(is_secure: bool) -> Self {
        Self { is_secure }
    }

    fn prefix(self) -> &'static str {
        if self.is_secure { "__Host-guildhall-" } else { "guildhall-" }
    }

    /// Returns the value of a cookie, if the request has it.
    #[must_use]
    pub fn read<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let lines = headers.get_all(header::COOKIE).iter();
        let pairs = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
        pairs
            .filter_map(|pair| pair.trim().strip_prefix(self.prefix()))
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// Returns the `Set-Cookie` header for a value that lasts for `age`. Names and values must be plain ASCII.
    #[must_use]
    pub fn set(self, name: &str, value: &str, age: Duration) -> HeaderValue {
        let (prefix, seconds) = (self.prefix(), age.as_secs());
        let secure = if self.is_secure { "; Secure" } else { "" };
        let text = format!(
            "{prefix}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
        HeaderValue::try_from(text).expect("a cookie of ASCII text")
    }

    /// Returns the `Set-Cookie` header that clears a cookie.
    #[must_use]
    pub fn clear(self, name: &str) -> HeaderValue {
        self.set(name, "", Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_matched_by_full_name() {
        let mut headers = HeaderMap::new();
        let lines = ["a=1; guildhall-session=x", "guildhall-session-2=y"];
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        let plain = Cookies::new(false);
        assert_eq!(plain.read(&headers, "session"), Some("x"));
        assert_eq!(plain.read(&headers, "session-2"), Some("y"));
        assert_eq!(plain.read(&headers, "sess"), None);
        assert_eq!(Cookies::new(true).read(&headers, "session"), None);
    }

    #[test]
    fn cookies_are_bound_to_the_host_over_tls() {
        let set = Cookies::new(true).set("session", "x", Duration::from_secs(9));
        assert_eq!(
            set,
            "__Host-guildhall-session=x; Path=/; Max-Age=9; HttpOnly; SameSite=Lax; Secure"
        );
        let clear = Cookies::new(false).clear("session");
        assert_eq!(clear, "guildhall-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}
