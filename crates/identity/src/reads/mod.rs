//! Queries of people.

mod addresses;
mod bans;
mod credentials;
pub(crate) mod found;
mod github_connection;
mod identities;
mod invitations;
mod member;
mod members;
mod named;
mod own;
mod people;
mod profiles;
mod search;
mod setup;
mod totals;
mod use_of_server;
mod work;

pub use addresses::{
    Email, Reachable, address_of_link, email, entered_email, last_seen, owner_of, reachable,
    reachable_among, reachable_even_banned, timezone, timezones, verified_email, verified_emails,
};
pub use bans::{
    BanHistories, ImposedBan, acting_admins, ban_histories, current_ban, has_imposed, imposed_bans,
    last_banned, may_still_grant, unlisted,
};
pub use credentials::{second_factor, session, sessions, signed_in_at, token, tokens};
pub use github_connection::{connection_of_token, github_connection};
pub use identities::{
    accounts_created, first_identities, has_github, identities, identities_among, lacks_github,
    proven_github_id, seen_logins,
};
pub use invitations::{
    LinkedInvitation, OpenInvitation, invites, linked_invitation, open_invitations,
};
pub use member::{PastBan, account, bans, member};
pub use members::{Member, MemberBan, MemberFilter, members, place};
pub use named::{find_account, find_named, find_named_by};
pub use own::{ExportState, export, export_document, export_state, linked_accounts};
pub use people::{
    CanonicalPerson, canonical, erased, find_person, find_public, flag_viewer, github_accounts,
    has_people, has_profile, known, logins, moderators, person, points, role,
};
pub use profiles::{
    OwnProfile, PersonName, is_minor, minors, person_json, profile, public_people, who,
};
pub use search::{
    SuggestedPerson, likely_logins, people_beginning, people_named, similar_logins, similar_people,
    suggested_people,
};
pub use setup::{has_admin, setup_use};
pub use totals::{Total, totals};
pub(crate) use use_of_server::sign_ups;
pub use use_of_server::{SeenPerson, people_seen};
pub(crate) use work::TASKS;
