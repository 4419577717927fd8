use axum::{Json, extract::State};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Organizer,
    actions::{approve_venue_networks, set_venue_networks},
    reads::HackathonView,
};

/// A network of the place of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "network": "198.51.100.0/24", "is_approved": false }))]
struct VenueNetwork {
    /// The network in CIDR notation.
    network: String,
    /// True if an admin approved it, so that it is exempt from rate limits by client address during the hackathon.
    is_approved: bool,
}

/// The networks of the place of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "approved_until": null, "items": [{ "network": "198.51.100.0/24", "is_approved": false }] }))]
pub(super) struct VenueNetworks {
    /// The instant from which approved networks are no longer exempt; absent if there are none. It is before the end of judging if
    /// that was moved by more than two days since the approval.
    #[schema(value_type = Option<String>, format = DateTime)]
    approved_until: Option<Timestamp>,
    items: Vec<VenueNetwork>,
}

impl From<&HackathonView> for VenueNetworks {
    fn from(hackathon: &HackathonView) -> Self {
        let item =
            |network: String| VenueNetwork { is_approved: hackathon.is_exempt(&network), network };
        let is_any = !hackathon.exempt_networks().is_empty();
        Self {
            approved_until: is_any.then(|| hackathon.exempt_window().1),
            items: hackathon.venue_networks().into_iter().map(item).collect(),
        }
    }
}

/// Lists the networks of the place of a hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/venue-networks",
    operation_id = "list_venue_networks",
    tag = "Hackathons",
    responses((status = 200, description = "The networks", body = VenueNetworks)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    Organizer { hackathon, .. }: Organizer,
) -> Result<Json<VenueNetworks>, WebError> {
    Ok(Json(VenueNetworks::from(&hackathon)))
}

/// The networks to set or to approve.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "networks": ["198.51.100.0/24"] }))]
pub(super) struct VenueNetworksInput {
    /// Up to five public networks in CIDR notation: at least /24 for IPv4, and /56 for IPv6.
    #[schema(max_items = 5)]
    networks: Vec<String>,
}

/// The networks to approve.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "networks": ["198.51.100.0/24"], "based_on": 3 }))]
pub(super) struct VenueApproval {
    /// The networks, as they are stated.
    #[schema(max_items = 5)]
    networks: Vec<String>,
    /// The `revision` of the hackathon whose dates you saw. The approval is refused if it has another by now. Not compared if absent.
    based_on: Option<i64>,
}

/// States the networks of the place of a hackathon. New ones are exempt from rate limits by client address once an admin approved them.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/venue-networks",
    operation_id = "set_venue_networks",
    tag = "Hackathons",
    request_body = VenueNetworksInput,
    responses(
        (status = 200, description = "The networks", body = VenueNetworks),
        (status = 409, description = "The hackathon is completed, archived or canceled"),
        (status = 422, description = "A network is too large, not public or not valid, or there are too many")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn set(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<VenueNetworksInput>,
) -> Result<Json<VenueNetworks>, WebError> {
    let (actor, slug) = (viewer.actor(), &hackathon.slug);
    let changed = set_venue_networks(&context, actor, slug, &body.networks).await?;
    Ok(Json(VenueNetworks::from(&changed)))
}

/// Approves the networks of the place of a hackathon: they are exempt from rate limits by client address from a day before submissions
/// open until judging ends. Limits by person and by token still hold.
#[utoipa::path(
    put,
    path = "/api/v1/admin/hackathons/{slug}/venue-networks",
    operation_id = "approve_venue_networks",
    tag = "Hackathons",
    request_body = VenueApproval,
    responses(
        (status = 200, description = "The networks", body = VenueNetworks),
        (status = 409, description = "The organizers changed the networks or, since `based_on`, the hackathon, or it is completed, archived or canceled")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn approve(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
    Body(body): Body<VenueApproval>,
) -> Result<Json<VenueNetworks>, WebError> {
    let approved = approve_venue_networks(
        &context,
        viewer.actor(),
        &slug,
        body.networks.as_slice(),
        body.based_on,
    )
    .await?;
    Ok(Json(VenueNetworks::from(&approved)))
}
