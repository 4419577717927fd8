use github::{
    actions::NO_TOKEN,
    gateway::{Api, ApiError, Call, Clients, GithubApi, MOST_ISSUES, Read},
};
use kernel::counted;
use platform::{Context, db::DbError, flags::Permit, jobs::Failure};
use uuid::Uuid;

use super::review_follows::end_unwanted;
use crate::{
    model::{MOST_FOUND, REPOSITORY_NAMED, SearchKind},
    rules::watches::{asked_issues, asked_topic},
    store::{
        followed,
        searches::{self, ClaimedSearch, QUEUE},
        watches,
    },
};

/// The most pages of issues that a search reads.
const MOST_PAGES: usize = 3;

/// The result of a search: the names of repositories, and the entity tag of the answer.
type FoundNames = Read<Vec<String>>;

/// The work of sending a search to GitHub.
pub(crate) struct SearchGithub<'a> {
    pub(crate) context: &'a Context,
    pub(crate) clients: &'a Clients,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) claimed: &'a ClaimedSearch,
}

impl SearchGithub<'_> {
    /// Sends the search, and follows the repositories that it finds.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn run(&self) -> Result<(), DbError> {
        let Some(api) = self.clients.searching() else {
            return self.fail(&Failure::Fail(NO_TOKEN.to_owned())).await;
        };
        let answer = match self.claimed.kind()? {
            SearchKind::Topic => self.topic(&api).await,
            SearchKind::Issues => self.issues(&api).await,
        };
        match answer {
            Ok(answer) => self.record(answer).await,
            Err(error) => self.fail(&error.into()).await,
        }
    }

    fn call(&self) -> Call<'_> {
        Call::new(self.context, self.permit)
    }

    async fn topic(&self, api: &Api) -> Result<FoundNames, ApiError> {
        let query = asked_topic(&self.claimed.query);
        let etag = self.claimed.etag.as_deref();
        Ok(match api.found_repositories(self.call(), &query, etag).await? {
            Read::Unchanged => Read::Unchanged,
            Read::Changed(found, etag) => {
                let mut names = Vec::new();
                add_new(&mut names, found.names());
                Read::Changed(names, etag)
            }
        })
    }

    async fn issues(&self, api: &Api) -> Result<FoundNames, ApiError> {
        let query = asked_issues(&self.claimed.query);
        let (mut names, mut tag): (Vec<String>, _) = (Vec::new(), None);
        for page in 1..=MOST_PAGES {
            let etag = self.claimed.etag.as_deref().filter(|_| page == 1);
            let found = match api.found_issues(self.call(), (&query, page), etag).await? {
                Read::Unchanged => return Ok(Read::Unchanged),
                Read::Changed(found, etag) => {
                    tag = tag.or(etag);
                    found
                }
            };
            add_new(&mut names, found.names());
            let read = i64::try_from(page * MOST_ISSUES).unwrap_or(i64::MAX);
            if found.items.len() < MOST_ISSUES
                || found.total_count <= read
                || names.len() == MOST_FOUND
            {
                break;
            }
        }
        Ok(Read::Changed(names, tag))
    }

    async fn record(&self, answer: FoundNames) -> Result<(), DbError> {
        let (ids, now) = (self.context.ids.as_ref(), self.context.now());
        let mut tx = self.context.begin().await?;
        watches::lock(&tx).await?;
        let (outcome, etag) = match &answer {
            Read::Unchanged => ("nothing changed".to_owned(), None),
            Read::Changed(names, etag) => {
                let found = counted(names.len() as u64, "repository", "repositories");
                (found, Some(etag.clone()))
            }
        };
        if let Read::Unchanged = &answer {
            searches::keep_all(&tx, self.claimed.id, now).await?;
        }
        // The search may have ended since it was claimed.
        if !searches::complete(&tx, self.worker, self.claimed.id, &outcome, etag, now).await? {
            return Ok(());
        }
        if let Read::Changed(names, _) = &answer {
            searches::keep(&tx, ids, self.claimed.id, names, now).await?;
            if followed::request(&tx, ids, names, false, now).await? > 0 {
                tx.raise(REPOSITORY_NAMED);
            }
        }
        let gone = searches::remove_old(&tx, self.claimed.id, now).await?;
        end_unwanted(&mut tx, self.context, &gone).await?;
        platform::crash::point("discovery.searched");
        tx.commit().await
    }

    async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        let attempt = (self.claimed.id, self.claimed.attempts);
        let now = self.context.now();
        QUEUE.fail_or_wait(&tx, self.worker, attempt, failure, now).await?;
        tx.commit().await
    }
}

/// Adds names that differ from the known ones in more than case, at most [`MOST_FOUND`] in all.
fn add_new<'a>(names: &mut Vec<String>, found: impl IntoIterator<Item = &'a str>) {
    for name in found {
        let is_known = names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if names.len() < MOST_FOUND && !is_known {
            names.push(name.to_owned());
        }
    }
}
