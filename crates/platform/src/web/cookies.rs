use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

/// How this server's cookies are named and guarded: scripts cannot read them, other sites' requests
/// do not carry them, and over TLS the browser itself binds them to this host.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    is_secure: bool,
}

impl Cookies {
    /// For people who come over TLS (`is_secure`) or not.
    #[must_use]
    pub fn new(is_secure: bool) -> Self {
        Self { is_secure }
    }

    fn prefix(self) -> &'static str {
        if self.is_secure {
            "__Host-guildhall-"
        } else {
            "guildhall-"
        }
    }

    /// The value of a cookie, if the request carries it.
    #[must_use]
    pub fn read<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let lines = headers.get_all(header::COOKIE).iter();
        let pairs = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'));
        pairs
            .filter_map(|pair| pair.trim().strip_prefix(self.prefix()))
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// The `Set-Cookie` of a value that lasts for `age`. Names and values are our own plain words.
    #[must_use]
    pub fn set(self, name: &str, value: &str, age: Duration) -> HeaderValue {
        let (prefix, seconds) = (self.prefix(), age.as_secs());
        let secure = if self.is_secure { "; Secure" } else { "" };
        let text = format!(
            "{prefix}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
        HeaderValue::try_from(text).expect("a cookie of ASCII text")
    }

    /// The `Set-Cookie` that ends a cookie.
    #[must_use]
    pub fn clear(self, name: &str) -> HeaderValue {
        self.set(name, "", Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
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
    fn over_tls_the_browser_binds_it_to_the_host() {
        let set = Cookies::new(true).set("session", "x", Duration::from_secs(9));
        assert_eq!(
            set,
            "__Host-guildhall-session=x; Path=/; Max-Age=9; HttpOnly; SameSite=Lax; Secure"
        );
        let clear = Cookies::new(false).clear("session");
        assert_eq!(
            clear,
            "guildhall-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}
