use std::sync::Arc;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    crypto::KeyRing,
    module::Services,
    web::{Cookies, WebError},
};
use serde::Deserialize;

use crate::{
    access,
    actions::{self, Welcome},
    gateway::{Github, OpenId, Provider},
    model::{DemoPeople, DemoPerson, ProvenAccount, SignInMethods},
    rules::BAN_PAGE,
};

pub(super) use crate::access::Visitor;

/// The sign-in methods of this server and their dependencies.
pub(crate) struct SignIn {
    pub(super) context: Context,
    pub(super) ring: KeyRing,
    pub(super) cookies: Cookies,
    pub(super) public_url: Option<String>,
    pub(super) github: Option<Github>,
    pub(super) openid: Option<OpenId>,
    /// The people of a demo, empty outside demo mode.
    pub(super) demo: Arc<[DemoPerson]>,
}

impl SignIn {
    /// Reads the sign-in methods from the configuration.
    #[must_use]
    pub(crate) fn new(services: &Services) -> Self {
        let config = &services.config;
        let demo = services.extensions.get::<DemoPeople>().cloned();
        Self {
            context: services.context.clone(),
            ring: services.ring.clone(),
            cookies: services.cookies(),
            public_url: config.public_url.clone(),
            github: Github::of(config),
            openid: OpenId::of(config),
            demo: demo.unwrap_or_default().0,
        }
    }

    pub(super) fn is_demo(&self) -> bool {
        !self.demo.is_empty()
    }

    pub(super) fn github(&self) -> Result<&Github, Problem> {
        let absent = || {
            let detail = "Sign-in with GitHub is not set up on this server. Ask an admin to set it up at /admin/settings.";
            Problem::new(ProblemKind::NotFound, "SIGN_IN_NOT_SET_UP", detail)
        };
        self.github.as_ref().ok_or_else(absent)
    }

    pub(super) fn openid(&self) -> Result<&OpenId, Problem> {
        let absent = || {
            let detail = "Sign-in with OpenID Connect is not set up on this server. Ask an admin to set it up at /admin/settings.";
            Problem::new(ProblemKind::NotFound, "SIGN_IN_NOT_SET_UP", detail)
        };
        self.openid.as_ref().ok_or_else(absent)
    }

    /// Returns a provider's name in stored identities; `None` if it is not set up.
    pub(super) fn key_of(&self, provider: Provider) -> Option<&str> {
        match provider {
            Provider::Github => self.github.as_ref().map(|_| provider.as_str()),
            Provider::OpenId => self.openid.as_ref().map(OpenId::issuer),
        }
    }

    /// Returns the sign-in methods that are set up.
    #[must_use]
    pub(crate) fn methods(&self, by_email: bool) -> SignInMethods {
        let set_up =
            |provider| Some((self.key_of(provider)?.to_owned(), self.name_of(provider).to_owned()));
        SignInMethods {
            providers: Provider::ALL.into_iter().filter_map(set_up).collect(),
            by_email,
        }
    }

    /// Returns a provider's display name.
    pub(super) fn name_of(&self, provider: Provider) -> &str {
        match (provider, &self.openid) {
            (Provider::OpenId, Some(openid)) => openid.name(),
            (Provider::OpenId, None) => "OpenID Connect",
            (Provider::Github, _) => "GitHub",
        }
    }

    /// Returns the URL that a provider redirects to. The provider rejects hosts that are not registered
    /// with it.
    pub(super) fn callback(&self, provider: Provider, headers: &HeaderMap) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let site = match (&self.public_url, host) {
            (Some(url), _) => url.clone(),
            (None, host) => format!("http://{}", host.unwrap_or("localhost")),
        };
        format!("{site}/sign-in/{provider}/callback")
    }

    /// Starts a session and redirects to a local path.
    pub(super) async fn welcome(
        &self,
        shown: ProvenAccount,
        visitor: &Visitor,
        path: &str,
    ) -> Result<Response, WebError> {
        let former = access::token(self.cookies, &visitor.headers);
        let (context, device) = (&self.context, visitor.device());
        let welcomed = match shown {
            ProvenAccount::Github(account) => {
                actions::sign_in(context, account, &device, former).await
            }
            ProvenAccount::OpenId(account) => {
                actions::sign_in_openid(context, &account, &device, former).await
            }
        };
        let welcome = welcomed?;
        let cookie = access::hand_over(self.cookies, &welcome.token);
        let path = next_page(&welcome, path);
        Ok((set(cookie), Redirect::to(path)).into_response())
    }
}

/// Returns the page after a sign-in: a banned person sees their ban.
pub(super) fn next_page<'a>(welcome: &Welcome, path: &'a str) -> &'a str {
    if welcome.is_banned { BAN_PAGE } else { path }
}

/// The page to return to after signing in.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Return {
    #[serde(rename = "return")]
    pub(super) path: Option<String>,
}

pub(super) fn set(cookie: HeaderValue) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
    AppendHeaders([(header::SET_COOKIE, cookie)])
}

pub(super) fn failed(error: impl std::error::Error + Send + Sync + 'static) -> WebError {
    WebError::Failed(Box::new(error))
}
