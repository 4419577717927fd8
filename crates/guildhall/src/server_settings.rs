//! The settings of this server for the pages that change them, and the way by which the process then uses them at once.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use identity::access;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::Actor,
    config::Config,
    db::DbError,
    settings::{self, BannerChange, Reload, SettingChange},
    web::{Cookies, WebError, not_found},
};

use crate::health::Watch;

/// The settings of this server, for pages that change them.
pub(crate) struct ServerSettings {
    pub(crate) config: Arc<Config>,
    context: Context,
    reload: Option<Reload>,
    /// The token of the browser's session.
    session: Option<String>,
    /// The site of the page with the form, as the browser states it.
    origin: Option<String>,
}

impl ServerSettings {
    /// Returns true if the browser states that its page is not at `site`.
    pub(crate) fn is_elsewhere(&self, site: &str) -> bool {
        self.origin.as_deref().is_some_and(|at| !at.eq_ignore_ascii_case(site))
    }

    /// Returns the configuration with the settings that are saved now, which this process may not use yet.
    pub(crate) async fn newest(&self) -> Result<Config, DbError> {
        settings::overlay(&self.config, &self.context.db, self.context.keys.as_ref()).await
    }

    /// Returns the configuration as it would be after changes. Nothing is saved.
    ///
    /// # Errors
    /// When a key is set outside of the browser, or a value is invalid or contradicts others.
    pub(crate) async fn candidate(&self, changes: &[SettingChange]) -> Result<Config, ActionError> {
        settings::candidate(&self.context, &self.config, changes).await
    }

    /// Saves changes that were made after seeing the version `based_on`. When it returns, this process has them.
    ///
    /// # Errors
    /// When other settings were saved since, a key is set outside of the browser, a value is invalid or contradicts others, the
    /// browser would be signed out by a new address, or the database fails.
    pub(crate) async fn save(
        &self,
        actor: Actor,
        based_on: i64,
        changes: &[SettingChange],
    ) -> Result<SavedSettings, ActionError> {
        self.save_with_banner(actor, based_on, changes, BannerChange::Kept).await
    }

    /// Saves like [`ServerSettings::save`], and changes the uploaded picture of the community.
    ///
    /// # Errors
    /// As [`ServerSettings::save`], and when the person has too many pictures.
    pub(crate) async fn save_with_banner(
        &self,
        actor: Actor,
        based_on: i64,
        changes: &[SettingChange],
        banner: BannerChange<'_>,
    ) -> Result<SavedSettings, ActionError> {
        let next = self.candidate(changes).await?;
        let (session, origin) = (self.session.as_deref(), self.origin.as_deref());
        let cookies = cookies(&self.config, &next, session, origin)?;
        let (context, config) = (&self.context, &self.config);
        settings::save_with_banner(context, config, actor, based_on, changes, banner).await?;
        if let Some(reload) = &self.reload {
            reload.now().await;
        }
        Ok(SavedSettings { cookies })
    }
}

/// Returns the cookies that keep a browser with a session signed in after a change: with TLS, cookies have other names, and
/// browsers accept them over TLS only. `origin` is the site of the page with the form.
///
/// # Errors
/// When the server is reached over TLS from now on, and the browser is not there.
fn cookies(
    own: &Config,
    next: &Config,
    session: Option<&str>,
    origin: Option<&str>,
) -> Result<Vec<HeaderValue>, Problem> {
    let Some(token) = session.filter(|_| next.is_secure() != own.is_secure()) else {
        return Ok(Vec::new());
    };
    let site = next.public_url.as_deref().unwrap_or_default();
    let is_there = origin.is_some_and(|at| at.eq_ignore_ascii_case(site));
    if next.is_secure() && !is_there {
        let detail = format!(
            "This browser is not at {site}, so it would be signed out. Open this page at {site} first, and save the address \
             there."
        );
        let problem = Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail);
        return Err(problem.at("public_url"));
    }
    let [former, new] = [own, next].map(|it| Cookies::new(it.is_secure()));
    Ok(vec![access::hand_over(new, token), access::take_back(former)])
}

/// The result of a save.
pub(crate) struct SavedSettings {
    cookies: Vec<HeaderValue>,
}

impl SavedSettings {
    /// Adds to the response what keeps the browser signed in.
    pub(crate) fn on(self, mut response: Response) -> Response {
        for cookie in self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

impl FromRequestParts<Context> for ServerSettings {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let watch = parts.extensions.get::<Watch>().ok_or_else(not_found)?;
        let config = Arc::clone(&watch.config);
        let headers: &HeaderMap = &parts.headers;
        let session = access::token(Cookies::new(config.is_secure()), headers);
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        Ok(Self {
            context: context.clone(),
            reload: parts.extensions.get().cloned(),
            session: session.map(str::to_owned),
            origin: origin.map(str::to_owned),
            config,
        })
    }
}

#[cfg(test)]
mod tests {
    use platform::config::Flags;

    use super::*;

    const SITE: &str = "https://guild.example";

    fn at(public_url: Option<&str>) -> Config {
        let config = Config::load(&Default::default(), &Flags::default());
        Config { public_url: public_url.map(str::to_owned), ..config.expect("defaults") }
    }

    fn set(cookies: Result<Vec<HeaderValue>, Problem>) -> Vec<String> {
        let name = |cookie: HeaderValue| {
            let text = cookie.to_str().expect("text");
            text.split(';').next().unwrap_or_default().to_owned()
        };
        cookies.expect("saved").into_iter().map(name).collect()
    }

    #[test]
    fn a_browser_stays_signed_in_when_cookies_get_other_names() {
        let (plain, secure) = (at(None), at(Some(SITE)));
        let renamed = cookies(&plain, &secure, Some("t"), Some(SITE));
        assert_eq!(set(renamed), ["__Host-guildhall-session=t", "guildhall-session="]);
        let back = cookies(&secure, &plain, Some("t"), None);
        assert_eq!(set(back), ["guildhall-session=t", "__Host-guildhall-session="]);
        let other = at(Some("https://other.example"));
        assert_eq!(set(cookies(&secure, &other, Some("t"), None)), [""; 0]);
        assert_eq!(set(cookies(&plain, &secure, None, None)), [""; 0]);
    }

    #[test]
    fn a_browser_elsewhere_cannot_move_the_server_to_tls() {
        for origin in [None, Some("http://guild.example"), Some("https://guild.example.evil")] {
            let refused = cookies(&at(None), &at(Some(SITE)), Some("t"), origin);
            assert_eq!(refused.expect_err("refused").field, Some("public_url"));
        }
    }
}
