use axum::http::Uri;
use serde::{Deserialize, Deserializer, de::Error as _};

/// An address that paths are put behind, without a slash at its end.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    base(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The same, kept to the letter: an issuer is compared with how it names itself.
pub(super) fn read_issuer<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    base(&text).map_err(D::Error::custom)?;
    Ok(Some(text))
}

/// The same, of a whole site: nothing stands behind the host.
pub(super) fn read_site<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    site(&text).map(Some).map_err(D::Error::custom)
}

/// Sites with commas between, as browsers name them; none when the text is empty.
pub(super) fn read_origins<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let named = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    named
        .map(|part| site(part).map(|site| site.to_ascii_lowercase()))
        .map(|site| site.map_err(D::Error::custom))
        .collect()
}

fn base(text: &str) -> Result<String, String> {
    let is_web = |uri: &Uri| {
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        let host = uri.authority().map(axum::http::uri::Authority::as_str);
        known && uri.query().is_none() && host.is_some_and(|host| !host.contains('@'))
    };
    match text.parse::<Uri>() {
        Ok(uri) if is_web(&uri) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(format!(
            "'{text}' is no address of the web: write https://HOST, such as https://guild.example"
        )),
    }
}

fn site(text: &str) -> Result<String, String> {
    let base = base(text)?;
    match base.split_once("://") {
        Some((_, host)) if !host.contains('/') => Ok(base),
        _ => Err(format!(
            "'{text}' has a path: this server has a host of its own, such as https://guild.example"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_named_one_by_one() {
        use crate::config::{Config, Flags};
        let load = |origins: &str| {
            let variable = ("GUILDHALL_CORS_ORIGINS".to_owned(), origins.to_owned());
            Config::load(&[variable].into(), &Flags::default())
        };
        let named = |origins| load(origins).expect(origins).cors_origins;
        assert_eq!(
            named("https://Board.example, http://localhost:3000"),
            ["https://board.example", "http://localhost:3000"]
        );
        assert_eq!(named(""), [""; 0]);
        for wrong in [
            "*",
            "null",
            "board.example",
            "https://board.example/x",
            "https://*.x, *",
        ] {
            let said = load(wrong).map(|config| config.cors_origins);
            assert!(said.is_err(), "{wrong}: {said:?}");
        }
    }

    #[test]
    fn half_an_app_is_refused() {
        use crate::config::{Config, Flags};
        let load = |variables: &[(&str, &str)]| {
            let owned = variables
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()));
            Config::load(&owned.collect(), &Flags::default())
        };
        let (id, secret) = (("GITHUB_CLIENT_ID", "x"), ("GITHUB_CLIENT_SECRET", "y"));
        load(&[id, secret]).expect("an app");
        for half in [id, secret] {
            let said = load(&[half]).expect_err("half").to_string();
            assert!(said.contains("go together"), "{said}");
        }
        let said = load(&[("GUILDHALL_PUBLIC_URL", "guild")])
            .expect_err("no address")
            .to_string();
        assert!(said.contains("public_url (GUILDHALL_PUBLIC_URL)"), "{said}");
    }

    #[test]
    fn an_issuer_is_whole_and_kept_to_the_letter() {
        use crate::config::{Config, Flags};
        let load = |variables: &[(&str, &str)]| {
            let owned = variables
                .iter()
                .map(|&(name, value)| (format!("GUILDHALL_OPENID_{name}"), value.to_owned()));
            Config::load(&owned.collect(), &Flags::default())
        };
        let issuer = ("ISSUER", "https://id.example/realm/");
        let (id, secret) = (("CLIENT_ID", "x"), ("CLIENT_SECRET", "y"));
        let whole = load(&[issuer, id, secret]).expect("an issuer");
        assert_eq!(whole.openid_issuer.as_deref(), Some(issuer.1));
        for half in [&[issuer][..], &[id, secret], &[issuer, id]] {
            let said = load(half).expect_err("half").to_string();
            assert!(said.contains("go together"), "{said}");
        }
        let said = load(&[("ISSUER", "id.example"), id, secret]).expect_err("no address");
        let said = said.to_string();
        assert!(said.contains("GUILDHALL_OPENID_ISSUER"), "{said}");
    }

    #[test]
    fn addresses_are_kept_without_the_last_slash() {
        assert_eq!(
            site("https://guild.example/").expect("a site"),
            "https://guild.example"
        );
        assert_eq!(
            base("https://ghe.example/api/v3/").expect("a base"),
            "https://ghe.example/api/v3"
        );
        for wrong in [
            "",
            "guild.example",
            "ftp://guild.example",
            "https://",
            "https://a@guild.example",
            "https://guild.example/?x=1",
        ] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
        assert!(site("https://guild.example/hall").is_err());
    }
}
