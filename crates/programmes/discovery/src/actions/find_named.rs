use github::{
    actions::NO_TOKEN,
    gateway::{Api, ApiError, Call, Clients, GithubApi},
    rules::issues::NamedRepository,
};
use platform::{Context, db::DbError, flags::Permit, jobs::Failure};
use uuid::Uuid;

use crate::store::{
    followed::{self, ClaimedRepository, QUEUE},
    watches,
};

/// The work of finding repositories by their names, with one request to GitHub.
pub(crate) struct FindNamed<'a> {
    pub(crate) context: &'a Context,
    pub(crate) clients: &'a Clients,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) claimed: &'a [ClaimedRepository],
}

impl FindNamed<'_> {
    /// Finds the repositories and follows their issues.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn run(&self) -> Result<(), DbError> {
        let Some(api) = self.clients.server() else {
            return self.fail_all(&Failure::Fail(NO_TOKEN.to_owned())).await;
        };
        let names: Vec<String> = self.claimed.iter().map(|claimed| claimed.name.clone()).collect();
        match self.find(&api, &names).await {
            Ok(found) => self.record(found).await,
            Err(error) => self.fail_all(&error.into()).await,
        }
    }

    /// Finds the names, with smaller queries if one is too much for GitHub.
    async fn find(
        &self,
        api: &Api,
        names: &[String],
    ) -> Result<Vec<Option<NamedRepository>>, ApiError> {
        let (mut found, mut size) = (Vec::with_capacity(names.len()), names.len());
        while let Some(left) = names.get(found.len()..).filter(|left| !left.is_empty()) {
            let call = Call::new(self.context, self.permit);
            let some = &left[..size.min(left.len())];
            match api.repositories_named(call, some).await {
                Ok(more) => found.extend(more),
                Err(ApiError::TooMuch) if size > 1 => size = size.div_ceil(2),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    async fn record(&self, found: Vec<Option<NamedRepository>>) -> Result<(), DbError> {
        let now = self.context.now();
        let mut tx = self.context.begin().await?;
        // A watch that ends now ends that the name is followed: before this, or after it.
        watches::lock(&tx).await?;
        let claimed = self.claimed.iter().map(|claimed| claimed.id);
        let own = followed::still_claimed(&tx, self.worker, claimed).await?;
        let (mut rows, mut stated) = (Vec::new(), Vec::new());
        let all = self.claimed.iter().zip(found);
        for (claimed, found) in all.filter(|(claimed, _)| own.contains(&claimed.id)) {
            match found.filter(|found| !found.is_private) {
                Some(found) => {
                    rows.push(claimed.id);
                    stated.push((found.database_id, found.name_with_owner));
                }
                None => {
                    let attempt = (claimed.id, claimed.attempts);
                    let why = Failure::Refuse(ApiError::NotFound.to_string());
                    QUEUE.fail(&tx, self.worker, attempt, &why, now).await?;
                }
            }
        }
        let repositories = github::actions::follow_issues(&mut tx, self.context, &stated).await?;
        for (row, repository) in rows.into_iter().zip(repositories) {
            followed::found(&tx, self.worker, row, repository.0, now).await?;
        }
        platform::crash::point("discovery.found");
        tx.commit().await
    }

    async fn fail_all(&self, failure: &Failure) -> Result<(), DbError> {
        let now = self.context.now();
        let tx = self.context.begin().await?;
        for claimed in self.claimed {
            let attempt = (claimed.id, claimed.attempts);
            QUEUE.fail_or_wait(&tx, self.worker, attempt, failure, now).await?;
        }
        tx.commit().await
    }
}
