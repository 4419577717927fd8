//! The body of a request to sync.

use kernel::{Problem, ProblemKind};
use platform::web::unknown_field;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{unknown_coach, unknown_competitor},
    rules::runs::RunScope,
};

/// A choice of whom to sync. An empty body syncs everyone.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(example = json!({ "coachId": "0192aaaa-bbbb-7ccc-8ddd-0123456789ab" }))]
pub(super) struct SyncRequest {
    /// The ID of a coach, to sync only the competitors on their rosters.
    coach_id: Option<String>,
    /// The ID of a competitor, to sync only them.
    competitor_id: Option<String>,
    /// True to learn what a sync would do, without asking the platform and without writing anything.
    pub(super) dry_run: Option<bool>,
}

impl SyncRequest {
    /// Reads a body as a JSON object, whatever its type. An empty body means everyone.
    pub(super) fn read(body: &[u8]) -> Result<Self, Problem> {
        let body = match body.trim_ascii() {
            b"" => return Ok(Self::default()),
            body => body,
        };
        // A list would be read as the fields in their order.
        if !body.starts_with(b"{") {
            return Err(malformed("it is not an object"));
        }
        serde_json::from_slice(body).map_err(|error| {
            let error = error.to_string();
            unknown_field(&error).unwrap_or_else(|| malformed(&error))
        })
    }

    pub(super) fn scope(&self) -> Result<RunScope, Problem> {
        let read = |id: &str| Uuid::try_parse(id.trim());
        let ids = (self.coach_id.as_deref(), self.competitor_id.as_deref());
        // A script whose variable is empty must not sync everyone.
        let is_empty = |id: Option<&str>| id.is_some_and(|id| id.trim().is_empty());
        if is_empty(ids.0) || is_empty(ids.1) {
            let detail = "coachId or competitorId is empty. Leave it out to sync everyone.";
            return Err(invalid(detail));
        }
        match ids {
            (None, None) => Ok(RunScope::All),
            (Some(_), Some(_)) => Err(invalid("Send coachId or competitorId, not both.")),
            (Some(coach), None) => {
                let id = read(coach).map_err(|_| unknown_coach())?;
                Ok(RunScope::Coach(id.into()))
            }
            (None, Some(competitor)) => {
                let id = read(competitor).map_err(|_| unknown_competitor())?;
                Ok(RunScope::Competitor(id.into()))
            }
        }
    }
}

fn invalid(detail: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_SYNC_REQUEST", detail)
}

fn malformed(why: &str) -> Problem {
    let detail = format!(
        "The body is not valid JSON with coachId, competitorId and dryRun: {why}. Send {{}} to sync everyone."
    );
    Problem::new(ProblemKind::Malformed, "BAD_SYNC_REQUEST", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_as_json() {
        let scope = |body: &str| SyncRequest::read(body.as_bytes()).and_then(|it| it.scope());
        let id = "0192aaaa-bbbb-7ccc-8ddd-0123456789ab";
        let uuid = Uuid::try_parse(id).expect("an ID");
        for everyone in ["", "  \n", "{}", r#"{"coachId": null, "dryRun": null}"#] {
            assert_eq!(scope(everyone).expect(everyone), RunScope::All);
        }
        let coach = scope(&format!(r#"{{"coachId": "{id}"}}"#)).expect("a coach");
        assert_eq!(coach, RunScope::Coach(uuid.into()));
        let competitor = scope(&format!(r#"{{"competitorId": "{id}"}}"#)).expect("a competitor");
        assert_eq!(competitor, RunScope::Competitor(uuid.into()));
        let code = |body: &str| scope(body).expect_err(body).code;
        for bad in ["coachId=7", "[]", "[null, null, true]", "null"] {
            assert_eq!(code(bad), "BAD_SYNC_REQUEST");
        }
        for empty in [r#"{"competitorId": ""}"#, r#"{"coachId": " "}"#] {
            assert_eq!(code(empty), "BAD_SYNC_REQUEST");
        }
        assert_eq!(code(r#"{"coachId": "seven"}"#), "NOT_FOUND");
        assert_eq!(
            code(&format!(r#"{{"coachId": "{id}", "competitorId": "{id}"}}"#)),
            "BAD_SYNC_REQUEST"
        );
        assert_eq!(code(r#"{"dryRun": "yes"}"#), "BAD_SYNC_REQUEST");
    }
}
