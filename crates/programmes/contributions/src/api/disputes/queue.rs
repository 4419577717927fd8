use axum::extract::State;
use identity::access::Moderator;
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Query, WebError, cursor_after},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Dispute;
use crate::{
    model::{DisputeKind, DisputePart},
    reads::{self, DisputeFilter},
};

/// Filters for disputes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct DisputeSearch {
    /// The part of the queue: `open`, which is the default, `appealed` or `decided`.
    #[param(required = false, pattern = "^(open|appealed|decided)?$")]
    pub state: String,
    /// Only disputes of this kind: `score`, `flag`, `sanction` or `ban`.
    #[param(required = false, pattern = "^(score|flag|sanction|ban)?$")]
    pub kind: String,
}

impl DisputeSearch {
    /// Converts the search into a filter.
    ///
    /// # Errors
    /// When the state or the kind is unknown.
    pub fn filter(&self) -> Result<DisputeFilter, Problem> {
        let part = match self.state.as_str() {
            "" => Some(DisputePart::Open),
            state => DisputePart::from_code(state),
        };
        let part = part.ok_or_else(|| {
            let state = &self.state;
            bad_query(format!("state is '{state}'. Use open, appealed or decided."))
        })?;
        let kind = match self.kind.as_str() {
            "" => None,
            kind => Some(DisputeKind::named(kind).ok_or_else(|| {
                bad_query(format!("kind is '{kind}'. Use score, flag, sanction or ban."))
            })?),
        };
        Ok(DisputeFilter { part, kind })
    }
}

fn bad_query(detail: String) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
}

/// Lists disputes: those to decide oldest first, decided ones newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/disputes",
    operation_id = "list_dispute_queue",
    tag = "Disputes",
    params(DisputeSearch, ListQuery),
    responses(
        (status = 200, description = "A page of disputes", body = List<Dispute>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    _: Moderator,
    Query(search): Query<DisputeSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Dispute>>, WebError> {
    let (limit, place) = (query.limit()?, query.place()?);
    let filter = search.filter()?;
    let found = reads::dispute_queue(&context.db, filter, place, limit + 1).await?;
    let found = List::cut(found, limit, |dispute| cursor_after(filter.place(dispute)));
    Ok(Paged(found.map(Into::into)))
}
