//! The API of hackathons.

mod announcements;
mod applications;
mod board_export;
mod calendar;
mod calendar_feed;
mod change;
mod check_ins;
mod friends;
mod help;
mod hosts;
mod invitations;
mod judging;
mod judging_rounds;
mod own;
mod own_judging;
mod own_survey;
mod points;
mod prizes;
mod recommendations;
mod results;
mod rewards;
mod staff;
mod staff_invitations;
mod steps;
mod submissions;
mod surveys;
mod tasks;
mod teams;
mod tie_decisions;
mod tracks;
mod venue;
mod views;

use axum::{Json, extract::State, middleware::from_fn_with_state};
use platform::{
    Context, flags,
    web::{List, ListQuery, Paged, Query, WebError},
};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::views::{Hackathon, HackathonDetail};
use crate::{
    FLAG, FRIENDS, REWARDS,
    access::SeenHackathon,
    reads::{self, HackathonPart, HackathonView},
};

/// Reads a text that is given; null is an empty one.
fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let given = Option::<String>::deserialize(deserializer)?;
    Ok(Some(given.unwrap_or_default()))
}

/// Returns the routes of this module.
pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(hackathons, change::create))
        .routes(routes!(hackathon, change::edit))
        .routes(routes!(calendar::calendar))
        .routes(routes!(change::replace_invitation))
        .routes(routes!(steps::publish))
        .routes(routes!(steps::cancel))
        .routes(routes!(results::read, results::schedule, results::undo))
        .routes(routes!(results::publish_now))
        .routes(routes!(steps::archive))
        .routes(routes!(staff::list))
        .routes(routes!(staff::set, staff::remove))
        .routes(routes!(staff::set_tracks))
        .routes(routes!(applications::list))
        .routes(routes!(applications::decide))
        .routes(routes!(teams::list))
        .routes(routes!(recommendations::list))
        .routes(routes!(own::application, own::apply, own::withdraw))
        .routes(routes!(own::confirm))
        .routes(routes!(teams::own, teams::create, teams::change, teams::leave))
        .routes(routes!(teams::set_role, teams::remove_member))
        .routes(routes!(teams::join))
        .merge(submissions::routes())
        .merge(prizes::routes())
        .merge(help::routes())
        .merge(staff_invitations::routes())
        .merge(tasks::routes())
        .merge(board_export::routes())
        .merge(check_ins::routes())
        .routes(routes!(announcements::list, announcements::send))
        .routes(routes!(announcements::preview))
        .routes(routes!(announcements::own))
        .routes(routes!(calendar_feed::get, calendar_feed::renew, calendar_feed::remove))
        .routes(routes!(invitations::list))
        .routes(routes!(invitations::accept))
        .routes(routes!(invitations::decline))
        .routes(routes!(invitations::invite, invitations::cancel))
        .routes(routes!(judging::get, judging::set))
        .routes(routes!(judging::coverage))
        .routes(routes!(judging::results))
        .routes(routes!(tracks::list, tracks::set))
        .routes(routes!(venue::list, venue::set))
        .routes(routes!(venue::approve))
        .routes(routes!(tie_decisions::list, tie_decisions::settle))
        .routes(routes!(judging_rounds::list, judging_rounds::close))
        .routes(routes!(own_judging::get, own_judging::next))
        .routes(routes!(own_judging::score))
        .routes(routes!(own_judging::set_status))
        .routes(routes!(own_judging::declare))
        .routes(routes!(own_judging::compare))
        .routes(routes!(surveys::get, surveys::set))
        .routes(routes!(surveys::found))
        .routes(routes!(own_survey::get, own_survey::answer))
        .routes(routes!(points::approve))
        .routes(routes!(hosts::list))
        .routes(routes!(hosts::add, hosts::remove))
        .layer(from_fn_with_state(FLAG, flags::hide))
        .merge(rewards::routes().layer(from_fn_with_state(REWARDS, flags::hide)))
        .merge(of_friends())
}

fn of_friends() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(friends::list))
        .routes(routes!(friends::request, friends::remove))
        .routes(routes!(friends::accept))
        .routes(routes!(friends::decline))
        .routes(routes!(friends::cancel))
        .routes(routes!(friends::block, friends::unblock))
        .layer(from_fn_with_state(FRIENDS, flags::hide))
}

/// Lists published hackathons that are not private, latest end of submissions first.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons",
    operation_id = "list_hackathons",
    tag = "Hackathons",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of hackathons", body = List<Hackathon>),
    )
)]
async fn hackathons(
    State(context): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Hackathon>>, WebError> {
    let (limit, now) = (query.limit()?, context.now());
    let after = query.cursor.as_deref();
    let found = reads::hackathons(&context.db, HackathonPart::Listed, after, limit + 1).await?;
    let found = List::cut(found, limit, |hackathon| hackathon.slug.clone());
    Ok(Paged(found.map(|it| Hackathon::of(&it, now))))
}

/// The invitation to a hackathon.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InvitationQuery {
    /// The code of the invitation link, which shows a private hackathon to people who have not applied.
    #[param(value_type = String, required = false, example = "K7WM4RXT")]
    invitation: Option<String>,
}

/// Returns a hackathon. Drafts are for their staff, and private hackathons for people who applied or have the invitation.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}",
    operation_id = "get_hackathon",
    tag = "Hackathons",
    params(InvitationQuery),
    responses((status = 200, description = "The hackathon", body = HackathonDetail))
)]
async fn hackathon(
    State(context): State<Context>,
    Query(_): Query<InvitationQuery>,
    seen: SeenHackathon,
) -> Result<Json<HackathonDetail>, WebError> {
    let organizes = seen.organizes();
    detail(&context, &seen.hackathon, organizes).await.map(Json)
}

/// Reads what the detail of a hackathon shows. Only organizers get the code of the invitation link.
async fn detail(
    context: &Context,
    hackathon: &HackathonView,
    organizes: bool,
) -> Result<HackathonDetail, WebError> {
    let (db, id) = (&context.db, hackathon.key());
    let conduct = reads::conduct(db, id, hackathon.conduct_version).await?;
    let accepted = reads::counts(db, id).await?.accepted;
    let mut detail = HackathonDetail::of(hackathon, conduct, accepted, context.now());
    if organizes {
        detail.invitation = Some(hackathon.invite_code.clone());
    }
    Ok(detail)
}
