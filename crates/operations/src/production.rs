//! Checks that a server with a community's own data has all that it must have.

use platform::config::{Config, Environment};

/// Returns what a production server lacks: the name of each check, and the next step. `has_admin` is `None` if the database could not
/// say so. Other environments lack nothing.
#[must_use]
pub fn lacks(config: &Config, has_admin: Option<bool>) -> Vec<(&'static str, String)> {
    if config.environment != Environment::Production {
        return Vec::new();
    }
    let mut lacking = Vec::new();
    if !has_sign_in(config) {
        let place = config.place("github_client_id");
        let why = format!(
            "No one can sign in: set up an app on GitHub {place}, an OpenID Connect issuer, or mail"
        );
        lacking.push(("sign-in method", why));
    }
    if has_admin == Some(false) {
        let command = config.command("user create --admin EMAIL");
        lacking.push(("admin", format!("No one is an admin: run `{command}`")));
    }
    if !config.is_secure() {
        let place = config.place("public_url");
        let why = format!("The address is not set, or not with https: set it {place}");
        lacking.push(("public address", why));
    }
    lacking
}

fn has_sign_in(config: &Config) -> bool {
    config.github_client_id.is_some()
        || config.github_app_id.is_some()
        || config.openid_issuer.is_some()
        || config.smtp_url.is_some()
        || config.resend_api_key.is_some()
}

#[cfg(test)]
mod tests {
    use platform::config::Flags;

    use super::*;

    #[test]
    fn a_production_server_needs_a_way_in_an_admin_and_an_address() {
        let lacking = |variables: &[(&str, &str)], has_admin| -> Vec<&'static str> {
            let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let environment = variables.iter().map(text).collect();
            let config = Config::load(&environment, &Flags::default()).expect("a configuration");
            lacks(&config, has_admin).into_iter().map(|(check, _)| check).collect()
        };
        let production = ("GUILDHALL_ENVIRONMENT", "production");
        let url = ("GUILDHALL_PUBLIC_URL", "https://guild.example");
        let mail =
            [("RESEND_API_KEY", "re_1"), ("GUILDHALL_MAIL_FROM", "Guild <hall@guild.example>")];
        assert_eq!(lacking(&[], Some(false)), [""; 0]);
        let all = ["sign-in method", "admin", "public address"];
        assert_eq!(lacking(&[production], Some(false)), all);
        assert_eq!(lacking(&[production, url], None), ["sign-in method"]);
        let plain = ("GUILDHALL_PUBLIC_URL", "http://guild.example");
        let of_plain = lacking(&[production, plain, mail[0], mail[1]], Some(true));
        assert_eq!(of_plain, ["public address"]);
        assert_eq!(lacking(&[production, url, mail[0], mail[1]], Some(true)), [""; 0]);
    }
}
