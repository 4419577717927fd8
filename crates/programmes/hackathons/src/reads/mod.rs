//! Queries for pages and the API.

mod applications;
mod export;
mod hackathons;
mod staff;
mod teams;

pub use applications::{
    ApplicationPart, ApplicationView, Counts, OwnApplication, application, application_by_id,
    applications, counts, own_applications, place_on_waitlist,
};
pub use export::export;
pub use hackathons::{
    HackathonPart, HackathonView, conduct, hackathon, hackathon_by_id, hackathons, with_waitlist,
};
pub use staff::{HostView, StaffView, hosts, is_host, role_in, staff};
pub use teams::{
    LookingView, MemberView, TeamView, looking_for_team, members, team, team_of, team_slug_exists,
    team_with_code, teams,
};
