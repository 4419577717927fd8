use kernel::Timestamp;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Api, ApiError, Call, Order, api::Read, pulls::named};
use crate::{
    model::Profile,
    rules::issues::{IssuesData, StatedIssue},
};

/// The query for a page of issues.
const ISSUES: &str = include_str!("queries/issues.graphql");

/// The smallest page that is read with the description. A smaller one is read because a query was too much for GitHub.
const SMALLEST_DESCRIBED: i64 = 50;

/// A page to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IssuesPlace<'a> {
    /// Read all issues that changed since; without it, those that are open.
    pub(crate) since: Option<Timestamp>,
    /// The place of the page; the first one if absent.
    pub(crate) after: Option<&'a str>,
    /// The number of issues, 1 to 100.
    pub(crate) size: i64,
}

impl IssuesPlace<'_> {
    /// Returns true if pages of this size are read without the description.
    pub(crate) fn is_small(self) -> bool {
        self.size < SMALLEST_DESCRIBED
    }
}

/// A page of a repository's issues.
#[derive(Clone, Debug)]
pub(crate) struct IssuesPage {
    /// GitHub's ID of the repository.
    pub(crate) repository: i64,
    /// `owner/name`.
    pub(crate) full_name: String,
    /// True for a private one.
    pub(crate) is_private: bool,
    /// True for an archived one.
    pub(crate) is_archived: bool,
    /// Its description, on the first page.
    pub(crate) profile: Option<Profile>,
    /// The number of issues on all pages.
    pub(crate) total: i64,
    /// The place of the next page, if there is one.
    pub(crate) next: Option<String>,
    pub(crate) issues: Vec<StatedIssue>,
    /// The requests that it took.
    pub(crate) calls: i64,
}

impl Api {
    /// Reads the issue of a repository that changed last, unless none changed since the ETag. A request for an unchanged list
    /// does not count toward GitHub's limit.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn last_changed_issue(
        &self,
        call: Call<'_>,
        full_name: &str,
        etag: Option<&str>,
    ) -> Result<Read<IgnoredAny>, ApiError> {
        let path =
            format!("/repos/{full_name}/issues?state=all&sort=updated&direction=desc&per_page=1");
        self.get(call, &path, etag).await
    }

    /// Reads a page of a repository's issues; the first page with the repository's
    /// description, unless it is small. Those that are open come
    /// oldest first, so that the place of a page stays the same while others are opened; changed ones come last changed first.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn issues(
        &self,
        call: Call<'_>,
        full_name: &str,
        place: IssuesPlace<'_>,
    ) -> Result<IssuesPage, ApiError> {
        let (order, states) = match place.since {
            None => (Order::Opened, json!(["OPEN"])),
            Some(_) => (Order::Changed, json!(null)),
        };
        let asked_at = call.context.now();
        let mut variables = named(full_name);
        variables["first"] = json!(place.size);
        variables["after"] = json!(place.after);
        variables["order"] = order.stated();
        variables["states"] = states;
        variables["since"] = json!(place.since);
        variables["describe"] = json!(place.after.is_none() && !place.is_small());
        let data: IssuesData = self.query(call, ISSUES, variables).await?;
        let repository = data.repository.ok_or(ApiError::NotFound)?;
        let page = &repository.issues;
        Ok(IssuesPage {
            repository: repository.database_id,
            is_private: repository.is_private,
            is_archived: repository.is_archived,
            profile: data.described.map(|described| described.profile(asked_at)),
            total: page.total_count.unwrap_or_default(),
            next: page.next().map(str::to_owned),
            issues: page.nodes.iter().flatten().map(|issue| issue.stated(asked_at)).collect(),
            full_name: repository.name_with_owner,
            calls: 1,
        })
    }

    /// Reads the description of a repository alone, because its pages are read without.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn description(
        &self,
        call: Call<'_>,
        full_name: &str,
    ) -> Result<Option<Profile>, ApiError> {
        let asked_at = call.context.now();
        let mut variables = named(full_name);
        variables["first"] = json!(1);
        variables["order"] = Order::Opened.stated();
        variables["states"] = json!(["OPEN"]);
        variables["describe"] = json!(true);
        let data: IssuesData = self.query(call, ISSUES, variables).await?;
        Ok(data.described.map(|described| described.profile(asked_at)))
    }
}
