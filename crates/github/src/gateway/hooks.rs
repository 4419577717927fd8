use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, Call, api::Read, own_app::SentDelivery};
use crate::rules::{events, own_repository::OwnRepository};

/// The size of a page of webhooks, which is the largest that GitHub allows.
const PAGE: usize = 100;

/// The most pages of a repository's webhooks. GitHub allows 20 webhooks for each event.
const MOST_HOOK_PAGES: u32 = 5;

/// A page of the repositories that a person can see.
#[derive(Clone, Debug)]
pub struct OwnRepositories {
    pub items: Vec<OwnRepository>,
    /// The number of the next page, if there is one.
    pub next: Option<u32>,
    /// True if GitHub left out repositories of organizations, because they require single sign-on.
    pub is_partial: bool,
}

/// The settings of a webhook of this server.
#[derive(Clone, Copy, Debug)]
pub struct HookSettings<'a> {
    /// The URL that receives deliveries.
    pub url: &'a str,
    /// The secret that signs them.
    pub secret: &'a SecretString,
}

/// A webhook in GitHub's responses.
#[derive(Debug, Deserialize)]
pub(super) struct Hook {
    id: i64,
    #[serde(default)]
    config: HookConfig,
    /// The names of the events that it delivers.
    #[serde(default)]
    events: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct HookConfig {
    url: Option<String>,
}

impl HookSettings<'_> {
    /// Returns the body of the requests that create and change a webhook.
    fn body(&self) -> Value {
        json!({
            "active": true,
            "events": events::names(),
            "config": {
                "url": self.url,
                "content_type": "json",
                "insecure_ssl": "0",
                "secret": self.secret.expose_secret(),
            },
        })
    }
}

impl Api {
    /// Reads a page of the repositories that the token's person owns, collaborates on or sees as a member of an
    /// organization, by name. Pages are counted from 1, and have up to 100 repositories.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn own_repositories(
        &self,
        call: Call<'_>,
        page: u32,
        size: u32,
    ) -> Result<OwnRepositories, ApiError> {
        let path = format!("/user/repos?sort=full_name&per_page={size}&page={page}");
        let answer = self.ask(call, Method::GET, &path, None).await?;
        Ok(OwnRepositories {
            items: answer.parsed()?,
            next: answer.has_next.then(|| page.saturating_add(1)),
            is_partial: answer.is_partial,
        })
    }

    /// Reads a repository by GitHub's ID, with the permissions of the token's person.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn own_repository(
        &self,
        call: Call<'_>,
        github_id: i64,
    ) -> Result<OwnRepository, ApiError> {
        let path = format!("/repositories/{github_id}");
        match self.get(call, &path, None).await? {
            Read::Changed(repository, _) => Ok(repository),
            Read::Unchanged => Err(ApiError::Unexpected("it has no body".to_owned())),
        }
    }

    /// Reads a repository by `owner/name`, with the permissions of the token's owner.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn repository_named(
        &self,
        call: Call<'_>,
        full_name: &str,
    ) -> Result<OwnRepository, ApiError> {
        let path = format!("/repos/{full_name}");
        let answer = self.ask(call, Method::GET, &path, None).await?;
        answer.parsed()
    }

    /// Finds the webhook of a repository that delivers to `url`.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn find_hook(
        &self,
        call: Call<'_>,
        full_name: &str,
        url: &str,
    ) -> Result<Option<i64>, ApiError> {
        for page in 1..=MOST_HOOK_PAGES {
            let path = format!("/repos/{full_name}/hooks?per_page={PAGE}&page={page}");
            let answer = self.ask(call, Method::GET, &path, None).await?;
            let hooks: Vec<Hook> = answer.parsed()?;
            let is_ours = |hook: &&Hook| hook.config.url.as_deref() == Some(url);
            if let Some(found) = hooks.iter().find(is_ours) {
                return Ok(Some(found.id));
            }
            if !answer.has_next {
                break;
            }
        }
        Ok(None)
    }

    /// Creates a webhook of a repository; returns its ID.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn create_hook(
        &self,
        call: Call<'_>,
        full_name: &str,
        settings: HookSettings<'_>,
    ) -> Result<i64, ApiError> {
        let (path, body) = (format!("/repos/{full_name}/hooks"), settings.body());
        let answer = self.ask(call, Method::POST, &path, Some(&body)).await?;
        let hook: Hook = answer.parsed()?;
        Ok(hook.id)
    }

    /// Changes a webhook of a repository.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn change_hook(
        &self,
        call: Call<'_>,
        full_name: &str,
        hook: i64,
        settings: HookSettings<'_>,
    ) -> Result<(), ApiError> {
        let path = format!("/repos/{full_name}/hooks/{hook}");
        let body = settings.body();
        let changed = self.ask(call, Method::PATCH, &path, Some(&body)).await;
        changed.map(drop)
    }

    /// Reads which events a webhook of a repository delivers, by GitHub's names.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn hook_events(
        &self,
        call: Call<'_>,
        full_name: &str,
        hook: i64,
    ) -> Result<Vec<String>, ApiError> {
        let path = format!("/repos/{full_name}/hooks/{hook}");
        let answer = self.ask(call, Method::GET, &path, None).await?;
        let hook: Hook = answer.parsed()?;
        Ok(hook.events)
    }

    /// Has a webhook of a repository deliver these events and no others. Its secret stays.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn set_hook_events(
        &self,
        call: Call<'_>,
        full_name: &str,
        hook: i64,
        events: &[String],
    ) -> Result<(), ApiError> {
        let path = format!("/repos/{full_name}/hooks/{hook}");
        let body = json!({ "events": events });
        self.ask(call, Method::PATCH, &path, Some(&body)).await.map(drop)
    }

    /// Deletes a webhook of a repository.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn delete_hook(
        &self,
        call: Call<'_>,
        full_name: &str,
        hook: i64,
    ) -> Result<(), ApiError> {
        let path = format!("/repos/{full_name}/hooks/{hook}");
        self.ask(call, Method::DELETE, &path, None).await.map(drop)
    }

    /// Reads the latest attempt of GitHub to deliver something to a webhook of a repository; empty if it lists none.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn hook_deliveries(
        &self,
        call: Call<'_>,
        full_name: &str,
        hook: i64,
    ) -> Result<Vec<SentDelivery>, ApiError> {
        let path = format!("/repos/{full_name}/hooks/{hook}/deliveries?per_page=1");
        let answer = self.ask(call, Method::GET, &path, None).await?;
        answer.parsed()
    }

    /// Has GitHub send a `ping` to a webhook.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn ping_hook(
        &self,
        call: Call<'_>,
        full_name: &str,
        hook: i64,
    ) -> Result<(), ApiError> {
        let path = format!("/repos/{full_name}/hooks/{hook}/pings");
        self.ask(call, Method::POST, &path, None).await.map(drop)
    }
}
